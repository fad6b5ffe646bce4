"""The table with people's corrections laid over it; the stored table itself never changes."""

from collections.abc import Mapping
from typing import NamedTuple

import orjson

from imports.models import ImportJob, RowSlice
from imports.reading import TableSlice
from imports.vault import Vault

Place = tuple[int, int]  # index of the row in its slice, column


class Fix(NamedTuple):
    """What a cell goes as. `by` is the name of who corrected it; `merged_from` is the row it was taken from when rows
    of one person are merged, 0 for a correction."""

    value: str
    by: str = ""
    merged_from: int = 0


def fixes_of(vault: Vault, row_slice: RowSlice) -> dict[Place, Fix]:
    """Every cell of a slice that goes otherwise than the file has it."""
    if not row_slice.corrected:
        return {}
    plain = orjson.loads(vault.unseal(bytes(row_slice.sealed_corrections), _name(row_slice)))
    return {(index, column): Fix(*told) for index, column, *told in plain}


def sealed_fixes(job: ImportJob, row_slice: RowSlice, fixes: Mapping[Place, Fix]) -> dict[str, object]:
    """The fields of a slice that hold these corrections and no others."""
    plain = orjson.dumps([[index, column, *fix] for (index, column), fix in sorted(fixes.items())])
    sealed = job.vault.seal(plain, _name(row_slice)) if fixes else b""
    return {"corrected": len(fixes), "sealed_corrections": sealed}


def table_of(vault: Vault, row_slice: RowSlice) -> TableSlice:
    """The rows of a slice as they go: read from the file, with corrections laid over."""
    table = TableSlice.from_parts(vault.parts(row_slice.table_name))
    return laid_over(table, fixes_of(vault, row_slice))


def laid_over(table: TableSlice, fixes: Mapping[Place, Fix]) -> TableSlice:
    """What reading found wrong in a cell is over once that was corrected; what is wrong with a row's shape stays."""
    for (index, column), fix in fixes.items():
        table.columns[column][index] = fix.value
    if fixes:
        table.faults = [fault for fault in table.faults if (fault[0], fault[1]) not in fixes]
    return table


def _name(row_slice: RowSlice) -> str:
    return f"corrections/{row_slice.pk}"
