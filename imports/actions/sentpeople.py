"""Who went in earlier imports to the same database: told before sending, so that nobody is written to twice unawares.

Of every finished import a sorted array of keyed 64-bit hashes is kept (docs/data.md), also when its people's data is
gone. Hashes are keyed with a secret that FIELD_KEYS seal: without them nobody can try addresses against it.
"""

import hashlib
import logging
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import islice

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from imports.actions.reached import in_order, in_runs, keep_reached
from imports.byteorder import little_endian
from imports.keying import Keying, enciphered, hashed
from imports.models import ImportJob, LastingSecret, SentPeople
from imports.results import arrived_keys
from imports.states import FINISHED
from imports.vault import Sealed

log = logging.getLogger(__name__)

MOST_JOBS = 50
LOOK_BACK = timedelta(days=90)
WRITTEN_AT_ONCE = 20  # imports whose people one sweep writes down
COMPARED_AT_ONCE = 1 << 17  # of another import's people; so many Python numbers take 12 MB
PURPOSE = "people already sent"


def people_keys() -> dict[str, Keying]:
    """How such hashes are keyed, by the sign of it: first the way new ones are, then that of earlier versions.

    The secret outlives a change of FIELD_KEYS, as the hashes must.
    """
    secret = LastingSecret.objects.of(PURPOSE)
    return {_sign(b"enciphered" + secret): enciphered(secret), _sign(secret): hashed(secret)}


def _sign(secret: bytes) -> str:
    return hashlib.blake2b(secret, digest_size=8).hexdigest()


def object_name(job: ImportJob) -> str:
    """Beside the folders of jobs: it outlives theirs."""
    return f"sentpeople/{job.uuid}"


def write_sent_people(job: ImportJob) -> SentPeople | None:
    """Keep who was reached by a finished import; once. None when its data is gone, or somebody has written it."""
    if job.connection is None or job.destination is None or job.state not in FINISHED:
        return None
    sign, keying = next(iter(people_keys().items()))
    try:
        found = in_order(in_runs(filter(None, arrived_keys(job)), keying))
    except (FileNotFoundError, Sealed):
        return None
    default_storage.save(object_name(job), BytesIO(little_endian(found).tobytes()))
    keep_reached(job, keying)
    told = {"connection": job.connection, "database_id": job.destination.database_id, "key_sign": sign}
    try:
        with transaction.atomic():
            return SentPeople.objects.create(job=job, people=len(found), **told)
    except IntegrityError:
        return None


def write_missing_people() -> int:
    """Keep the people of imports that have ended since somebody last looked; how many were written."""
    ended = ImportJob.objects.filter(state__in=FINISHED, finished_at__gte=timezone.now() - LOOK_BACK)
    ended = ended.exclude(started_at=None).exclude(Exists(SentPeople.objects.filter(job=OuterRef("pk"))))
    written = 0
    for job in ended.select_related("connection").order_by("pk")[:WRITTEN_AT_ONCE]:
        try:
            written += write_sent_people(job) is not None
        except Exception:
            log.exception("the people of job %s could not be kept", job.pk)
    return written


def earlier_jobs(job: ImportJob) -> list[ImportJob]:
    """The team's last imports to the same database of which anything has gone out, the newest first. Who was written
    to by another team is not told here, nor set aside: it is not this team's to know."""
    if job.destination is None:
        return []
    sent = ImportJob.objects.sent().filter(team=job.team_id, connection=job.connection_id)
    sent = sent.filter(started_at__gte=timezone.now() - LOOK_BACK)
    same = sent.filter(destination_plain__database_id=job.destination.database_id).exclude(pk=job.pk)
    return list(same.select_related("connection", "sent_people").order_by("-started_at")[:MOST_JOBS])


def met_before(job: ImportJob, slices: Iterable[Sequence[int]]) -> Iterator[tuple[ImportJob, set[int]]]:
    """(earlier import, which of these key hashes it has reached or may have), those without any left out; 0 is no key
    and never among them."""
    jobs = earlier_jobs(job)
    if not jobs:
        return
    mine = _Mine(slices)
    for earlier in jobs:
        try:
            if common := mine.common_with(earlier):
                yield earlier, common
        except (FileNotFoundError, Sealed):
            log.warning("the people of job %s are gone and were not kept", earlier.pk)


class _Mine:
    """The people of the import at hand, as plain hashes and as keyed ones: flat in memory, 16 bytes a row."""

    def __init__(self, slices: Iterable[Sequence[int]]) -> None:
        self._plain = [array("Q", filter(None, one)) if 0 in one else array("Q", one) for one in slices]
        self._keys = people_keys()
        self._keyed: dict[str, list[array[int]]] = {"": self._plain}

    def common_with(self, earlier: ImportJob) -> set[int]:
        kept: SentPeople | None = getattr(earlier, "sent_people", None)
        if kept is None:
            return self._common("", arrived_keys(earlier))
        if kept.key_sign not in self._keys:
            log.warning("the people of job %s were kept under another secret", earlier.pk)
            return set()
        theirs = array("Q")
        with default_storage.open(object_name(earlier), "rb") as stored:
            theirs.frombytes(stored.read())
        return self._common(kept.key_sign, little_endian(theirs))

    def _common(self, sign: str, theirs: Iterable[int]) -> set[int]:
        found: set[int] = set()
        left = iter(theirs)
        while there := set(islice(left, COMPARED_AT_ONCE)):
            for plain, own in zip(self._plain, self._with(sign), strict=True):
                if common := there.intersection(own):
                    found.update(one for one, keyed in zip(plain, own, strict=True) if keyed in common)
        return found

    def _with(self, sign: str) -> "list[array[int]]":
        if sign not in self._keyed:
            self._keyed[sign] = list(map(self._keys[sign], self._plain))
        return self._keyed[sign]
