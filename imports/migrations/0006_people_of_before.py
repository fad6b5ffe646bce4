"""Users who were there before teams: all of the first team, but for admins and auditors, who see every team."""

from typing import Any

from django.db import migrations


def place_people(apps: Any, editor: Any) -> None:
    team = apps.get_model("imports", "Team").objects.order_by("pk").first()
    person_model = apps.get_model("imports", "Person")
    for user in apps.get_model("auth", "User").objects.order_by("pk").iterator():
        every = user.is_superuser or user.groups.filter(name__in=["admin", "auditor"]).exists()
        person_model.objects.create(user=user, team=None if every else team, every_team=every)


class Migration(migrations.Migration):
    dependencies = [("imports", "0005_people_and_trust"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(place_people, migrations.RunPython.noop)]
