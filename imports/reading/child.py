"""The disposable process that parses: started by path with `python -I`, its stdin the file, its stdout frames.

Whatever a hostile file does to a parser happens in here, without database, token, network use or open files, under
limits of memory and time, and ends with this process.
"""

import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any

# Isolated mode leaves the working directory and PYTHONPATH out; the package is found from where this file lies.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100, PTH120

import orjson

from imports.reading.formats import identify
from imports.reading.frames import encode_frame
from imports.reading.opening import open_source
from imports.reading.records import Table
from imports.reading.source import StoredFile
from imports.reading.table import (
    UNDECIDED,
    WORKBOOK,
    Limits,
    ReadOptions,
    TableSlice,
    Unreadable,
)

REQUEST = b"READING_REQUEST"
SHOWN_ROWS = 20
SHOWN_CHARACTERS = 2_000
TEXT_MEMORY = 512 * 1024 * 1024
OPEN_FILES = 32


def main() -> None:
    """Answer the request in the environment, then end at once: freeing a million cells one by one takes seconds."""
    request = orjson.loads(os.environb[REQUEST])
    limits = Limits(**request["limits"])
    try:
        confine(limits)
        answer(request, limits)
    except Unreadable as error:
        refuse(error.code, error.params)
    except MemoryError:
        refuse("read_unsafely", {"reason": "memory"})
    except BrokenPipeError:
        pass
    # The parser is foreign code, and a panic in it is no Exception. Its text may quote the file, so it stays here.
    except BaseException:  # noqa: BLE001
        refuse("read_unsafely", {"reason": "crash"})
    os._exit(0)


def confine(limits: Limits) -> None:
    """No files, no core, no children, bounded memory and processor time. For good: hard limits cannot be raised."""
    seconds = int(limits.wall_seconds) + 1
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _lower(kind, value)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.dont_write_bytecode = True


def answer(request: dict[str, Any], limits: Limits) -> None:
    options = ReadOptions.from_plain(request["options"]) if request["options"] else UNDECIDED
    source = StoredFile(0)
    if identify(source) != WORKBOOK:
        _lower(resource.RLIMIT_AS, TEXT_MEMORY)
    whole = request["ask"] != "inspect"
    table = Table(open_source(source, request["name"], options, limits, whole=whole), limits)
    if not whole:
        send(inspection(table))
        return
    for encoded in table.slices(request["slice_rows"]):
        head = {"kind": "slice", "number": encoded.number, "rows": encoded.rows}
        send(head | {"first_row": encoded.first_row, "last_row": encoded.last_row}, encoded.payload)
    send({"kind": "summary"} | asdict(table.summary()))


def inspection(table: Table) -> dict[str, Any]:
    shown: list[tuple[int, list[str]]] = []
    for encoded in table.slices(SHOWN_ROWS):
        rows = TableSlice.from_bytes(encoded.payload)
        cells = zip(*rows.columns, strict=True)
        shown.extend(
            (number, [cell[:SHOWN_CHARACTERS] for cell in row])
            for number, row in zip(rows.row_numbers, cells, strict=True)
        )
        if len(shown) >= SHOWN_ROWS:
            break
    return {
        "kind": "inspection",
        "options": table.options.to_plain(),
        "sheets": table.sheets,
        "headers": table.headers,
        "rows": shown[:SHOWN_ROWS],
        "notes": table.notes,
    }


def refuse(code: str, params: dict[str, str]) -> None:
    with suppress(BrokenPipeError):
        send({"kind": "unreadable", "code": code, "params": params})


def send(header: dict[str, Any], payload: bytes = b"") -> None:
    for piece in encode_frame(header, payload):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(1, rest) :]


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    main()
