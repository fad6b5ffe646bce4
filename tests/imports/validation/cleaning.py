"""One cell through the plain reference: its value, or the code it is refused with."""

from imports.mapping import ColumnTarget, Kind, TargetField
from imports.validation import Refused, clean_cell


def cleaned(kind: Kind, cell: str, *, name: str = "field", options: tuple[str, ...] = (), **target: str) -> object:
    field = TargetField(name, kind, name, options=options)
    return clean_cell(cell, ColumnTarget(0, name, name, **target), field)


def refusal(kind: Kind, cell: str, **settings) -> str | tuple[str, dict[str, str]]:
    """The code, with its params where it has some."""
    try:
        value = cleaned(kind, cell, **settings)
    except Refused as refused:
        return (refused.code, refused.params) if refused.params else refused.code
    raise AssertionError(f"accepted as {value!r}")
