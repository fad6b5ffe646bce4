"""What admins write about the platform's answers, for everybody who meets them."""

from typing import Any

from django.db import transaction

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import ErrorNote

WORDS = ("title_en", "advice_en", "title_ru", "advice_ru")


def write_note(*, code: str, pattern: str, by: Any, instead_of: ErrorNote | None = None, **words: str) -> ErrorNote:
    """Keep a note on the answers of a code, or on those of them whose text holds `pattern`; `instead_of` is the note
    that is changed. Raise Refused("note_without_code" | "note_without_words" | "note_taken")."""
    code, pattern = code.strip(), pattern.strip()
    kept = {name: words.get(name, "").strip() for name in WORDS}
    if not code:
        raise Refused("note_without_code")
    if not (kept["title_en"] or kept["title_ru"]):
        raise Refused("note_without_words")
    with transaction.atomic():
        others = ErrorNote.objects.exclude(pk=instead_of.pk) if instead_of else ErrorNote.objects.all()
        if others.filter(code=code, pattern=pattern).exists():
            raise Refused("note_taken", answer=code, text=pattern or "–")
        note = instead_of or ErrorNote()
        for name, value in {"code": code, "pattern": pattern, "written_by_name": name_of(by), **kept}.items():
            setattr(note, name, value)
        note.save()
        record("note_written", by=by, about=str(note), code=code)
    return note


def remove_note(note: ErrorNote, *, by: Any) -> None:
    """Take a note away; the answers it spoke of ask for words again."""
    with transaction.atomic():
        if ErrorNote.objects.filter(pk=note.pk).delete()[0]:
            record("note_removed", by=by, about=str(note), code=note.code)
