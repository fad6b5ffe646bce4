"""Numbers of a range: whatever else is written is answered with one sentence that names it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dashboard.figures import number


class _Ranged(forms.IntegerField):
    sentence: Any = _("Write a number from %(least)s to %(most)s.")

    def __init__(self, *, min_value: Any, max_value: Any, **more: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **more)
        self._ends = min_value, max_value

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError as wrong:
            ends = dict(zip(("least", "most"), map(number, self._ends), strict=True))
            raise ValidationError(self.sentence, code="not_in_range", params=ends) from wrong


class WholeNumberField(_Ranged):
    """A whole number from `min_value` to `max_value`."""

    sentence = _("Write a whole number from %(least)s to %(most)s.")


class DecimalNumberField(_Ranged, forms.DecimalField):
    """A number with so many digits behind the point."""


class FloatNumberField(_Ranged, forms.FloatField):
    """Any number of the range."""
