"""What the check found in one slice, opened from its sealed form."""

from array import array

import orjson

from imports.mapping import Problem
from imports.models import ImportJob, RowSlice


def problems_of(job: ImportJob, row_slice: RowSlice) -> list[Problem]:
    """The problems of a slice, in the order of its rows; [] while it is unchecked."""
    if not row_slice.sealed_problems or row_slice.checked_version != job.check_version:
        return []
    plain = job.vault.unseal(bytes(row_slice.sealed_problems), f"problems/{row_slice.pk}")
    return [Problem(*item) for item in orjson.loads(plain)]


def asides(job: ImportJob, row_slice: RowSlice) -> dict[int, int]:
    """{place among the good rows: spreadsheet row that is sent instead} of the rows set aside."""
    if not row_slice.sealed_aside:
        return {}
    pairs = array("I")
    pairs.frombytes(job.vault.unseal(bytes(row_slice.sealed_aside), f"aside/{row_slice.pk}"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def aside_places(job: ImportJob, row_slice: RowSlice) -> set[int]:
    return set(asides(job, row_slice))
