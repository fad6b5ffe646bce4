"""Files of uploads that came to nothing: bytes in the storage that no import knows of."""

import logging
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from imports.models import ImportJob
from imports.vault import remove_folder

log = logging.getLogger(__name__)

FOLDER = "jobs"
LEFT_ALONE = timedelta(hours=24)


def remove_orphans() -> int:
    """Remove folders of imports that do not exist and that nobody has written to for a day; how many."""
    try:
        return sum(_remove(name) for name in _unknown())
    except OSError as fault:
        log.warning("what uploads have left stays for now: %s", type(fault).__name__)
        return 0


def _unknown() -> list[str]:
    try:
        folders = [name for name in default_storage.listdir(FOLDER)[0] if _is_uuid(name)]
    except FileNotFoundError:
        return []
    known: set[str] = set()
    for start in range(0, len(folders), 500):
        some = ImportJob.objects.filter(uuid__in=folders[start : start + 500]).values_list("uuid", flat=True)
        known |= {str(uuid) for uuid in some}
    return [name for name in folders if name not in known]


def _remove(name: str) -> bool:
    if not _is_old(f"{FOLDER}/{name}"):
        return False
    remove_folder(f"{FOLDER}/{name}")
    return True


def _is_old(folder: str) -> bool:
    names = default_storage.listdir(folder)[1]
    return all(timezone.now() - default_storage.get_modified_time(f"{folder}/{name}") > LEFT_ALONE for name in names)


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
