"""What a page asks of the database and of the storage does not grow with the file."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports.models import ImportJob
from imports.results import reasons
from tests.factories import make_sending_job
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.imports.results.conftest import in_small_slices
from tests.platforms import account, drained

SMALL, LARGE = 130, 700


def words_every_refusal_anew(peer: Peer) -> None:
    """Every second profile is refused, in words of its own; every tenth in the same words."""
    result = []
    for profile in json.loads(peer.read_request().body)["data"]:
        number = int(profile["_fname"])
        words = "Same words" if number % 10 == 0 else f"No place for {number} of them"
        taken = {"error": 0, "error_text": "", "profile_id": f"{number:024x}"}
        result.append({"error": 1011, "error_text": words, "profile_id": ""} if number % 2 == 0 else taken)
    peer.send(http_answer(200, {"error": 0, "result": result}))


@pytest.fixture
def jobs(anna: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ImportJob]]:
    """A small import and one five times as long, in slices of 60 rows; each 13th row has no address."""
    in_small_slices(monkeypatch, 60)
    with FaultyServer(words_every_refusal_anew) as server:
        where = account(server.url, profiles_per_request=60, brake_percent=0)
        yield [drained(make_sending_job(anna, where, text_of(rows), database_id=1)) for rows in (SMALL, LARGE)]


def text_of(rows: int) -> str:
    people = (f"{'bad' if n % 13 == 5 else f'p{n}@example.com'},{n},+7900{n:07d}" for n in range(rows))
    return "E-mail,First name,Phone\n" + "\n".join(people) + "\n"


ASKED: list[dict[str, Any]] = [
    {},
    {"after": 80},
    {"before": 120},
    {"outcome": "accepted", "after": 70},
    {"outcome": "pending"},
    {"outcome": "unknown"},
    {"outcome": "aside"},
    {"q": "77"},
    {"q": "p66@example.com"},
    {"q": "+79000000066"},
    {"q": "nobody@example.com"},
    {"q": "Nobody at all"},
]


def test_a_page_asks_the_database_as_much_of_a_long_file(as_anna: Any, jobs: list[ImportJob]) -> None:
    small, large = ({str(asked): statements(as_anna, job, "job_results", asked) for asked in ASKED} for job in jobs)

    assert large == small


def test_rows_that_are_rare_take_a_few_statements_more(as_anna: Any, jobs: list[ImportJob]) -> None:
    for asked in ({"outcome": "invalid"}, {"outcome": "rejected", "code": "1011:Same words"}):
        small, large = (statements(as_anna, job, "job_results", asked) for job in jobs)

        assert large <= small + 6, asked  # slices are fetched by one, four, sixteen ...


def test_rows_that_did_not_pass_take_a_few_statements_more(as_anna: Any, jobs: list[ImportJob]) -> None:
    small, large = (statements(as_anna, job, "job_check", {}) for job in jobs)

    assert large <= small + 6


def test_other_pages_too(as_anna: Any, jobs: list[ImportJob]) -> None:
    pages = ("job_history", "job_unknown", "job_sending")
    small, large = ({page: statements(as_anna, job, page, {}) for page in pages} for job in jobs)

    assert large == small


def test_lists_of_imports_too(as_anna: Any, jobs: list[ImportJob]) -> None:
    assert len(jobs) == 2
    for page in ("home", "job_list"):
        assert counted(as_anna, reverse(page)) < 20


def test_row_pages_too(as_anna: Any, jobs: list[ImportJob]) -> None:
    small, large = (counted(as_anna, reverse("job_row", args=[job.uuid, 90])) for job in jobs)

    assert large == small


def test_a_page_reads_a_few_parts_of_the_table(
    as_anna: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = type(jobs[1].vault)
    read: list[str] = []
    part, whole = vault.part, vault.parts
    monkeypatch.setattr(vault, "part", lambda self, name, place: read.append(name) or part(self, name, place))
    monkeypatch.setattr(vault, "parts", lambda self, name: read.append("whole") or whole(self, name))
    as_anna.get(reverse("job_results", args=[jobs[1].uuid]), {"outcome": "accepted", "after": 500})

    assert "whole" not in read
    assert len({name for name in read if name.startswith("table/")}) <= 4


def test_texts_beyond_naming_are_counted_together(as_anna: Any, jobs: list[ImportJob]) -> None:
    refused = [reason for reason in reasons(jobs[1]) if reason.outcome == "rejected"]
    text = as_anna.get(reverse("job_results", args=[jobs[1].uuid])).content.decode()

    assert sum(reason.count for reason in refused) == sum(n % 2 == 0 and n % 13 != 5 for n in range(LARGE))
    assert "In many different words" in text
    assert [reason.text for reason in refused[:2]] == ["…", "Same words"]
    assert len(refused) < 40


def test_the_reasons_of_an_import_are_no_more_than_people_can_read(jobs: list[ImportJob]) -> None:
    batch = jobs[0].batches.first()
    assert batch is not None
    jobs[0].batches.update(summary=[])
    jobs[0].batches.filter(pk=batch.pk).update(summary=[[1011, f"Text {n}", 200 - n] for n in range(150)])
    refused = [reason for reason in reasons(jobs[0]) if reason.outcome == "rejected"]

    assert {reason.text for reason in refused} == {"…", *(f"Text {n}" for n in range(100))}
    assert sum(reason.count for reason in refused) == sum(200 - n for n in range(150))


def statements(client: Any, job: ImportJob, page: str, asked: dict[str, Any]) -> int:
    return counted(client, f"{reverse(page, args=[job.uuid])}?{urlencode(asked)}")


def counted(client: Any, address: str) -> int:
    """The statements of a page that was asked for before: what the first of all requests asks is not the page's."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code in (200, 302)
    return len(found)
