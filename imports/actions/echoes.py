"""What answers of the platform repeat of people: taken out of the texts that stay beside the counts.

While an import's rows are there its texts are masked by pattern (addresses, long numbers). Before they go, each text is
held against the cells of the rows it was said of, so that a name it repeats does not outlive them.
"""

import re
from collections.abc import Iterable, Iterator

from imports.models import Batch, ImportJob, RefusalTally
from imports.outcomes import VARIOUS
from imports.results import RowFilter, row_page
from imports.states import BatchState, Outcome

MOST_TEXTS = 300  # looked at in one import; what more there are lose their words
LOOKED_AT = 20  # rows of each text
SHORTEST, LONGEST = 3, 100  # characters of a value that is looked for
WORD = re.compile(r"\w{3,}")


def without_values(text: str, cells: Iterable[str]) -> str:
    """The text without what these cells hold, whole or word by word; case does not matter."""
    for value in sorted(set(_values(cells)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", VARIOUS, text, flags=re.IGNORECASE)
    return text


def told_without_people(job: ImportJob) -> dict[str, str]:
    """By text of an answer that repeats something of its rows what is left of it. Needs the rows."""
    found: dict[str, str] = {}
    for place, (code, text) in enumerate(_texts(job)):
        found[text] = _shown(job, code, text) if place < MOST_TEXTS else VARIOUS
    return {text: shown for text, shown in found.items() if shown != text}


def retell(job: ImportJob, shown: dict[str, str]) -> None:
    """Write what is left of these texts where they were kept: in the batches, the tally and the job."""
    if not shown:
        return
    for batch in Batch.objects.filter(job=job).only("summary", "refusal").iterator(chunk_size=500):
        summary = [[code, shown.get(text, text), rows] for code, text, rows in batch.summary]
        refusal = _retold(batch.refusal, shown)
        if (summary, refusal) != (batch.summary, batch.refusal):
            Batch.objects.filter(pk=batch.pk).update(summary=summary, refusal=refusal)
    for tally in RefusalTally.objects.filter(job=job, text__in=shown):
        _retell_tally(tally, shown[tally.text])
    ImportJob.objects.filter(pk=job.pk).update(common_refusal=_retold(job.common_refusal, shown))


def _retell_tally(tally: RefusalTally, text: str) -> None:
    same = RefusalTally.objects.filter(job=tally.job_id, code=tally.code, text=text).first()
    if same is None:
        RefusalTally.objects.filter(pk=tally.pk).update(text=text)
    else:
        RefusalTally.objects.filter(pk=same.pk).update(rows=same.rows + tally.rows)
        tally.delete()


def _retold(text: str, shown: dict[str, str]) -> str:
    for told, left in shown.items():
        text = text.replace(told, left) if told else text
    return text


def _texts(job: ImportJob) -> Iterator[tuple[str, str]]:
    """(code, text) of every different refusal."""
    seen: set[tuple[str, str]] = set()
    answered = Batch.objects.filter(job=job, state__in=[BatchState.ANSWERED, BatchState.REFUSED], rejected__gt=0)
    for summary in answered.values_list("summary", flat=True).iterator(chunk_size=500):
        for code, text, _rows in summary:
            if code and text not in ("", VARIOUS) and (str(code), text) not in seen:
                seen.add((str(code), text))
                yield str(code), text


def _shown(job: ImportJob, code: str, text: str) -> str:
    rows, _more = row_page(job, RowFilter(Outcome.REJECTED, code, text), size=LOOKED_AT)
    for row in rows:
        as_read = [before for before, _by, _from in row.corrected.values()]
        text = without_values(text, [*row.cells, *as_read, row.profile_id])
    return text


def _values(cells: Iterable[str]) -> Iterator[str]:
    for cell in cells:
        value = cell.strip()
        if SHORTEST <= len(value) <= LONGEST:
            yield value
            yield from WORD.findall(value)
