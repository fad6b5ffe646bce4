"""The file being read, seen from inside the child."""

import io
import os
from typing import SupportsIndex


class StoredFile(io.RawIOBase):
    """A regular file read by position.

    The child shares its open file with the parent, and with it the kernel's file position: two readers of one
    file would pull it from under each other. So the position is kept here and every read names its own.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.position = 0
        self.size = os.fstat(descriptor).st_size

    def again(self) -> "StoredFile":
        """The same file from its start, for a reader that will close what it is given."""
        return StoredFile(self._descriptor)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: SupportsIndex, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        self.position = base + int(offset)
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = os.pread(self._descriptor, len(buffer), self.position)
        buffer[: len(chunk)] = chunk
        self.position += len(chunk)
        return len(chunk)

    def at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`, leaving the position alone."""
        pieces = []
        while length > 0 and (piece := os.pread(self._descriptor, length, offset)):
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return b"".join(pieces)
