"""Accounts and imports for tests, made by the same actions the pages use; everybody in them is invented."""

from typing import Any

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob, PersonSearch

CSV = "E-mail,First name,Phone\nkamila@example.com,Kamila,+79000000001\ndaria@example.org,Daria,+79000000002\n"
FIELDS = {"E-mail": "email", "First name": "_fname", "Phone": "phones"}


def make_connection(sandbox: Any, *, name: str = "Sandbox", look: bool = True, **limits: Any) -> Connection:
    """The sandbox as an account, its lists fetched."""
    made = actions.add_connection(name=name, base_url=sandbox.url, token=sandbox.token, by=None, **limits)
    if look:
        actions.refresh_catalogue(made, "databases", "resources")
        numbers = [item["id"] for item in made.part("databases")]
        actions.refresh_catalogue(made, *(f"fields/{number}" for number in numbers))
    return made


def make_uploaded_job(by: Any, text: str = CSV, *, name: str = "people.csv") -> ImportJob:
    """A job nobody has read yet."""
    return actions.create_job(chunks=[text.encode()], name=name, by=by)


def make_job(by: Any, text: str = CSV, *, name: str = "people.csv") -> ImportJob:
    """A job whose file was read: it waits for its columns."""
    job = make_uploaded_job(by, text, name=name)
    actions.read_job(job.pk)
    return fresh(job)


def make_mapped_job(by: Any, connection: Connection, text: str = CSV, **choices: Any) -> ImportJob:
    """A job with columns matched by their headers (FIELDS) and a destination; `choices` go into the destination."""
    job = make_job(by, text)
    found = [(place, header) for place, header in enumerate(job.headers) if header in FIELDS]
    mapping = ColumnMapping(tuple(ColumnTarget(place, header, FIELDS[header]) for place, header in found))
    destination = Destination(**({"database_id": first_database(connection), "phone_region": "RU"} | choices))
    return actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=by)


def make_checked_job(by: Any, connection: Connection, text: str = CSV, **choices: Any) -> ImportJob:
    """A job whose rows were all checked: it waits for "Send"."""
    job = make_mapped_job(by, connection, text, **choices)
    actions.begin_check(job, by=by)
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    actions.close_check(job.pk)
    return fresh(job)


def make_sending_job(by: Any, connection: Connection, text: str = CSV, **choices: Any) -> ImportJob:
    """A job a person has sent, of which nothing has gone out yet."""
    return fresh(actions.start_job(make_checked_job(by, connection, text, **choices), by=by))


def make_done_job(by: Any, connection: Connection, text: str = CSV, **choices: Any) -> ImportJob:
    """A job sent to its end, as far as the platform lets it."""
    job = make_sending_job(by, connection, text, **choices)
    actions.drain(job.pk)
    return fresh(job)


def first_database(connection: Connection) -> int:
    databases = connection.part("databases")
    return int(databases[0]["id"]) if databases else 1


def looked_for(text: str, *, by: Any) -> PersonSearch:
    """A person looked for to the end, as a worker does it."""
    search = actions.look_for_person(text, by=by)
    while actions.go_on_looking(search.pk, seconds=0):
        pass
    search.refresh_from_db()
    return search


def fresh(job: ImportJob) -> ImportJob:
    """The job as the database has it now."""
    return ImportJob.objects.select_related("connection", "source").get(pk=job.pk)
