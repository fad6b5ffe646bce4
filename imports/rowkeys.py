"""The key a downloaded row carries, so that it is recognised when it comes back: which import, which row, and a seal.

It holds nothing of the person. Only who has the deployment's secret can make one; a forged or broken one is no key.
"""

import hmac
from typing import NamedTuple
from uuid import UUID

from imports.models import LastingSecret

PURPOSE = "row of an import"
SEAL = 20  # hexadecimal digits: 80 bits, a guess in 10^24


class RowKey(NamedTuple):
    """The import's uuid and the row's spreadsheet number in it."""

    job: UUID
    row: int


class KeyRing:
    """Makes and reads the keys of many rows."""

    def __init__(self) -> None:
        self._secret = LastingSecret.objects.of(PURPOSE)

    def make(self, job: UUID, row: int) -> str:
        told = f"{job.hex}-{row}"
        return f"{told}-{_seal(self._secret, told)}"

    def read(self, text: str) -> RowKey | None:
        """None for anything this deployment has not made, however long ago."""
        told, _, seal = text.strip().rpartition("-")
        if len(seal) != SEAL or len(told) > 60 or not told.isascii() or not seal.isascii():
            return None
        if not hmac.compare_digest(_seal(self._secret, told), seal):
            return None
        job, _, row = told.partition("-")
        return RowKey(UUID(job), int(row))


def _seal(secret: bytes, told: str) -> str:
    return hmac.digest(secret, told.encode(), "sha256").hex()[:SEAL]
