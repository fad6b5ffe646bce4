"""The state file: people and counts that outlive the sandbox.

One JSON object a line, the newest line of a person wins; changed people are added every few seconds, and the file is
written anew at start when most of it is outdated. A line cut by a crash is left out.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from .people import People
from .platform import Platform

log = logging.getLogger("imports.sandbox")
_PRIVATE = 0o600  # people may have imported a real file
_EVERY_SECONDS = 3.0
_WORTH_REWRITING = 2  # lines per person


class Journal:
    """Keeps the people of a platform in a file."""

    def __init__(self, path: Path, platform: Platform) -> None:
        self._path = path
        self._platform = platform
        self._generation = platform.generation
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write_on, daemon=True)

    def open(self) -> None:
        """Load what the file holds, then keep writing. Raises OSError when the file cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines, broken = self._load()
        self._platform.changed = set()
        known = sum(len(people.texts) for people in self._platform.people.values())
        if broken or lines > known * _WORTH_REWRITING:
            self._rewrite()
        self._path.touch(_PRIVATE)
        self._thread.start()

    def close(self) -> None:
        """Write what is not yet written."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._append()

    def _write_on(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            self._append()

    def _append(self) -> None:
        platform = self._platform
        with platform.lock:
            if self._generation != platform.generation:  # everybody was forgotten
                self._generation = platform.generation
                self._rewrite()
            changed, platform.changed = platform.changed, set()
            lines = b"".join(_lines(platform, changed or ()))
        if lines:
            self._write(lines, changed or set())

    def _write(self, lines: bytes, changed: set[str]) -> None:
        try:
            with self._path.open("ab") as out:
                out.write(lines)
        except OSError as fault:  # a full disk must not end the sandbox: the same people are tried again
            log.error("the state file cannot be written: %s", fault.strerror)
            with self._platform.lock:
                self._platform.changed = changed | (self._platform.changed or set())

    def _rewrite(self) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.touch(_PRIVATE)
        with fresh.open("wb") as out:
            for people in self._platform.people.values():
                out.writelines(_lines(self._platform, people.texts))
        fresh.replace(self._path)

    def _load(self) -> tuple[int, int]:
        """How many lines there were, and how many of them could not be read."""
        count = broken = 0
        if self._path.exists():
            with self._path.open("rb") as source:
                for count, line in enumerate(source, 1):  # noqa: B007 - the last number is the count
                    try:
                        _restore(self._platform, orjson.loads(line))
                    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
                        broken += 1
        return count, broken


def _lines(platform: Platform, profile_ids: Iterable[str]) -> Iterator[bytes]:
    for profile_id in profile_ids:
        people = next((each for each in platform.people.values() if profile_id in each.texts), None)
        if people is not None:
            yield orjson.dumps(_kept(platform, people, profile_id), option=orjson.OPT_APPEND_NEWLINE)


def _kept(platform: Platform, people: People, profile_id: str) -> dict[str, Any]:
    starts = {str(number): counts[profile_id] for number, counts in platform.started.items() if profile_id in counts}
    segments = [each.id for each in platform.catalogue.segments.values() if profile_id in each.members]
    return {
        "db_id": people.info.id,
        "profile_id": profile_id,
        "applied": platform.applied.get(profile_id, 0),
        "triggered": platform.triggered.get(profile_id, 0),
        "started": starts,
        "segments": segments,
        "profile": orjson.Fragment(people.texts[profile_id]),
    }


def _restore(platform: Platform, kept: dict[str, Any]) -> None:
    people, profile_id = platform.people[kept["db_id"]], kept["profile_id"]
    if profile_id in people.texts:
        people.replace(profile_id, people.get(profile_id), kept["profile"])
    else:
        people.insert(profile_id, kept["profile"])
        platform.ids_go_on_after(profile_id)
    platform.applied[profile_id] = kept["applied"]
    if kept["triggered"]:
        platform.triggered[profile_id] = kept["triggered"]
    for number, times in kept["started"].items():
        platform.started[int(number)][profile_id] = times
    for number, segment in platform.catalogue.segments.items():
        (segment.members.add if number in kept["segments"] else segment.members.discard)(profile_id)
