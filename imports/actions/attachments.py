"""Files for the messages of a scenario: from a page to the vault of the job they go with.

A file is put on a shelf of its own while the page is not finished: encrypted with a key that only the page keeps, gone
after a day. Source: workflows/import_and_start_batch, Request parameters (attach).
"""

import logging
import math
import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import orjson
from django.core.files.storage import default_storage
from django.utils import timezone

from imports.actions.errors import Refused, not_stored
from imports.actions.uploads import clean_name
from imports.destination import Attachment, Destination
from imports.models import Connection, ImportJob
from imports.vault import Sealed, Vault, new_sealed_key, open_text, seal_text

log = logging.getLogger(__name__)

MOST_FILES: Final = 10
LONGEST_NAME: Final = 200  # characters; systems that receive mail take 255 bytes or fewer
PROFILE_ROOM: Final = 16_384  # bytes of a request that stay free for a profile
ON_THE_SHELF: Final = timedelta(hours=24)
SHELF: Final = "shelf"
FOLDER: Final = "attach"
PLAIN_TYPE: Final = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
Fault = tuple[str, dict[str, str]]


def shelve(chunks: Iterable[bytes], *, name: str, mimetype: str, connection: Connection | None, by: Any) -> Attachment:
    """Keep a chosen file for a page that is not finished yet, only for this person.

    Raise Refused with "attachment_name_too_long", "attachment_empty", "attachment_too_large" or "no_space".
    """
    clear_shelf()
    shown = _name(name)
    content = _content(chunks, shown, connection)
    place, key = f"{timezone.now():%Y%m%d%H}/{uuid4().hex}", new_sealed_key()
    told: dict[str, Any] = {
        "name": shown,
        "mimetype": _type(shown, mimetype),
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    try:
        Vault(SHELF, key).put(place, content)
    except OSError as fault:
        raise not_stored(fault) from fault
    reference = told | {"place": place, "key": key, "owner": by.pk if by else None}
    return Attachment(**told, shelf=seal_text(orjson.dumps(reference).decode()))


def on_shelf(reference: str, *, by: Any) -> Attachment:
    """The file a page refers to. Raise Refused("attachment_gone") when it is not this person's, or no longer there."""
    told = _opened(reference, by)
    if not default_storage.exists(f"{SHELF}/{told['place']}"):
        raise Refused("attachment_gone")
    names = ("name", "mimetype", "size", "sha256")
    return Attachment(**{name: told[name] for name in names}, shelf=reference)


def keep_attachments(job: ImportJob, destination: Destination, *, by: Any) -> Destination:
    """Bring the files of a destination from the shelf into the job's vault. Raise Refused("attachment_gone")."""
    kept = tuple(_kept(job, one, by) if one.shelf else one for one in destination.attach)
    return replace(destination, attach=kept)


def drop_attachments(job: ImportJob, before: Destination | None) -> None:
    """Delete files of an earlier destination that the job does not send any more."""
    now = {one.vault for one in job.destination.attach} if job.destination else set()
    for one in before.attach if before else ():
        if one.vault and one.vault not in now:
            job.vault.delete(one.vault)


def attachment_faults(connection: Connection, destination: Destination) -> Iterator[Fault]:
    """What forbids these files: too many, or no room for a profile beside them."""
    count = len(destination.attach)
    if count > MOST_FILES:
        yield "attachments_too_many", {"count": str(count), "limit": str(MOST_FILES)}
    size = sum(len(one.data) or 4 * math.ceil(one.size / 3) for one in destination.attach)
    if size and size > (limit := room_for_files(connection)):
        yield "attachments_too_large", {"kilobytes": kilobytes(size), "limit": kilobytes(limit, up=False)}


def room_for_files(connection: Connection) -> int:
    """Bytes of a request that files may take, as written in it: base64 is larger by a third."""
    limit = connection.bytes_per_request
    return limit - min(PROFILE_ROOM, limit // 4)


def kilobytes(size: int, *, up: bool = True) -> str:
    return str(math.ceil(size / 1000) if up else size // 1000)


def clear_shelf() -> None:
    """Delete what has lain on the shelf for longer than a day; when the storage is away it is done later."""
    try:
        _clear_shelf()
    except FileNotFoundError:  # nobody has put anything there yet, or somebody else cleared it at the same time
        return
    except OSError as fault:
        log.warning("the shelf could not be cleared: %s", type(fault).__name__)


def _clear_shelf() -> None:
    oldest = f"{timezone.now() - ON_THE_SHELF:%Y%m%d%H}"
    for hour in default_storage.listdir(SHELF)[0]:
        if hour < oldest:
            for name in default_storage.listdir(f"{SHELF}/{hour}")[1]:
                default_storage.delete(f"{SHELF}/{hour}/{name}")
            default_storage.delete(f"{SHELF}/{hour}")


def _kept(job: ImportJob, one: Attachment, by: Any) -> Attachment:
    told = _opened(one.shelf, by)
    try:
        content = Vault(SHELF, told["key"]).get(told["place"])
    except (FileNotFoundError, Sealed):
        raise Refused("attachment_gone") from None
    kept = replace(one, shelf="", vault=f"{FOLDER}/{uuid4().hex}")
    job.vault.put(kept.vault, content)
    return kept


def _opened(reference: str, by: Any) -> dict[str, Any]:
    try:
        told: dict[str, Any] = orjson.loads(open_text(reference))
    except (Sealed, ValueError):
        raise Refused("attachment_gone") from None
    if not isinstance(told, dict) or told.get("owner") != (by.pk if by else None) or _is_old(str(told.get("place"))):
        raise Refused("attachment_gone")
    return told


def _is_old(place: str) -> bool:
    hour = place.partition("/")[0]
    return not hour.isdecimal() or hour < f"{timezone.now() - ON_THE_SHELF:%Y%m%d%H}"


def _name(name: str) -> str:
    shown = clean_name(name)
    if len(shown) > LONGEST_NAME or len(name) > 10 * LONGEST_NAME:
        raise Refused("attachment_name_too_long", name=f"{shown[:40]}…", limit=str(LONGEST_NAME))
    return shown


def _content(chunks: Iterable[bytes], name: str, connection: Connection | None) -> bytes:
    limit = room_for_files(connection) * 3 // 4 if connection else None
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if limit is not None and len(found) > limit:
            raise Refused("attachment_too_large", name=name, limit=kilobytes(limit, up=False))
    if not found:
        raise Refused("attachment_empty", name=name)
    return bytes(found)


def _type(name: str, told: str) -> str:
    """The kind by the name, else as the browser told it."""
    guessed = mimetypes.guess_type(name)[0]
    told = told.partition(";")[0].strip().lower()
    return guessed or (told if _TYPE.fullmatch(told) else PLAIN_TYPE)
