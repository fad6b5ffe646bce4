"""Finding the rows because of which the platform refuses a whole request: only for batches that may be repeated.

A refused batch is cut in halves, down to single rows, level by level, within a budget of requests for each batch of the
plan; what is left when it is used up is held. It may also be no row's fault at all (an unknown database, a bad
parameter), and that must not cost a budget for every batch. So when both halves of a large batch are refused in the
same words, the second is cut into its first row, its last row and two halves of the rest. When as many single rows as
ALIKE says were refused in the words of the whole batch, and nobody of the whole job was ever taken, the words are about
the request: what is left of this job and is refused in these words is refused as it stands, one request a batch. As
soon as anybody is taken that is void, for then the request is in order.
"""

from dataclasses import dataclass

from imports.altcraft import Answer
from imports.masking import mask
from imports.models import Batch, ImportJob
from imports.states import CUT_REFUSED, BatchState

B = BatchState
MOST_EXTRA = 64  # requests besides the one that was planned
LARGE = 16  # rows; batches up to here are cut without samples, they cost little
ALIKE, ALIKE_IN_SMALL = 2, 8  # single rows refused in the same words


@dataclass(frozen=True, slots=True)
class Cutting:
    """What to do with a refused batch: cut it (`sampled`: with samples), hold it (budget), or refuse it as it is."""

    state: BatchState
    sampled: bool = False


def words_of(answer: Answer) -> str:
    """Code and text of a refusal, without values of rows: refusals with the same words are of one kind."""
    code = answer.error if answer.error is not None else answer.http_status or 0
    return mask(f"{code} {answer.error_text} {answer.error_debug}".strip())


def cutting_of(job: ImportJob, batch: Batch, words: str) -> Cutting:
    """What follows when the platform refused this batch of several rows in these words. Inside the transaction."""
    if ImportJob.objects.filter(pk=job.pk, common_refusal=words).exists() and not _anybody_taken(job):
        return Cutting(B.REFUSED)
    sampled = _both_halves_alike(batch, words)
    used = Batch.objects.filter(origin_id=batch.origin_id or batch.pk, cut_reason=CUT_REFUSED).count()
    if used + (4 if sampled else 2) > MOST_EXTRA:
        return Cutting(B.HELD)
    return Cutting(B.SPLIT, sampled)


def learn(job: ImportJob, batch: Batch, words: str) -> None:
    """A single row was refused: when enough of them fared alike and nobody was taken, it is about every row."""
    origin = batch.origin
    if batch.cut_reason != CUT_REFUSED or origin is None or origin.refusal != words or _anybody_taken(job):
        return
    alike = Batch.objects.filter(origin=origin, rows=1, state=B.REFUSED, refusal=words).count()
    if alike >= (ALIKE if origin.rows > LARGE else ALIKE_IN_SMALL):
        ImportJob.objects.filter(pk=job.pk).update(common_refusal=words)


def _anybody_taken(job: ImportJob) -> bool:
    return Batch.objects.filter(job=job, accepted__gt=0).exists()


def _both_halves_alike(batch: Batch, words: str) -> bool:
    """Whether what this half of a large batch was cut from, and the other half, were refused in these words too."""
    if batch.origin_id is None or batch.parent_id != batch.origin_id or batch.rows <= LARGE // 2:
        return False
    other = Batch.objects.filter(parent_id=batch.parent_id, refusal=words).exclude(pk=batch.pk)
    return other.exists() and Batch.objects.filter(pk=batch.parent_id, refusal=words).exists()
