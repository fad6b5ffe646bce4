"""A second person's yes and no, and the question for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.stepup import StepUpForm


class AskForm(forms.Form):
    """What goes along with the question; its inputs stand in the form that sends."""

    note = forms.CharField(
        label=_("A word to whoever looks"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2, "form": "start"}),
    )


class ApproveForm(forms.Form):
    """Yes, to the plan whose seal the page showed."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: Any = None, **more: Any) -> None:
        super().__init__(*args, **more)

    @property
    def stepped_up(self) -> str:
        """How the person has just proved once more who it is; "" where that was not asked."""
        return str(getattr(self, "how_proved", ""))


class UnsafeApproveForm(StepUpForm):
    """The same of an import that may write to people: with the password or a code."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @property
    def stepped_up(self) -> str:
        return str(self.how_proved)


class SendBackForm(forms.Form):
    """No, with the reason the author reads."""

    reason = forms.CharField(
        label=_("Why it goes back"),
        help_text=_("Whoever asked reads it, and it goes into the history beside your name."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say in a few words why: whoever asked has to know what to change.")},
    )
