"""A test that commits leaves the database as the migrations made it."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from imports.models import Team
from tests.emptying import empty


def everything() -> list[list[object]]:
    return [list(Team.objects.order_by("pk").values_list()), list(Group.objects.order_by("pk").values_list())]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["renamed", "gone", "more"])
def test_what_the_migrations_made_is_put_back(change: str) -> None:
    made = everything()
    assert made[0], "the first team is made by a migration"
    if change == "renamed":
        Team.objects.update(name="Other")
    elif change == "gone":
        Team.objects.all().delete()
        Group.objects.all().delete()
    else:
        Team.objects.create(name="Second")
    assert everything() != made
    empty(connection)
    assert everything() == made
