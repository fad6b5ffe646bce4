"""The seventy faults the product must survive, and where each is shown; docs/faults.md is drawn from here.

A test names what it shows with `@pytest.mark.fault(38)` or `fault(2, 9)` on the test itself. `python -m
tests.faults.matrix` writes the picture again; tests/faults/test_matrix.py fails when a number has no test or the
picture is old. S is a batch that may be repeated, X one that may not.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

TESTS: Final = Path(__file__).parents[1]
PICTURE: Final = TESTS.parent / "docs" / "faults.md"


class Fault(NamedTuple):
    group: str
    what: str
    expected: str


WORKER, BROKER, DATABASE, PLATFORM, PEOPLE = "Worker", "Broker", "Database", "Platform answers", "People and input"
HOSTS = "Several hosts"

MATRIX: Final[dict[int, Fault]] = {
    1: Fault(WORKER, "kill -9 before the claim", "ready; found by the next bell or the sweep"),
    2: Fault(WORKER, "kill -9 after the claim, before the mark", "abandoned and ready again within 20 s, S and X"),
    3: Fault(WORKER, "kill -9 just after the mark, before connecting", "S repeated; X unknown (an accepted false one)"),
    4: Fault(WORKER, "kill -9 while the body is being written", "S repeated; X unknown"),
    5: Fault(WORKER, "kill -9 after the platform applied, before its answer", "S repeated, same Request-ID; X unknown"),
    6: Fault(WORKER, "kill -9 after the answer, before it is kept", "as 5; S ends accepted once"),
    7: Fault(WORKER, "kill -9 inside the transaction that keeps it", "rolled back; as 6"),
    8: Fault(WORKER, "kill -9 after the commit, before the task ends", "answered; nothing repeated"),
    9: Fault(WORKER, "kill -9 of the whole worker at each of 1-8", "the same"),
    10: Fault(WORKER, "kill -9 of the main process only", "children die too; as 9"),
    11: Fault(WORKER, "SIGTERM while a call runs", "the call finishes, exit 0, nothing unknown"),
    12: Fault(WORKER, "SIGTERM, then SIGKILL", "as 5"),
    13: Fault(WORKER, "SIGSTOP before the mark, past the lease, SIGCONT", "lease lost, nothing sent"),
    14: Fault(WORKER, "SIGSTOP after the mark, a person decides, SIGCONT", "refused while it lives; late answer kept"),
    15: Fault(WORKER, "out of memory while a body is built", "three claims, then held; others go on"),
    16: Fault(WORKER, "soft and hard time limit", "the attempt ends by its lease; no endless run"),
    17: Fault(WORKER, "a child leaks memory", "replaced between tasks, none lost"),
    18: Fault(WORKER, "deploy while five batches run", "old calls finish; versions agree on states"),
    19: Fault(WORKER, "our own exception while reading an answer", "unreadable, raw answer kept, X not repeated"),
    20: Fault(BROKER, "Redis refused at upload", "page within 2.5 s; work starts within 20 s of its return"),
    21: Fault(BROKER, "Redis hung at upload", "the same"),
    22: Fault(BROKER, "Redis full, wrong password, loading", "the same; the status page names it"),
    23: Fault(BROKER, "Redis killed without persistence, bells queued", "all rows final; none lost"),
    24: Fault(BROKER, "Redis restarts again and again", "workers come back"),
    25: Fault(BROKER, "every bell five times, in random order", "one claim each"),
    26: Fault(BROKER, "visibility time-out shorter than the call", "claims still single"),
    27: Fault(BROKER, "queue flushed", "as 23"),
    28: Fault(BROKER, "beat dead for hours, two beats, clock change", "work goes on; the same result"),
    29: Fault(DATABASE, "immediate restart of PostgreSQL at each of 1-8", "as the same step; X never doubled"),
    30: Fault(DATABASE, "connection killed in the transaction of the answer", "retried, then spooled, imported once"),
    31: Fault(DATABASE, "database down after the answer", "answer saved from memory or spool; else by class"),
    32: Fault(DATABASE, "deadlock, serialization failure", "retried at most three times, no state lost"),
    33: Fault(DATABASE, "connections used up", "bells fail softly; no claim without a mark"),
    34: Fault(DATABASE, "disk full", "clear message, no half import, recovery without hands"),
    35: Fault(DATABASE, "restore of an hour-old backup", "non-final batches held by a command; X never resent"),
    36: Fault(PLATFORM, "refused, no such name, connect time-out, bad certificate", "not sent; ready; nothing unknown"),
    37: Fault(PLATFORM, "closed before applying, no answer", "S repeated; X unknown"),
    38: Fault(PLATFORM, "closed or reset after applying, no answer", "the same; applied once"),
    39: Fault(PLATFORM, "half an answer, bad UTF-8, NaN, doubled keys, 100,000 deep", "no answer or unreadable"),
    40: Fault(PLATFORM, "HTML 502 after applying; login page with 200", "no answer; unreadable"),
    41: Fault(PLATFORM, "result short, long, missing, null, of wrong types, reordered", "unreadable; never shifted"),
    42: Fault(PLATFORM, "200 with errors of no, one or all rows", "exact rows, codes and texts"),
    43: Fault(PLATFORM, "10,000 unknown codes and texts", "stored, grouped; the page stays light"),
    44: Fault(PLATFORM, "body too large for the platform", "split until it fits; a single row rejected"),
    45: Fault(PLATFORM, "reset while the body is written (a hidden 413)", "S split at the second; X unknown"),
    46: Fault(PLATFORM, "400 for the whole batch because of 1, 2, 17 rows", "S bisected in a budget; X not resent"),
    47: Fault(PLATFORM, "401 or 403 among 100 batches", "held after one; goes on with a new token"),
    48: Fault(PLATFORM, "402 tariff", "held, in plain words"),
    49: Fault(PLATFORM, "429 with seconds, a date, nothing, garbage", "all wait; nothing sent meanwhile"),
    50: Fault(PLATFORM, "503 with Retry-After after applying", "S repeated; X unknown"),
    51: Fault(PLATFORM, "301-308 to another host", "no connection to it; held"),
    52: Fault(PLATFORM, "dripping body or head, endless 100 Continue, never reading", "ends at the deadline + 0.5 s"),
    53: Fault(PLATFORM, "400 MB, gzip bomb, wrong Content-Length", "refused within 30 MB of memory"),
    54: Fault(PLATFORM, "idle kept connection closed", "nothing unknown for X"),
    55: Fault(PLATFORM, "Duplicate-Request: true", "recorded as replayed; applied once"),
    56: Fault(PLATFORM, "Request-ID honoured, ignored, refused for another body", "S right in all; X never by machine"),
    57: Fault(PLATFORM, "outage of 30 minutes, then recovery", "at most 40 attempts, no X as probe, then all done"),
    58: Fault(PLATFORM, "a minute a call, 100 batches, 2 workers", "deadline kept, jobs take turns, pages live"),
    59: Fault(PEOPLE, "double click, two tabs, back button, replayed POST", "one transition; the other is told"),
    60: Fault(PEOPLE, "edited and approved at the same moment", "approval void"),
    61: Fault(PEOPLE, "cancelled at each step", "waiting rows not sent, running calls end by their answer"),
    62: Fault(PEOPLE, "author disabled while sending", "the running import goes on; no new one starts"),
    63: Fault(PEOPLE, "token deleted or rotated while sending", "held, or the new one at the next call; never logged"),
    64: Fault(PEOPLE, "upload cut at 1, 50, 99 %; web process killed", "no import; the bytes are removed"),
    65: Fault(PEOPLE, "the same file twice", "told by its hash; allowed"),
    66: Fault(PEOPLE, "hostile, odd and mislabelled files", "a documented outcome; the processes live"),
    67: Fault(PEOPLE, "retention purge while open or downloading", "open ones skipped; a download ends or fails clean"),
    68: Fault(PEOPLE, "a worker's clock a day ahead or behind", "no X doubled, nothing stuck"),
    69: Fault(PEOPLE, "history edited, deleted, reordered, cut", "found by verification"),
    70: Fault(PEOPLE, "everything at random for 100 s, two seeds", "no violation"),
    71: Fault(HOSTS, "the shared storage hangs", "told in words; nothing lost; work goes on without hands"),
    72: Fault(HOSTS, "one of three hosts dies with calls under way", "the others end it; no row lost, none twice"),
}

# What this version does not do yet, and so does not show; a test of such a number shows only a part of it.
OPEN: Final[dict[int, str]] = {}


# Shown by a stage of .ci/run that is no test, and by which module.
STAGES: Final[dict[int, str]] = {70: "faults/chaos.py"}

HEAD: Final = ("| # | fault | expected | shown by `tests/...` |", "| --- | --- | --- | --- |")


class Shown(NamedTuple):
    number: int
    test: str


def shown() -> list[Shown]:
    """Every fault(n) on a test function, read from the sources: nothing is imported or run."""
    return [Shown(number, test) for path in sorted(TESTS.rglob("*.py")) for number, test in _marks(path)]


def _marks(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text()
    if "mark.fault(" not in text:
        return
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            calls = [call for mark in function.decorator_list for call in ast.walk(mark) if isinstance(call, ast.Call)]
            marks = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "fault"]
            for number in {arg.value for mark in marks for arg in mark.args if isinstance(arg, ast.Constant)}:
                yield int(str(number)), f"{path.relative_to(TESTS)}::{function.name}"


def picture() -> str:
    """The table of docs/faults.md."""
    tests: dict[int, list[str]] = {}
    for number, test in shown():
        tests.setdefault(number, []).append(test)
    lines = [
        "# Faults",
        "",
        "Drawn by `python -m tests.faults.matrix` from the marks on the tests; `tests/faults/test_matrix.py` fails",
        "when they differ. S is a batch that may be repeated, X one that may not.",
    ]
    group = ""
    for number, fault in MATRIX.items():
        if fault.group != group:
            group = fault.group
            lines += [
                "",
                f"## {group}",
                "",
                "| # | fault | expected | shown by `tests/...` |",
                "| --- | --- | --- | --- |",
            ]
        stage = [f"stage `{STAGES[number]}`"] if number in STAGES else []
        names = [f"`{test}`" for test in sorted(set(tests.get(number, [])))]
        where = "<br>".join([*([OPEN[number]] if number in OPEN else []), *stage, *names])
        lines.append(f"| {number} | {fault.what} | {fault.expected} | {where} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture())
