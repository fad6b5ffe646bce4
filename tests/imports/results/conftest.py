"""A finished job in which every outcome occurs, on a platform that refuses every fifth profile."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faulty_server import FaultyServer, Peer, http_answer


def refuses_every_fifth(peer: Peer) -> None:
    count = len(json.loads(peer.read_request().body)["data"])
    taken, refused = {"error": 0, "error_text": "", "profile_id": "a" * 24}, {"error": 1011, "error_text": "No phone"}
    peer.send(http_answer(200, {"error": 0, "result": [refused if n % 5 == 4 else taken for n in range(count)]}))


@pytest.fixture
def mixed_job(anna: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from imports import actions
    from tests.factories import make_sending_job
    from tests.platforms import account, drained

    rows = [f"person{n}@example.com,Имя {n},8 900 000-00-{n:02d}" for n in range(40)]
    rows[3] = "not an address,Bad,+79000000003"
    rows[11] = "also bad,Bad,+79000000011"
    rows += [rows[5].replace("Имя", "Again"), "", rows[6]]
    text = "E-mail,First name,Phone\n" + "\n".join(rows) + "\n"
    with FaultyServer(refuses_every_fifth) as server:
        connection = account(server.url, profiles_per_request=9)
        job = make_sending_job(anna, connection, text, database_id=1)
        for _ in range(3):
            actions.send_next_batch(connection.pk)
        yield drained(actions.cancel_job(job, by=anna))
