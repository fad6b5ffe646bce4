"""Many processes that claim the batches of one connection at the same moment. Called inside a house's own process."""

import contextlib
import os
from pathlib import Path

from django.db import connection, connections

from imports import actions
from imports.actions.claims import claim_batch
from imports.models import Attempt, Batch, Connection
from imports.states import BatchState
from imports.tasks import send_batches  # noqa: F401 - as in a worker, all of it is loaded before the fork


def claim_all(*, account: int, processes: int, folder: str) -> dict[str, int]:
    """Claim until nothing is ready, in so many processes at once; how many claims, of how many batches, they made.

    Nothing is sent: what is claimed stays so. As many requests at a time are allowed as there are batches.
    """
    Connection.objects.filter(pk=account).update(parallel=Batch.objects.count())
    connections.close_all()
    gate, opened = os.pipe()
    children = [_fork(account, gate, opened, Path(folder) / f"claims{number}") for number in range(processes)]
    os.close(gate)
    os.close(opened)  # they all begin
    for child in children:
        with contextlib.suppress(ChildProcessError):  # buried by the steward already
            os.waitpid(child, 0)
    claims = [number for path in Path(folder).glob("claims*") for number in path.read_text().split()]
    return {
        "ended": len(list(Path(folder).glob("claims*"))),
        "claims": len(claims),
        "batches": len(set(claims)),
        "attempts": Attempt.objects.count(),
        "sending": Batch.objects.filter(state=BatchState.SENDING).count(),
    }


def _fork(account: int, gate: int, opened: int, told: Path) -> int:
    if pid := os.fork():
        return pid
    try:
        os.close(opened)
        connection.ensure_connection()
        os.read(gate, 1)
        found = []
        while not isinstance(claim := claim_batch(account), actions.Later):
            found.append(str(claim.batch.pk))
        told.write_text(" ".join(found))
    finally:
        os._exit(0)
