"""The parent's end of the reading child: start it, take its frames in time, and never leave it behind."""

import io
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import orjson

from imports.reading.frames import BrokenFrame, read_frame
from imports.reading.table import Limits, Unreadable

CHILD = Path(__file__).with_name("child.py")
# A Python built with a shared library may need these to start at all; nothing else of the environment goes along.
INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
READ_AT_ONCE = 1024 * 1024
SECONDS_TO_DIE = 5.0
SECONDS_OF_A_BEAT = 1.0
OUT_OF_TIME = (signal.SIGXCPU, signal.SIGKILL)


class Confined:
    """A running child. `frame` gives what it says next; a refusal or a death comes out as Unreadable.

    While it is silent `beat` is called about once a second; what that raises ends the wait.
    """

    def __init__(self, child: subprocess.Popen[bytes], seconds: float, beat: Callable[[], None]) -> None:
        assert child.stdout is not None
        self._child = child
        self._descriptor = child.stdout.fileno()
        self._seconds_left = seconds
        self._beat = beat

    def frame(self) -> tuple[dict[str, Any], bytes]:
        """The next frame: (header, payload). Raises Unreadable."""
        try:
            header, payload = read_frame(self._read_exactly)
        except BrokenFrame as error:
            raise Unreadable("read_unsafely", reason="crash") from error
        if header.get("kind") == "unreadable":
            raise _refusal(header.get("code"), header.get("params"))
        return header, payload

    def _read_exactly(self, size: int) -> bytes:
        pieces = []
        while size > 0:
            piece = self._read(min(size, READ_AT_ONCE))
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _read(self, size: int) -> bytes:
        """Only waiting for the child counts against its time: whoever takes the slices may be slow."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        while not self._waited(poll):
            if self._seconds_left <= 0:
                raise Unreadable("read_unsafely", reason="time")
            self._beat()
        piece = os.read(self._descriptor, size)
        if not piece:
            raise Unreadable("read_unsafely", reason=self._cause_of_death())
        return piece

    def _waited(self, poll: select.poll) -> bool:
        """Whether the child has said something within a beat."""
        began = time.monotonic()
        ready = poll.poll(min(max(0.0, self._seconds_left), SECONDS_OF_A_BEAT) * 1000)
        self._seconds_left -= time.monotonic() - began
        return bool(ready)

    def _cause_of_death(self) -> str:
        try:
            status = self._child.wait(SECONDS_TO_DIE)
        except subprocess.TimeoutExpired:
            return "crash"
        return "time" if -status in OUT_OF_TIME else "crash"


@contextmanager
def confined(
    source: BinaryIO, request: dict[str, Any], limits: Limits, beat: Callable[[], None] = lambda: None
) -> Iterator[Confined]:
    """A child reading `source`; however the block is left, the child is dead and reaped afterwards.

    Raises Unreadable("source_too_large") before anything is started.
    """
    with _real_file(source, limits.bytes) as file:
        child = start_child(file, _environment(request))
        try:
            yield Confined(child, limits.wall_seconds, beat)
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def start_child(file: IO[bytes], environment: dict[bytes, bytes]) -> subprocess.Popen[bytes]:
    """A new Python that has nothing of ours but the file, and says its frames on its standard output."""
    return subprocess.Popen(
        [sys.executable, "-I", str(CHILD)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
    )


def _refusal(code: object, params: object) -> Unreadable:
    if not isinstance(code, str) or not isinstance(params, dict):
        return Unreadable("read_unsafely", reason="crash")
    refusal = Unreadable(code)
    refusal.params = {str(name): str(value) for name, value in params.items()}
    return refusal


def _environment(request: dict[str, Any]) -> dict[bytes, bytes]:
    kept = {name.encode(): os.environb[name.encode()] for name in INHERITED if name in os.environ}
    return kept | {b"READING_REQUEST": orjson.dumps(request)}


@contextmanager
def _real_file(source: BinaryIO, limit: int) -> Iterator[IO[bytes]]:
    """The source itself where it is a plain file, otherwise a copy in an unlinked one. Raises Unreadable."""
    plain = _plain_file(source)
    if plain is not None:
        plain.flush()
        _refuse_large(os.fstat(plain.fileno()).st_size, limit)
        yield plain
        return
    with tempfile.TemporaryFile() as copy:
        source.seek(0)
        shutil.copyfileobj(source, _Bounded(copy, limit), READ_AT_ONCE)
        copy.flush()
        yield copy


def _plain_file(source: Any) -> Any:
    """The file object whose descriptor gives the same bytes as its `read`.

    Having a fileno proves nothing: GzipFile's is that of the packed file. Django and tempfile keep theirs in `file`.
    """
    for candidate in (source, getattr(source, "file", None), getattr(getattr(source, "file", None), "file", None)):
        if isinstance(candidate, io.FileIO | io.BufferedReader | io.BufferedRandom):
            raw = candidate if isinstance(candidate, io.FileIO) else candidate.raw
            if isinstance(raw, io.FileIO) and stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
                return candidate
    return None


class _Bounded:
    """Writes on until the limit is passed."""

    def __init__(self, target: IO[bytes], limit: int) -> None:
        self._target = target
        self._limit = limit
        self._written = 0

    def write(self, piece: bytes) -> int:
        self._written += len(piece)
        _refuse_large(self._written, self._limit)
        return self._target.write(piece)


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise Unreadable("source_too_large", limit=limit)
