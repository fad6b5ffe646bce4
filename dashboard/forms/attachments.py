"""Files a person chose for the messages of a scenario; they stay chosen while the page is shown again."""

from collections.abc import Callable, Sequence
from functools import cached_property
from secrets import token_hex
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from imports import actions
from imports.destination import Attachment
from imports.models import Connection
from imports.wording import fault_text

KEPT = "kept:"


class AttachedFiles:
    """The files as kept with the job, with those just chosen, which go onto the shelf, and without those removed."""

    def __init__(
        self, given: Any, uploads: Any, *, kept: Sequence[Attachment], connection: Connection | None, user: Any
    ) -> None:
        self._given, self._uploads = given, uploads.getlist("files") if uploads else []
        self._kept, self._connection, self._user = kept, connection, user
        self._told: list[str] = []

    @property
    def chosen(self) -> tuple[Attachment, ...]:
        return tuple(self._taken[0])

    @property
    def faults(self) -> list[str]:
        """What could not be taken, and what forbids those that were, in words."""
        return [*self._taken[1], *self._told]

    @property
    def listed(self) -> list[tuple[str, Attachment]]:
        """(how the page refers to it, the file) for each."""
        return [(one.shelf or KEPT + one.vault, one) for one in self.chosen]

    @cached_property
    def sign(self) -> str:
        """Changes when files were taken, so that the control begins empty again."""
        told = str((self._given or {}).get("files_sign", ""))
        return told if told.isalnum() and len(told) < 20 and not self._uploads else token_hex(4)

    @property
    def free_kilobytes(self) -> int:
        """How many thousand bytes all files together may have on disk."""
        return actions.room_for_files(self._connection) * 3 // 4000 if self._connection else 0

    def tell(self, code: str, text: str) -> bool:
        """Whether the fault is about the files; then it is kept beside them."""
        if code.startswith("attachment"):
            self._told.append(text)
        return code.startswith("attachment")

    @cached_property
    def _taken(self) -> tuple[list[Attachment], list[str]]:
        if self._given is None:
            return list(self._kept), []
        found, faults = list[Attachment](), list[str]()
        for take in (*map(self._again, self._references()), *map(self._new, self._uploads)):
            try:
                found.append(take())
            except actions.Refused as refused:
                faults.append(fault_text(refused.code, refused.params))
        return found, faults

    def _references(self) -> list[str]:
        removed = self._given.get("remove_file")
        return [one for one in dict.fromkeys(self._given.getlist("attached")) if one != removed]

    def _again(self, reference: str) -> Callable[[], Attachment]:
        kept = {KEPT + one.vault: one for one in self._kept}
        if reference in kept:
            return lambda: kept[reference]
        return lambda: actions.on_shelf(reference, by=self._user)

    def _new(self, upload: UploadedFile) -> Callable[[], Attachment]:
        told = {"name": upload.name or "", "mimetype": upload.content_type or ""}
        return lambda: actions.shelve(upload.chunks(), **told, connection=self._connection, by=self._user)
