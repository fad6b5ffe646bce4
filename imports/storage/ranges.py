"""An object read by ranges: the head of a file of 500 MB costs its head, and a part costs that part."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from botocore.exceptions import ClientError
from django.core.files.base import File

AHEAD = 8 << 20  # bytes fetched at once for somebody who reads on from where he stopped
TRIES = 3  # of a range whose bytes stop coming; botocore itself tries again only until they begin

Told = Callable[[str], AbstractContextManager[None]]


class RangedFile(File):
    """Opened for reading in bytes; nothing is asked before the first read. All ranges are of one object (If-Match)."""

    def __init__(self, client: Any, bucket: str, key: str, name: str, told: Told) -> None:
        self._client, self._told = client, told
        self._asked: dict[str, str] = {"Bucket": bucket, "Key": key}
        self._place = 0
        self._whole: int | None = None  # bytes, known with the first answer
        self._held, self._held_at = b"", 0
        super().__init__(io.BytesIO(), name)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer only at the end. Raise FileNotFoundError; StorageAway, also when it was replaced."""
        if size == 0 or (self._whole is not None and self._place >= self._whole):
            return b""
        end = self._whole if size < 0 else self._place + size
        found = self._bytes(end)
        self._place += len(found)
        return found

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """All of it in one piece, however small they are wished: each would be a request."""
        self.seek(0)
        yield self.read()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """From the start, or from where it stands."""
        if whence not in (io.SEEK_SET, io.SEEK_CUR):
            raise ValueError("The end of an object is not known before it is read.")
        self._place = place + (self._place if whence == io.SEEK_CUR else 0)
        return self._place

    def tell(self) -> int:
        return self._place

    def _bytes(self, end: int | None) -> bytes:
        """From the place to `end`, None for all that is left."""
        held_to = self._held_at + len(self._held)
        wanted_to = end if end is None or self._whole is None else min(end, self._whole)
        if wanted_to is None or not self._held_at <= self._place <= wanted_to <= held_to:
            reads_on = bool(self._held) and self._place == held_to
            fetched_to = max(end, self._place + AHEAD) if reads_on and end is not None else end
            self._held, self._held_at = self._fetched(self._place, fetched_to), self._place
        stop = None if end is None else end - self._held_at
        return self._held[self._place - self._held_at : stop]

    def _fetched(self, start: int, end: int | None) -> bytes:
        for further in reversed(range(TRIES)):
            try:
                with self._told(str(self.name)):
                    return self._fetched_once(start, end)
            except FileNotFoundError:
                raise
            except OSError:
                if not further:
                    raise
        raise AssertionError("unreachable")

    def _fetched_once(self, start: int, end: int | None) -> bytes:
        span = {} if not start and end is None else {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        try:
            answer = self._client.get_object(**self._asked, **span)
        except ClientError as fault:
            if fault.response["Error"]["Code"] != "InvalidRange":
                raise
            return b""  # it ends before
        content: bytes = answer["Body"].read()
        self._asked["IfMatch"] = answer["ETag"]
        told = answer.get("ContentRange", "").rpartition("/")[2]  # bytes 0-1023/146515
        self._whole = int(told) if told.isdecimal() else len(content)
        return content
