"""Break one guard at a time in a copy of the tree and see that a test notices: `python -m tests.faults.mutants`.

Not part of the normal run: it takes some minutes. Prints what survived; exit status 1 when fewer than nine in ten were
killed, or when a mutant no longer fits the code it was written for. `--only WORD` takes those whose text holds WORD.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
WANTED: Final = 0.9
LONGEST: Final = 600  # seconds; a mutant that never ends is noticed, too

GUARDS, ACTIONS, LOST = "tests/faults/test_guards.py", "tests/imports/actions", "tests/faults/test_platform_lost.py"
REFUSED_LATER = f"{LOST}::test_rows_that_may_have_arrived_are_not_called_rejected_by_a_later_refusal"
CANCELLED_LATER = f"{LOST}::test_rows_that_may_have_arrived_are_not_called_not_sent_by_a_cancel"
MOVES, MODEL, VERDICTS = (
    "tests/imports/test_states_moves.py",
    "tests/faults/test_state_machine.py",
    f"{ACTIONS}/test_verdicts.py",
)
CLAIMS, ANSWERS, SWEEP, RULES = (f"imports/actions/{name}.py" for name in ("claims", "answers", "sweep", "verdicts"))
JOBS, DECIDING, PROPOSING = (f"imports/actions/{name}.py" for name in ("jobs", "deciding", "proposing"))


class Mutant(NamedTuple):
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS: Final = [
    # the mark
    Mutant(CLAIMS, "        state=AttemptState.PREPARED,\n        lease", "        lease", (GUARDS,)),
    Mutant(CLAIMS, "        lease_until__gt=clock.now_in_statement(plus=deadline_of(claim.job)),\n", "", (GUARDS,)),
    Mutant(CLAIMS, "now_in_statement(plus=deadline_of(claim.job))", "now_in_statement()", (GUARDS,)),
    Mutant(CLAIMS, "        batch__attempt_id=claim.attempt.pk,\n", "", (GUARDS,)),
    Mutant(CLAIMS, "        batch__lease_token=claim.attempt.lease_token,\n", "", (GUARDS,)),
    Mutant(CLAIMS, "        batch__state=B.SENDING,\n", "", (GUARDS,)),
    Mutant(CLAIMS, "        batch__job__state=JobState.SENDING,\n", "", (GUARDS,)),
    Mutant(CLAIMS, "        batch__job__connection__disabled_at=None,\n", "", (GUARDS,)),
    Mutant(CLAIMS, ").exclude(Exists(SendingStop.objects.standing()))", ")", (GUARDS,)),
    Mutant(CLAIMS, '"possibly_applied": True}', '"possibly_applied": False}', (GUARDS,)),
    Mutant(
        CLAIMS,
        "return ours.update(**moved, body_sha256=body_sha256) == 1",
        "ours.update(**moved); return True",
        (GUARDS,),
    ),
    Mutant(
        "imports/actions/sending.py",
        "before_wire=wire.ask",
        "before_wire=lambda: True",
        (f"{ACTIONS}/test_sending.py", f"{ACTIONS}/test_claims.py"),
    ),
    Mutant(
        "imports/altcraft/exchange.py",
        "        if not self.permitted:\n            try:",
        "        if False:\n            try:",
        ("tests/imports/altcraft/test_client.py",),
    ),
    # the claim
    Mutant(CLAIMS, "if account.disabled_at or SendingStop", "if SendingStop", (GUARDS,)),
    Mutant(CLAIMS, "account.disabled_at or SendingStop.objects.standing().exists()", "account.disabled_at", (GUARDS,)),
    Mutant(CLAIMS, "if account.blocked_until and account.blocked_until > now:", "if False:", (GUARDS,)),
    Mutant(CLAIMS, ".count() >= breaker.at_once(account)", ".count() > breaker.at_once(account)", (GUARDS,)),
    Mutant(CLAIMS, "filter(connection=account, state=JobState.SENDING)", "filter(connection=account)", (GUARDS,)),
    Mutant(CLAIMS, "if batch.job.repeatable and batch.tries", "if batch.tries", (GUARDS,)),
    Mutant(CLAIMS, "    if batches.filter(state=B.SENDING).exists():\n        return None\n", "", (GUARDS,)),
    Mutant(
        CLAIMS,
        "if (turn := gates.take_turn(account, now)) > now:",
        "if (turn := now) > now:",
        (f"{ACTIONS}/test_limits.py",),
    ),
    Mutant(
        "imports/models/batches.py",
        "return self.filter(state=B.READY).filter(Q(next",
        "return self.filter(Q(next",
        (GUARDS,),
    ),
    # the answer
    Mutant(
        ANSWERS,
        'fence = {"attempt_id": attempt.pk, "lease_token": attempt.lease_token}',
        'fence = {"attempt_id": attempt.pk}',
        (GUARDS,),
    ),
    Mutant(
        ANSWERS,
        'fence = {"attempt_id": attempt.pk, "lease_token": attempt.lease_token}',
        'fence = {"lease_token": attempt.lease_token}',
        (GUARDS,),
    ),
    Mutant(ANSWERS, "            return step  # written before", "            pass  # written before", (GUARDS,)),
    Mutant(ANSWERS, "possibly_applied=answer.kind in POSSIBLY_APPLIED", "possibly_applied=False", (GUARDS,)),
    Mutant(SWEEP, "        if to != B.UNKNOWN:\n", "        if True:\n", (f"{ACTIONS}/test_sweep.py",)),
    Mutant(ANSWERS, "lost=answer.kind in REFUSALS and", "lost=False and", (REFUSED_LATER,)),
    Mutant(
        "imports/altcraft/rows.py",
        "if len(result) != expected:",
        "if False:",
        ("tests/imports/altcraft/test_answers.py",),
    ),
    # the rules
    Mutant(RULES, "return Verdict(B.UNKNOWN, all_wait", "return Verdict(B.READY, all_wait", (VERDICTS, MODEL)),
    Mutant(RULES, "return B.UNKNOWN if past.lost else B.REFUSED", "return B.REFUSED", (GUARDS,)),
    Mutant(RULES, "if past.tries >= most:", "if past.tries > most:", (VERDICTS,)),
    Mutant(RULES, "CUT_REFUSED if repeatable and past.rows > 1", "CUT_REFUSED if past.rows > 1", (VERDICTS,)),
    Mutant(
        RULES, "cut=CUT_TOO_LARGE) if past.rows > 1 else", "cut=CUT_TOO_LARGE) if past.rows > 0 else", (VERDICTS, MODEL)
    ),
    Mutant(RULES, "hold=_hold_code(answer), held", "held", (VERDICTS,)),
    Mutant(RULES, "and past.resets and past.rows > 1", "and past.rows > 1", (VERDICTS, f"{ACTIONS}/test_bisecting.py")),
    # the states
    Mutant(
        "imports/models/batches.py",
        "self.filter(pk=pk, state=expected, **fence)",
        "self.filter(pk=pk, **fence)",
        (MOVES,),
    ),
    Mutant("imports/models/batches.py", "state=expected, **fence)", "state=expected)", (MOVES,)),
    Mutant("imports/models/batches.py", "if to not in BATCH_MOVES[expected]:", "if False:", (MOVES,)),
    Mutant("imports/models/jobs.py", "self.filter(pk=pk, state__in=old)", "self.filter(pk=pk)", (MOVES,)),
    Mutant("imports/models/jobs.py", "if to not in JOB_MOVES[state]:", "if False:", (MOVES,)),
    Mutant(
        "imports/migrations/0001_first.py",
        "fields=('batch', 'decision_number'), name",
        "fields=('batch', 'decision_number', 'number'), name",
        (GUARDS,),
    ),
    # the death
    Mutant(SWEEP, "on_wire = attempt is not None and not _abandon(attempt)", "on_wire = False", (GUARDS,)),
    Mutant(SWEEP, 'fence={"lease_token": batch.lease_token}', "fence={}", (GUARDS,)),
    Mutant(SWEEP, "if on_wire and not job.repeatable:", "if False:", (GUARDS,)),
    Mutant(SWEEP, "deaths >= DEATHS_ALLOWED", "deaths > DEATHS_ALLOWED", (GUARDS,)),
    # the people
    Mutant(JOBS, "        if batches.unsettled().exists():", "        if False:", (GUARDS,)),
    Mutant(JOBS, "if not counted.closes or", "if", (GUARDS,)),
    Mutant(JOBS, "pk__in=perhaps_applied(job)", "pk__in=[]", (CANCELLED_LATER,)),
    Mutant(
        DECIDING,
        'fence = {"decision_number": batch.decision_number, "attempt_id": batch.attempt_id}',
        "fence: dict[str, Any] = {}",
        (f"{ACTIONS}/test_deciding.py", f"{ACTIONS}/test_at_once.py"),
    ),
    Mutant(DECIDING, "if about[batch.pk] == batch.attempt_id]", "]", (f"{ACTIONS}/test_deciding.py",)),
    Mutant(
        DECIDING,
        "    if until := sender_may_live_until(batch):",
        "    if until := None:",
        (f"{ACTIONS}/test_deciding.py",),
    ),
    Mutant(DECIDING, "        if forgotten(batch):\n", "        if False:\n", (f"{ACTIONS}/test_deciding.py",)),
    Mutant(
        PROPOSING,
        "if any(proposal.proposer_id == by.pk for proposal in open_):",
        "if False:",
        (f"{ACTIONS}/test_proposing.py",),
    ),
    Mutant(PROPOSING, 'B.READY, "request_id": uuid.uuid4()}', "B.READY}", (f"{ACTIONS}/test_proposing.py",)),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="mutants whose path or text holds this word")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="trust that the tests are green without a mutant")
    asked = parser.parse_args()
    chosen = [one for one in MUTANTS if asked.only in f"{one.path} {one.old} {one.new}"]
    gone = [one for one in chosen if one.old not in (ROOT / one.path).read_text()]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(asked.at_once):
            copies.put(copy_of_tree(Path(folder) / str(number)))
        with ThreadPoolExecutor(asked.at_once) as pool:
            tests = sorted({test for one in chosen for test in one.tests})
            if not asked.quick and any(red := list(pool.map(lambda test: fails_alone(test, copies), tests))):
                print("red without any mutant:", [test for test, is_red in zip(tests, red, strict=True) if is_red])
                return 1
            fates = list(pool.map(lambda one: is_killed(one, copies), [one for one in chosen if one not in gone]))
    return report(len(fates), sum(fates), gone)


def copy_of_tree(to: Path) -> Path:
    """What the tests need of the working tree, with the same packages."""
    left_out = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache")
    shutil.copytree(ROOT, to, ignore=left_out)
    return to


def is_killed(mutant: Mutant, copies: Queue[Path]) -> bool:
    """Whether a test fails with this mutant; says so at once."""
    tree = copies.get()
    source = tree / mutant.path
    whole = source.read_text()
    try:
        source.write_text(whole.replace(mutant.old, mutant.new, 1))
        killed = any(fails(tree, test) for test in mutant.tests)
    finally:
        source.write_text(whole)
        copies.put(tree)
    print(
        "killed  " if killed else "SURVIVED",
        mutant.path,
        repr(mutant.old[:70]),
        "->",
        repr(mutant.new[:50]),
        flush=True,
    )
    return killed


def fails_alone(test: str, copies: Queue[Path]) -> bool:
    tree = copies.get()
    try:
        return fails(tree, test)
    finally:
        copies.put(tree)


def fails(tree: Path, test: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "-p",
        "no:randomly",
        "--no-header",
        "--tb=no",
        test,
    ]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    try:
        done = subprocess.run(command, cwd=tree, env=kept, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def report(tried: int, killed: int, gone: list[Mutant]) -> int:
    for one in gone:
        print("NO LONGER FITS", one.path, repr(one.old[:90]))
    print(f"{killed} of {tried} mutants were killed")
    return 0 if not gone and killed >= WANTED * tried else 1


if __name__ == "__main__":
    sys.exit(main())
