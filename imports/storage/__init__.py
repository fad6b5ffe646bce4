"""The storage that several machines share, and what may be wrong with it. The vault knows only Django's storage.

Both errors are OSErrors: whoever copes with a full or lost disk copes with them.
"""


class StorageAway(OSError):
    """It does not answer, or says that it cannot now: the same call may succeed in a moment."""


class StorageRefused(OSError):
    """It answered and said no: wrong keys, no such bucket, no right. Nothing changes by itself."""
