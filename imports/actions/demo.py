"""What a first start shows: four people, the sandbox as an account, and sample files. Made once, never overwritten."""

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from imports.actions.connections import add_connection
from imports.models import Connection, Person, home_team
from imports.samples import write_samples

ROLES = ("marketer", "approver", "admin", "auditor")
PEOPLE = {
    "marketer": ("Anna", "Kravtsova"),
    "approver": ("Clara", "Weber"),
    "admin": ("Boris", "Linden"),
    "auditor": ("Vera", "Stone"),
}
OF_EVERY_TEAM = ("admin", "auditor")
PASSWORD = "try-the-dashboard"  # noqa: S105 - printed on the first screen of a local demo
SANDBOX = "Sandbox"


@dataclass(frozen=True, slots=True)
class Demo:
    """Logins of the demo people (all with PASSWORD) and the folder of sample files."""

    people: tuple[str, ...]
    password: str
    samples: Path


def make_demo(*, sandbox_url: str, sandbox_token: str, folder: Path) -> Demo:
    """People, account and files of a local trial; what is there already stays as it is."""
    for role in ROLES:
        _person(role)
    if not Connection.objects.filter(name=SANDBOX).exists():
        add_connection(name=SANDBOX, base_url=sandbox_url, token=sandbox_token, by=None)
    elif (kept := Connection.objects.get(name=SANDBOX)).base_url != sandbox_url:
        kept.base_url = sandbox_url
        kept.save(update_fields=["base_url"])
    return Demo(ROLES, PASSWORD, write_samples(folder))


def _person(role: str) -> None:
    people = get_user_model()
    group, _ = Group.objects.get_or_create(name=role)
    first, last = PEOPLE[role]
    person, made = people.objects.get_or_create(username=role, defaults={"first_name": first, "last_name": last})
    if made:
        person.set_password(PASSWORD)
        person.is_staff = role == "admin"
        person.save()
        person.groups.add(group)
        every = role in OF_EVERY_TEAM
        Person.objects.create(user=person, team=None if every else home_team(None), every_team=every)
