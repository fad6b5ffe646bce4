"""An admin's words about an answer of Altcraft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import ErrorNote

FIELDS = ("code", "pattern", "title_en", "advice_en", "title_ru", "advice_ru")


def _advice(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, required=False, widget=forms.Textarea({"rows": 3}))


class NoteForm(forms.Form):
    """Which answers are meant, and what is said about them in each language; one language is enough."""

    code = forms.CharField(label=_("Code of the answer"), max_length=20)
    pattern = forms.CharField(
        label=_("Only when its text holds"),
        max_length=200,
        required=False,
        help_text=_("Empty: every answer with this code. Of several notes the one with the longest text counts."),
    )
    title_en = forms.CharField(label=_("What happened, in English"), max_length=200, required=False)
    advice_en = _advice(_("What to do, in English"))
    title_ru = forms.CharField(label=_("What happened, in Russian"), max_length=200, required=False)
    advice_ru = _advice(_("What to do, in Russian"))

    def __init__(
        self, given: Any = None, *, note: ErrorNote | None = None, about: dict[str, str] | None = None
    ) -> None:
        kept = {name: getattr(note, name) for name in FIELDS} if note else about
        super().__init__(given, initial=kept)
