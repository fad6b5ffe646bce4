"""One rule for all bad cells of a column that are alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from dashboard.presenting.fixing import ORDERS
from dashboard.presenting.problems import column_name
from imports import actions
from imports.models import ImportJob
from imports.results import reasons
from imports.states import Outcome

REPLACED, DATES, EMPTIED = "replaced", "dates", "emptied"


class AlikeForm(forms.Form):
    """The column, what to do with its bad cells, and with what."""

    column = forms.TypedChoiceField(label=lazy("In the bad cells of column"), coerce=int)
    kind = forms.ChoiceField(label=lazy("do this"))
    find = forms.CharField(label=lazy("Replace this text"), required=False, strip=False, max_length=1_000)
    put = forms.CharField(label=lazy("by this"), required=False, strip=False, max_length=1_000)
    order = forms.ChoiceField(label=lazy("Read dates with the"), required=False, choices=list(ORDERS.items()))
    hide_optional = True

    def __init__(self, given: Any, *, job: ImportJob) -> None:
        super().__init__(given)
        bad = dict.fromkeys(one.column for one in reasons(job) if one.outcome == Outcome.INVALID and one.column >= 0)
        self.columns = sorted(bad)
        self.dated = any(actions.takes_dates(job, column) for column in self.columns)
        kinds = [(REPLACED, lazy("replace a text")), (EMPTIED, lazy("empty them"))]
        kinds += [(DATES, lazy("read them as dates"))] if self.dated else []
        self._choose("column", [(column, column_name(job, column)) for column in self.columns])
        self._choose("kind", kinds)

    def rule(self) -> actions.Alike:
        """What was chosen. The form must be valid."""
        chosen = self.cleaned_data
        put = {DATES: chosen["order"], REPLACED: chosen["put"]}.get(chosen["kind"], "")
        return actions.Alike(
            chosen["kind"], chosen["column"], chosen["find"] if chosen["kind"] == REPLACED else "", put
        )

    def clean(self) -> dict[str, Any] | None:
        chosen = super().clean() or {}
        if chosen.get("kind") == REPLACED and not chosen.get("find"):
            self.add_error("find", lazy("Write the text that stands in the cells."))
        return chosen

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
