"""Form controls that carry more than a label."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise


class ChoiceCards(forms.RadioSelect):
    """Radios as cards; notes says under a choice's name what choosing it does, keyed by the choice's value."""

    def __init__(self, *args: Any, notes: Mapping[str, str | Promise] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = notes or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's option with its note."""
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "note": self.notes.get(str(value), "")}
