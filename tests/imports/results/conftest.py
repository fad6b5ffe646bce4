"""A finished job in which every outcome occurs, on a platform that refuses every fifth profile."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.faulty_server import FaultyServer, Peer, http_answer


def refuses_every_fifth(peer: Peer) -> None:
    count = len(json.loads(peer.read_request().body)["data"])
    taken, refused = {"error": 0, "error_text": "", "profile_id": "a" * 24}, {"error": 1011, "error_text": "No phone"}
    peer.send(http_answer(200, {"error": 0, "result": [refused if n % 5 == 4 else taken for n in range(count)]}))


@pytest.fixture
def mixed_job(anna: Any) -> Iterator[Any]:
    with FaultyServer(refuses_every_fifth) as server:
        yield a_mixed_job(anna, server.url, 40)


@pytest.fixture
def sliced_job(anna: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The same in many slices of seven rows."""
    in_small_slices(monkeypatch)
    with FaultyServer(refuses_every_fifth) as server:
        yield a_mixed_job(anna, server.url, 90)


def in_small_slices(monkeypatch: pytest.MonkeyPatch, rows: int = 7) -> None:
    from imports.actions import filereading

    monkeypatch.setattr(filereading, "read_table", partial(filereading.read_table, slice_rows=rows))


def a_mixed_job(anna: Any, url: str, people: int) -> Any:
    """Every 29th person has no address, every fifth of those sent is refused, two rows come twice, the rest of what was
    not sent after some batches never is."""
    from imports import actions
    from tests.factories import make_sending_job
    from tests.platforms import account, drained

    connection = account(url, profiles_per_request=9)
    job = make_sending_job(anna, connection, text_of(people), database_id=1)
    for _ in range(people // 13):
        actions.send_next_batch(connection.pk)
    return drained(actions.cancel_job(job, by=anna))


def text_of(people: int) -> str:
    """The file: row 2 is person 0; a blank row before the last."""
    rows = [f"person{n}@example.com,Имя {n},8 900 000-00-{n:02d}" for n in range(people)]
    rows[3] = "not an address,Bad,+79000000003"
    rows[11] = "also bad,Bad,+79000000011"
    for n in range(29, people, 29):
        rows[n] = f"bad {n},Bad,+790000000{n:02d}"
    rows += [rows[5].replace("Имя", "Again"), "", rows[6]]
    return "E-mail,First name,Phone\n" + "\n".join(rows) + "\n"
