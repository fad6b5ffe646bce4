"""A model of one import driven by random faults through the real tables and the real rules of what follows.

Only the world is made up here: a platform that applies or does not, answers or does not, workers that die, people who
cancel and decide. Where a batch goes is asked of `verdict` and of the rule about dead workers, and every step is
checked against the tables of imports/states.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from imports.actions.sweep import DEATHS_ALLOWED
from imports.actions.verdicts import MOST_TRIES, POSSIBLY_APPLIED, Past, verdict
from imports.altcraft import Answer, AnswerClass
from imports.states import ATTEMPT_MOVES, BATCH_MOVES, JOB_MOVES, PARKED_BATCHES, AttemptState, BatchState, JobState

A, B, J, K = AttemptState, BatchState, JobState, AnswerClass
WAITING = (B.READY, B.HELD)
FINAL = frozenset(state for state, moves in BATCH_MOVES.items() if not moves)


@dataclass
class Attempt:
    decision: int
    state: AttemptState = A.PREPARED
    marked: bool = False
    possibly_applied: bool = False
    died: bool = False
    taken: bool = False  # by the platform: a request is answered once

    def move(self, to: AttemptState) -> None:
        assert to in ATTEMPT_MOVES[self.state], f"attempt {self.state} -> {to}"
        self.state = to


@dataclass
class Batch:
    start: int
    stop: int
    parent: Batch | None = None
    state: BatchState = B.READY
    tries: int = 0
    decision: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    outcome: str = ""

    @property
    def rows(self) -> range:
        return range(self.start, self.stop)

    @property
    def now(self) -> Attempt:
        return self.attempts[-1]

    def move(self, to: BatchState, outcome: str = "") -> None:
        assert to in BATCH_MOVES[self.state], f"batch {self.state} -> {to}"
        self.state, self.outcome = to, outcome

    def lineage(self) -> list[Batch]:
        return [self, *(self.parent.lineage() if self.parent else [])]

    @property
    def may_have_arrived(self) -> bool:
        return any(one.possibly_applied for batch in self.lineage() for one in batch.attempts)


Choice = Callable[["Batch"], bool]
PLACE, RARELY = st.integers(0, 9), st.integers(0, 5)


def in_state(*states: BatchState) -> Choice:
    return lambda batch: batch.state in states


def waits_for_mark(batch: Batch) -> bool:
    return batch.state == B.SENDING and batch.now.state == A.PREPARED


def waits_for_platform(batch: Batch) -> bool:
    return batch.state == B.SENDING and batch.now.state == A.ON_WIRE and not batch.now.taken


def there_is(wanted: Choice) -> Callable[[Any], bool]:
    """A rule worth trying only while there is such a batch."""
    return lambda self: any(map(wanted, self.batches))


class Import(RuleBasedStateMachine):
    """`applied` is the platform's book: how often it took each row."""

    @initialize(safe=st.booleans(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def first(self, safe: bool, sizes: list[int]) -> None:
        self.begin(safe, sizes)

    def begin(self, safe: bool, sizes: list[int]) -> None:
        self.safe, self.job = safe, J.SENDING
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        self.batches = [Batch(start, start + size) for start, size in zip(starts, sizes, strict=True)]
        self.total = sum(sizes)
        self.applied = [0] * self.total
        self.again = [0] * self.total
        self.slow: list[tuple[Batch, Attempt]] = []

    @precondition(lambda self: self.job in (J.DONE, J.CANCELLED) and not self.slow)
    @rule(safe=st.booleans(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def begin_another(self, safe: bool, sizes: list[int]) -> None:
        self.begin(safe, sizes)

    # --- what the product does ---

    def move_job(self, to: JobState) -> None:
        assert to in JOB_MOVES[self.job], f"job {self.job} -> {to}"
        self.job = to

    def pick(self, place: int, wanted: Choice) -> Batch:
        found = list(filter(wanted, self.batches))
        return found[place % len(found)]

    @precondition(lambda self: self.job == J.SENDING and there_is(in_state(B.READY))(self))
    @rule(place=PLACE)
    def claim(self, place: int) -> None:
        batch = self.pick(place, in_state(B.READY))
        batch.move(B.SENDING)
        batch.tries += 1
        batch.attempts.append(Attempt(batch.decision))

    @precondition(there_is(waits_for_mark))
    @rule(place=PLACE)
    def mark(self, place: int) -> None:
        batch = self.pick(place, waits_for_mark)
        if self.job == J.SENDING:
            batch.now.move(A.ON_WIRE)
            batch.now.marked = batch.now.possibly_applied = True
        else:
            self.keep(batch, batch.now, Answer(K.NOT_SENT, reason="not_allowed_now"))

    @precondition(there_is(waits_for_mark))
    @rule(place=PLACE, rarely=RARELY)
    def fail_before_the_wire(self, place: int, rarely: int) -> None:
        batch = self.pick(place, waits_for_mark)
        if rarely == 5:
            self.keep(batch, batch.now, Answer(K.NOT_SENT, reason="connection_refused"))

    @precondition(there_is(waits_for_platform))
    @rule(place=PLACE, kind=st.sampled_from(list(K)), applies=st.booleans(), late=st.booleans())
    def platform(self, place: int, kind: AnswerClass, applies: bool, late: bool) -> None:
        """The request comes in; whether it was applied and what is heard of it are two things."""
        batch = self.pick(place, waits_for_platform)
        batch.now.taken = True
        if kind == K.ANSWERED or (applies and kind in POSSIBLY_APPLIED):
            for row in batch.rows:
                self.applied[row] += 1
        if late and kind == K.ANSWERED:
            self.slow.append((batch, batch.now))
        else:
            self.keep(batch, batch.now, Answer(kind, reason="reset_while_writing" if kind == K.NO_ANSWER else ""))

    @precondition(lambda self: self.slow)
    @rule(place=PLACE)
    def hear_late(self, place: int) -> None:
        batch, attempt = self.slow.pop(place % len(self.slow))
        self.keep(batch, attempt, Answer(K.ANSWERED))

    def keep(self, batch: Batch, attempt: Attempt, answer: Answer) -> None:
        """As keep_answer: the attempt always, the batch only under its own attempt."""
        if attempt.state in (A.PREPARED, A.ON_WIRE):
            attempt.move(A.ENDED)
        attempt.possibly_applied = answer.kind in POSSIBLY_APPLIED
        mine = batch.attempts[-1] is attempt
        if batch.state == B.SENDING and mine:
            self.follow(batch, answer)
        elif batch.state == B.UNKNOWN and mine and answer.kind == K.ANSWERED:
            batch.move(B.ANSWERED, "accepted")
        self.settle()

    def follow(self, batch: Batch, answer: Answer) -> None:
        earlier = batch.attempts[:-1]
        lost = any(one.possibly_applied for one in earlier) or bool(batch.parent and batch.parent.may_have_arrived)
        past = Past(tries=batch.tries, rows=len(batch.rows), resets=len(earlier), lost=lost)
        step = verdict(answer, repeatable=self.safe, past=past)
        if step.state == B.SPLIT:
            self.split(batch)
        else:
            batch.move(step.state, {B.ANSWERED: "accepted", B.REFUSED: "rejected"}.get(step.state, ""))
        if answer.kind == K.NOT_SENT and step.state == B.READY:
            batch.tries -= 1
        if step.hold and self.job == J.SENDING:
            self.move_job(J.HELD)

    def split(self, batch: Batch) -> None:
        assert len(batch.rows) > 1, "a single row was cut"
        batch.move(B.SPLIT)
        middle = (batch.start + batch.stop) // 2
        self.batches += [Batch(batch.start, middle, batch), Batch(middle, batch.stop, batch)]

    @precondition(there_is(in_state(B.SENDING)))
    @rule(place=PLACE, rarely=RARELY)
    def worker_dies(self, place: int, rarely: int) -> None:
        """Its lease runs out, or its process is seen to have ended; it may even come back to say something."""
        batch = self.pick(place, in_state(B.SENDING))
        if rarely != 5:
            return
        attempt, on_wire = batch.now, batch.now.state == A.ON_WIRE
        attempt.died = True
        attempt.move(A.ENDED if on_wire else A.ABANDONED)
        deaths = sum(one.died for one in batch.attempts)
        if on_wire and not self.safe:
            batch.move(B.UNKNOWN)
        else:
            batch.move(B.HELD if deaths >= DEATHS_ALLOWED else B.READY)
        self.settle()

    def settle(self) -> None:
        """As settle_job."""
        if self.job not in (J.SENDING, J.NEEDS_DECISION, J.CANCELLING):
            return
        if self.job == J.CANCELLING:
            self.cancel_waiting()
        states = {batch.state for batch in self.batches}
        if states & {B.READY, B.SENDING}:
            return
        if self.job != J.CANCELLING and states & PARKED_BATCHES:
            if self.job == J.SENDING:
                self.move_job(J.NEEDS_DECISION)
        elif B.UNKNOWN not in states:
            self.move_job(J.CANCELLED if self.job == J.CANCELLING else J.DONE)

    # --- what people do ---

    @precondition(lambda self: J.CANCELLING in JOB_MOVES[self.job])
    @rule(rarely=RARELY)
    def cancel(self, rarely: int) -> None:
        if rarely == 5:  # or few imports would live long enough to meet much
            self.move_job(J.CANCELLING)
            self.settle()

    def cancel_waiting(self) -> None:
        for batch in [batch for batch in self.batches if batch.state in WAITING]:
            if batch.may_have_arrived:
                batch.move(B.RESOLVED, "unknown")
            else:
                batch.move(B.CANCELLED, "not_sent")

    @precondition(lambda self: self.job in (J.HELD, J.NEEDS_DECISION))
    @rule()
    def resume(self) -> None:
        held = [batch for batch in self.batches if batch.state == B.HELD]
        if held or self.job == J.HELD:
            self.move_job(J.SENDING)
            for batch in held:
                batch.move(B.READY)
                batch.tries = 0
            self.settle()

    @precondition(there_is(in_state(B.UNKNOWN)))
    @rule(place=PLACE, choice=st.sampled_from(["repeat", "close"]))
    def decide(self, place: int, choice: str) -> None:
        batch = self.pick(place, in_state(B.UNKNOWN))
        if choice == "repeat" and self.job not in (J.SENDING, J.NEEDS_DECISION):
            return
        batch.decision += 1
        if choice == "repeat":
            batch.move(B.READY)
            batch.tries = 0
            for row in batch.rows:
                self.again[row] += 1
            if self.job == J.NEEDS_DECISION:
                self.move_job(J.SENDING)
        else:
            batch.move(B.RESOLVED, "unknown")
        self.settle()

    # --- what must hold ---

    def leaves(self) -> list[Batch]:
        return [batch for batch in self.batches if batch.state != B.SPLIT]

    @invariant()
    def every_row_stands_in_one_place(self) -> None:
        if hasattr(self, "batches"):
            assert sorted(row for batch in self.leaves() for row in batch.rows) == list(range(self.total))

    @invariant()
    def nobody_is_doubled_without_a_decision(self) -> None:
        if hasattr(self, "batches") and not self.safe:
            assert all(times <= 1 + again for times, again in zip(self.applied, self.again, strict=True))

    @invariant()
    def what_is_told_is_true(self) -> None:
        for batch in self.leaves() if hasattr(self, "batches") else []:
            for row in batch.rows:
                if batch.outcome == "accepted":
                    assert self.applied[row] >= 1
                if batch.outcome in ("rejected", "not_sent"):
                    assert self.applied[row] == 0, f"{batch.outcome}, and it was applied"

    @invariant()
    def one_possibly_applied_attempt_for_each_decision(self) -> None:
        for batch in self.batches if hasattr(self, "batches") and not self.safe else []:
            decisions = [one.decision for one in batch.attempts if one.possibly_applied]
            assert len(decisions) == len(set(decisions))

    @invariant()
    def tries_end(self) -> None:
        for batch in self.batches if hasattr(self, "batches") else []:
            assert batch.tries <= MOST_TRIES or batch.state not in (B.READY,)

    @invariant()
    def a_finished_import_has_nothing_left(self) -> None:
        if hasattr(self, "batches") and self.job in (J.DONE, J.CANCELLED):
            assert all(batch.state in FINAL for batch in self.batches)
        if hasattr(self, "batches") and self.job == J.NEEDS_DECISION:
            assert any(batch.state in PARKED_BATCHES for batch in self.batches)


# At most 100 x 100 = 10,000 steps.
Import.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=100,
    deadline=None,
    phases=(Phase.generate,),  # shrinking takes minutes; what failed is printed as it was found
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestImport = Import.TestCase
