"""Gathers static files for the web process, only when one of them changed since the last time."""

import hashlib
import shutil

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_when_changed() -> None:
    """Run collectstatic unless what it would gather is what STATIC_ROOT was made from."""
    stamp = settings.STATIC_ROOT / ".gathered"
    print_of_sources = _fingerprint()
    if stamp.exists() and stamp.read_text() == print_of_sources:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(print_of_sources)


def _fingerprint() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{storage.path(path)} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()
