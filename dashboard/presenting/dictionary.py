"""What an answer of Altcraft means and what to do: in the words of this house's admins, else of the documents."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import get_language

from imports.models import ErrorNote, ImportJob
from imports.wording import CATALOGUE, platform_advice, unlisted_advice, what, what_to_do

NOTED, DOCUMENTED, SEEN, UNEXPLAINED = "noted", "documented", "seen", ""


class Meaning(NamedTuple):
    """`title`: what happened, "" where the platform's own words must do; `advice`: what to do; `source`: whose."""

    title: str
    advice: str
    source: str

    @property
    def sentence(self) -> str:
        return " ".join(filter(None, [self.title, self.advice]))


class Dictionary:
    """The admins' notes, asked for once and only when an answer needs explaining; the closest one counts."""

    def __init__(self) -> None:
        self._notes: Sequence[ErrorNote] | None = None

    def meaning(self, code: int | str, text: str, *, job: ImportJob | None = None) -> Meaning:
        if note := self.note(code, text):
            return Meaning(*note.words(get_language() or "en"), NOTED)
        if known := documented(code, text):
            return Meaning(what(known), what_to_do(known), DOCUMENTED)
        if job is not None and _seen_of_account(job, code):
            return Meaning("", what("platform_probed"), SEEN)
        return Meaning("", unlisted_advice(), UNEXPLAINED)

    def note(self, code: int | str, text: str) -> ErrorNote | None:
        """The note with the longest fitting pattern."""
        if self._notes is None:
            self._notes = sorted(ErrorNote.objects.all(), key=lambda note: (-len(note.pattern), note.pk))
        return next((note for note in self._notes if note.speaks_of(str(code), text)), None)


def documented(code: int | str, text: str) -> str:
    """Under which of our codes the documents explain this answer; "" when they do not."""
    if not platform_advice(code, text):
        return ""
    by_text = f"platform_text_{'_'.join(text.casefold().split())}"
    return by_text if by_text in CATALOGUE else f"platform_{code}"


def documented_codes() -> list[tuple[str, str, str]]:
    """(code or words of the platform, what it means, what to do) of everything the documents explain."""
    kinds = [name for name in CATALOGUE if name.startswith("platform_") and name not in _NO_ANSWERS]
    return [(_shown(name), what(name), what_to_do(name)) for name in kinds]


_NO_ANSWERS = ("platform_unlisted", "platform_probed")


def _shown(name: str) -> str:
    bare = name.removeprefix("platform_")
    return bare.removeprefix("text_").replace("_", " ").capitalize() if bare.startswith("text_") else bare


def _seen_of_account(job: ImportJob, code: int | str) -> bool:
    """Whether a probe of this account got the same code for people who are not found."""
    seen = (job.connection.findings.get("not_found") or {}).get("seen") or () if job.connection else ()
    return any(one[1] == "probe_not_found" and one[2].get("error") == str(code) for one in seen)
