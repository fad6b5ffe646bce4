"""Which sign divides the cells of a text, and the `sep=;` line some programs write to say so."""

import csv
import io
import math
import re
from collections import Counter
from contextlib import suppress
from itertools import islice

from imports.reading.table import Unreadable

CANDIDATES = (";", ",", "\t", "|")
RECORDS = 200
SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?[ ;,\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def stated_delimiter(sample: str) -> str:
    """The sign a leading `sep=` line names, or ""."""
    found = SEPARATOR_LINE.match(sample)
    return found[1] if found else ""


def checked_delimiter(delimiter: str) -> str:
    """The delimiter itself. Raises Unreadable("delimiter_unknown") for what cannot divide cells."""
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise Unreadable("delimiter_unknown", delimiter=delimiter[:10])
    return delimiter


def vote_delimiter(sample: str, name: str) -> tuple[str, bool]:
    """(delimiter, whether it was found at all) by the number of cells most records of the sample agree on."""
    scores = {candidate: _agreement(sample, candidate) for candidate in CANDIDATES}
    best = max(CANDIDATES, key=lambda candidate: scores[candidate])
    if scores[best] > 0:
        return best, True
    preferred = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    unused = [candidate for candidate in (preferred, *CANDIDATES) if candidate not in sample]
    return (unused or [preferred])[0], False


def _agreement(sample: str, delimiter: str) -> float:
    """How well the records agree on a number of cells above one: their share, squared, for more cells more."""
    sizes = Counter(map(len, filter(any, _records(sample, delimiter))))
    several = {size: count for size, count in sizes.items() if size > 1}
    if not several:
        return 0.0
    size = max(several, key=lambda size: (several[size], size))
    share = several[size] / sizes.total()
    believable = share >= 0.5 or (share >= 0.25 and size > 2)
    return share * share * math.log2(size) if believable else 0.0


def _records(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    # A cell beyond the module's own limit ends the sample; what came before it votes.
    with suppress(csv.Error):
        records.extend(islice(reader, RECORDS))
    return records
