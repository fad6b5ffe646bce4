"""Every address and phone that was sent is found again, also when rows and files are gone."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from imports import actions
from imports.mapping import SubscriptionRule
from imports.models import ImportJob, RowSlice
from imports.prepared import split_keys
from imports.states import JobState
from tests.factories import fresh, looked_for, make_checked_job

pytestmark = pytest.mark.django_db
HEAD = "E-mail,First name,Phone\n"
TWO = HEAD + "kamila@example.com,Kamila,+79000000001; +79000000002\ndaria@example.org,Daria,+79000000003\n"


def sent(by: Any, account: Any, text: str, **place: Any) -> ImportJob:
    job = actions.start_job(make_checked_job(by, account, text, **place), by=by)
    return actions.drain(job.pk)


def asked(text: str) -> list[int]:
    return [one.job.pk for one in actions.ask_about_person(text, ImportJob.objects.all(), by=None)]


@pytest.mark.parametrize("place", [{}, {"matching": "phone"}, {"matching": "email_phone"}])
@pytest.mark.parametrize("purged", [False, True])
def test_each_phone_and_address_is_found(place: Any, purged: bool, anna: Any, boris: Any, account: Any) -> None:
    job = sent(anna, account, TWO, **place)
    if purged:
        actions.destroy_by_hand(job, by=boris, reason="now")

    for text in ("kamila@example.com", "8 900 000-00-01", "+7 (900) 000 00 02", "DARIA@example.org", "+79000000003"):
        assert asked(text) == [job.pk], text
    assert asked("+79000000004") == asked("daria@example.com") == []


def test_an_ordinary_file_keeps_nothing_beside_its_keys(anna: Any, account: Any) -> None:
    job = make_checked_job(anna, account)

    assert list(job.vault.names("further")) == []


def test_a_contact_more_costs_sixteen_bytes_and_eight_when_the_rows_are_gone(anna: Any, account: Any) -> None:
    job = sent(anna, account, TWO)

    [name] = job.vault.names("further")
    assert len(job.vault.get(name)) == 16
    actions.write_missing_people()
    assert default_storage.size(f"sentpeople/{job.uuid}.how") == 8 * 5  # two addresses, three phones


def test_addresses_of_subscriptions_are_found(anna: Any, account: Any) -> None:
    rule = SubscriptionRule(channel="email", resource_id=account.part("resources")[0]["id"], contact="column:1")
    text = "E-mail,Other,Phone\nkamila@example.com,private@example.com,\ndaria@example.org,daria@example.org,\n"
    job = sent(anna, account, text, subscriptions=(rule,))

    assert job.state == JobState.DONE
    assert asked("private@example.com") == [job.pk]
    [name] = job.vault.names("further")
    assert len(job.vault.get(name)) == 16  # the second row's is its own address


def test_who_is_erased_is_erased_there_too(anna: Any, boris: Any, account: Any) -> None:
    text = TWO.replace("+79000000003", "+79000000003; +79000000004")
    job = sent(anna, account, text)
    [name] = job.vault.names("further")
    assert len(job.vault.get(name)) == 32

    actions.ask_erasure(looked_for("kamila@example.com", by=boris), team=None, by=boris, reason="Asked")
    actions.carry_out_erasures()

    assert len(job.vault.get(name)) == 16
    assert asked("+79000000004") == [job.pk]


def test_places_are_those_of_the_rows_that_go(anna: Any, account: Any) -> None:
    """Rows the check kept back stand before and between them."""
    text = HEAD + "wrong,Nina,+79000000009\n" + TWO.removeprefix(HEAD)
    job = sent(anna, account, text)

    [row_slice] = RowSlice.objects.current(job)
    keys = split_keys(job.vault.get(row_slice.keys_name(fresh(job).check_version)))
    assert list(keys.numbers) == [3, 4]
    assert asked("+79000000002") == [job.pk] and asked("+79000000009") == []
