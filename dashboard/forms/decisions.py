"""A person's word about batches nobody knows about or that were stopped, and a second person's on sending again."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.presenting.verbs import DECISIONS
from dashboard.stepup import StepUpForm
from imports import actions
from imports.states import BatchState

OPEN_TO = {
    BatchState.UNKNOWN: ("repeat", "again", "arrived", "not_arrived", "close"),
    BatchState.HELD: actions.CHOICES_OF_HELD,
}


class DecisionForm(forms.Form):
    """One of the decisions, why, and whether it holds for all batches like it. `seen` is what the page showed."""

    choice = forms.ChoiceField(
        label=_("Decision"), choices=[], error_messages={"required": _("Choose one of the decisions.")}
    )
    reason = forms.CharField(
        label=_("Why you decide so"),
        help_text=_("Goes into the history beside your name."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )
    everywhere = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str] | None = None, *, state: BatchState = BatchState.UNKNOWN) -> None:
        super().__init__(data)
        open_to = OPEN_TO.get(state, OPEN_TO[BatchState.UNKNOWN])
        self.fields["choice"].choices = [(choice, DECISIONS[choice]) for choice in open_to]  # type: ignore[attr-defined]

    def clean_seen(self) -> dict[int, int | None]:
        """What `shown` wrote, read back; a field somebody tampered with shows nothing."""
        pairs = (item.partition("-") for item in self.cleaned_data["seen"].split(",") if item)
        return {int(batch): int(tried) or None for batch, _dash, tried in pairs if batch.isdigit() and tried.isdigit()}


class SecondWordForm(StepUpForm):
    """The second person's yes: with the risk ticked, and a proof that it is them."""

    understood = forms.BooleanField(error_messages={"required": _("Tick that you know what may happen.")})
    reason = forms.CharField(label=_("Your word on it"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why all sending is stopped, or let go on."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Everybody reads it, and it goes into the history beside your name."),
        max_length=500,
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )


def shown(about: Mapping[int, int | None]) -> str:
    """Batches as a page showed them, for `seen`: "12-40,13-41"."""
    return ",".join(f"{batch}-{tried or 0}" for batch, tried in about.items())
