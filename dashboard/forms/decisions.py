"""A person's decision about a batch nobody knows about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.presenting.verbs import DECISIONS
from imports import actions


class DecisionForm(forms.Form):
    """One of the four decisions, why, and whether it holds for all batches without an answer."""

    choice = forms.ChoiceField(
        label=_("Decision"),
        choices=[(choice, DECISIONS[choice]) for choice in actions.CHOICES],
        error_messages={"required": _("Choose one of the four decisions.")},
    )
    reason = forms.CharField(
        label=_("Why you decide so"),
        help_text=_("Goes into the history beside your name."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )
    everywhere = forms.BooleanField(required=False)
