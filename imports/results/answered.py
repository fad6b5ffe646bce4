"""The answers of one batch, opened; whatever was answered is unpacked only for the rows that are shown."""

from collections.abc import Callable, Iterator

from imports.models import Batch, ImportJob
from imports.outcomes import ProfileIds, places, reason_indexes, reasons
from imports.states import BatchState, Outcome

Likes = Callable[[int, str], bool]


class Answers:
    """What the platform answered for each place of a batch that is answered or refused."""

    def __init__(self, job: ImportJob, batch: Batch) -> None:
        blob = job.vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name)
        self._blob, self._refused = blob, batch.state == BatchState.REFUSED
        self._reasons, self._indexes, self._ids = reasons(blob), reason_indexes(blob), ProfileIds(blob)

    def outcome(self, place: int) -> Outcome:
        return self._outcome(self._reasons[self._indexes[place]][0])

    def of(self, place: int) -> tuple[int, str, str]:
        """Error code, error text and profile id."""
        return (*self._reasons[self._indexes[place]], self._ids[place])

    def places(self, outcome: str, within: range, likes: Likes, *, backward: bool) -> Iterator[int]:
        """The places among these of the rows with this outcome whose code and text are liked."""
        wanted = {
            index
            for index, (code, text) in enumerate(self._reasons)
            if likes(code, text) and self._outcome(code) == outcome
        }
        return places(self._blob, wanted, within, backward=backward)

    def _outcome(self, code: int) -> Outcome:
        return Outcome.ACCEPTED if code == 0 and not self._refused else Outcome.REJECTED
