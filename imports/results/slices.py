"""One slice opened: its cells, and what became of each row, looked up only for the rows that are asked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial

from imports.models import Batch, ImportJob, RowSlice
from imports.prepared import PreparedTexts
from imports.reading import StoredSlice
from imports.states import CLOSED, STOPPED, BatchState, JobState, Outcome
from imports.vault import Vault

from .answered import Answers, Likes
from .corrected import Fix, fixes_of
from .places import ProblemsByRow, asides, problems_by_row
from .remaining import Remaining
from .row import Row

B = BatchState
Opens = Callable[[Batch], bool]
BY_STATE = {
    B.UNKNOWN: Outcome.UNKNOWN,
    B.CANCELLED: Outcome.NOT_SENT,
    B.FROZEN: Outcome.PENDING,
    B.READY: Outcome.PENDING,
    B.SENDING: Outcome.PENDING,
    B.HELD: Outcome.PENDING,
}
RESOLVED = {
    "arrived": Outcome.ACCEPTED,
    "not_arrived": Outcome.NOT_SENT,
    CLOSED: Outcome.UNKNOWN,
    STOPPED: Outcome.UNKNOWN,
}


ERASED = "row_erased"  # the fault of a row whose person was erased
MOST_AT_ONCE = 64  # slices whose problems and answers are fetched together
NEAR = 64  # batches beside the one that is opened whose outcomes are fetched with its own, if they are small
SMALL = 100  # rows


class OpenSlice:
    """The rows of a slice by their index in it. Nothing is read of the slice but what the rows asked for need."""

    def __init__(self, job: ImportJob, row_slice: RowSlice, batches: Sequence[Batch]) -> None:
        self._job, self._slice, self.batches = job, row_slice, batches
        self._answers: dict[int, Answers] = {}
        self.pk = row_slice.pk
        self.checked = job.checked_at is not None and row_slice.checked_version == job.check_version

    @cached_property
    def _table(self) -> StoredSlice:
        return stored_slice(self._job.vault, self._slice)

    @property
    def row_numbers(self) -> Sequence[int]:
        return self._table.row_numbers

    def rows(self, indexes: Iterable[int], keeps: Callable[[Row], bool] | None = None) -> Iterator[Row]:
        """The rows at these indexes that are kept, each with its cells, its outcome and why; `keeps` sees no cells."""
        for row in map(self._told, indexes):
            if keeps is None or keeps(row):
                self._fill(row)
                yield row

    def row(self, index: int) -> Row:
        """One row with its cells, its outcome and why."""
        return next(self.rows([index]))

    def cells(self, index: int) -> list[str]:
        """The cells of a row as they go: what people have corrected is laid over what the file holds."""
        cells = self._table.cells(index)
        for column, fix in self._fixes.get(index, ()):
            cells[column] = fix.value
        return cells

    def cells_of_file(self, index: int) -> list[str]:
        """The cells of a row as the file has them."""
        return self._table.cells(index)

    def sent(self, index: int) -> bytes:
        """The exact JSON text of a row's profile, b"" for a row that is not sent."""
        if not self.checked or index in self.problems:
            return b""
        place = self._good.place_of(index)
        return b"" if place in self._aside else self._prepared.text(place)

    @cached_property
    def _prepared(self) -> PreparedTexts:
        return PreparedTexts(self._job.vault.get(self._slice.prepared_name(self._job.check_version)))

    def near(self, *, after: int = 0, before: int = 0) -> range:
        """Indexes of the rows behind a spreadsheet row number, or (with `before`) in front of it."""
        numbers = self.row_numbers
        return range(bisect_left(numbers, before)) if before else range(bisect_right(numbers, after), len(numbers))

    def with_outcome(
        self, outcome: str, near: range, likes: Likes = lambda code, text: True, *, backward: bool = False
    ) -> Iterable[int]:
        """Indexes near, in order or backward, among which every row of this outcome is; "" for all. Of those with an
        answer only the ones whose code and text are liked."""
        if not outcome or (not self.checked and outcome == unchecked_outcome(self._job)):
            return reversed(near) if backward else near
        if not self.checked:
            return ()
        if outcome == Outcome.INVALID:
            return _among(list(self.problems), near, backward)
        if outcome == Outcome.SET_ASIDE:
            places = _among(sorted(self._aside), self._good.places_of(near), backward)
            return map(self._good.at, places)
        return map(self._good.at, map(self._sendable.at, self._sent_places(outcome, near, likes, backward)))

    def _told(self, index: int) -> Row:
        row = Row(self.row_numbers[index], index)
        if not self.checked:
            row.outcome = unchecked_outcome(self._job)
        elif index in self.problems:
            row.outcome = Outcome.INVALID
            row.faults = [(problem.column, problem.code, problem.params) for problem in self.problems[index]]
        else:
            self._tell_sendable(row)
        return row

    def _fill(self, row: Row) -> None:
        row.cells = self._table.cells(row.index)
        row.erased = row.index in self._erased
        for column, fix in self._fixes.get(row.index, ()):
            row.corrected[column] = (row.cells[column], fix.by, fix.merged_from)
            row.cells[column] = fix.value

    @cached_property
    def _erased(self) -> set[int]:
        return {index for index, _column, code, _params in self._table.faults if code == ERASED}

    @cached_property
    def _fixes(self) -> dict[int, list[tuple[int, Fix]]]:
        found: dict[int, list[tuple[int, Fix]]] = {}
        for (index, column), fix in fixes_of(self._job.vault, self._slice).items():
            found.setdefault(index, []).append((column, fix))
        return found

    @cached_property
    def problems(self) -> ProblemsByRow:
        return problems_by_row(self._job, self._slice)

    @cached_property
    def _good(self) -> Remaining:
        return Remaining(len(self.row_numbers), self.problems)

    @cached_property
    def _aside(self) -> dict[int, int]:
        return asides(self._job, self._slice)

    @cached_property
    def _why_aside(self) -> str:
        rule = self._job.destination.duplicates if self._job.destination else ""
        return {"merge": "merged_into", "none": "none_of_group"}.get(rule, "duplicate_of")

    @cached_property
    def _sendable(self) -> Remaining:
        """Places among the good rows."""
        return Remaining(len(self._good), self._aside)

    def _sent_places(self, outcome: str, near: range, likes: Likes, backward: bool) -> Iterator[int]:
        """Places among the sendable rows near, batch by batch, among which every row of this outcome is."""
        asked = self._sendable.places_of(self._good.places_of(near))
        for batch in reversed(self.batches) if backward else self.batches:
            within = range(max(asked.start, batch.start) - batch.start, min(asked.stop, batch.stop) - batch.start)
            if within:
                yield from (batch.start + place for place in self._places(batch, outcome, within, likes, backward))

    def _places(self, batch: Batch, outcome: str, within: range, likes: Likes, backward: bool) -> Iterable[int]:
        if not has_answers(batch):
            return reversed(within) if backward else within
        wanted = batch.accepted if outcome == Outcome.ACCEPTED else batch.rejected
        if not wanted or outcome not in (Outcome.ACCEPTED, Outcome.REJECTED):
            return ()
        return self._answers_of(batch).places(outcome, within, likes, backward=backward)

    def _tell_sendable(self, row: Row) -> None:
        good = self._good.place_of(row.index)
        if good in self._aside:
            row.outcome, row.doubles = Outcome.SET_ASIDE, self._aside[good]
            row.aside_code = self._why_aside if row.doubles else "sent_before"
            return
        place = self._sendable.place_of(good)
        batch = next((batch for batch in self.batches if batch.start <= place < batch.stop), None)
        if batch is not None:
            row.batch, row.place = batch.number, place - batch.start
            self._tell_batch(row, batch, row.place)

    def _tell_batch(self, row: Row, batch: Batch, place: int) -> None:
        if has_answers(batch):
            answers = self._answers_of(batch)
            row.outcome = answers.outcome(place)
            row.error, row.error_text, row.profile_id = answers.of(place)
            return
        row.outcome, row.resolved_as = outcome_of(batch) or Outcome.UNKNOWN, batch.resolved_as
        if row.outcome == Outcome.PENDING and self._job.state == JobState.CANCELLED:
            row.outcome = Outcome.NOT_SENT

    def _answers_of(self, batch: Batch) -> Answers:
        if batch.pk not in self._answers:
            place = self.batches.index(batch)
            near = self.batches[max(0, place - NEAR) : place + NEAR]
            fetch_outcomes(one for one in near if one is batch or (one.rows <= SMALL and has_answers(one)))
            self._answers[batch.pk] = Answers(self._job, batch)
        return self._answers[batch.pk]


def _among(ordered: Sequence[int], near: range, backward: bool) -> Sequence[int]:
    found = ordered[bisect_left(ordered, near.start) : bisect_left(ordered, near.stop)]
    return found[::-1] if backward else found


def outcome_of(batch: Batch) -> Outcome | None:
    """The one outcome of all rows of a batch that has no answer; None for a batch that has one."""
    return RESOLVED.get(batch.resolved_as) if batch.state == B.RESOLVED else BY_STATE.get(B(batch.state))


def unchecked_outcome(job: ImportJob) -> Outcome:
    """What every row is of which the check has said nothing."""
    return Outcome.NOT_SENT if job.state == JobState.CANCELLED else Outcome.PENDING


def stored_slice(vault: Vault, row_slice: RowSlice) -> StoredSlice:
    """The rows of a slice as the file has them, opened part by part."""
    return StoredSlice(partial(vault.part, row_slice.table_name))


def has_answers(batch: Batch) -> bool:
    return batch.state in (B.ANSWERED, B.REFUSED)


def opened_slices(job: ImportJob, slices: Sequence[int], opens: Opens | None = None) -> Iterator[OpenSlice]:
    """Slices by their ids, opened one by one; what the database has of them is fetched for more and more of them at
    once, so that who stops early costs little and who needs them all takes a few statements."""
    start, at_once = 0, 1
    while taken := slices[start : start + at_once]:
        found = RowSlice.objects.defer("sealed_changed").in_bulk(taken)
        batches = batches_of_all(taken, opens)
        yield from (OpenSlice(job, found[pk], batches[pk]) for pk in taken)
        start, at_once = start + at_once, min(MOST_AT_ONCE, at_once * 4)


def batches_of(row_slice: RowSlice, opens: Opens | None = None) -> list[Batch]:
    """The batches that stand for the rows of a slice, in its order. Outcomes are fetched when they are needed, of those
    that are sure to be opened at once."""
    return batches_of_all([row_slice.pk], opens)[row_slice.pk]


def batches_of_all(slices: Sequence[int], opens: Opens | None = None) -> dict[int, list[Batch]]:
    """The same for several slices, by their ids."""
    found: dict[int, list[Batch]] = {pk: [] for pk in slices}
    for batch in Batch.objects.filter(row_slice__in=slices).leaves().defer("sealed_outcomes").order_by("start"):
        found[batch.row_slice_id].append(batch)
    if opens is not None:
        fetch_outcomes(batch for batches in found.values() for batch in batches if opens(batch))
    return found


def fetch_outcomes(batches: Iterable[Batch]) -> None:
    """Fetch the packed outcomes of these batches, where they are not there yet, in one query."""
    lacking = {batch.pk: batch for batch in batches if "sealed_outcomes" in batch.get_deferred_fields()}
    for pk, sealed in Batch.objects.filter(pk__in=lacking).values_list("pk", "sealed_outcomes") if lacking else ():
        lacking[pk].sealed_outcomes = sealed
