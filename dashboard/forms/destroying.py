"""What is typed about destroying: days, a reason, a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import Team

WHY_HELP = _("Goes into the act and into the history beside your name. No name or address of the person, please.")


class DaysForm(forms.ModelForm):
    """How long a team's rows and files are kept. `sure`: what shortening destroys has been read."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Team
        fields = ["retention_days"]


class DestroyForm(forms.Form):
    """Why one import's data goes now."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=WHY_HELP,
        max_length=500,
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )
    sure = forms.BooleanField(
        label=_("I know that nobody can bring rows and files back"),
        error_messages={"required": _("Tick that you know it cannot be undone.")},
    )


class PersonForm(forms.Form):
    """One person by what stands in files: an address, a phone, an id."""

    key = forms.CharField(
        label=_("E-mail, phone or another key"),
        help_text=_("As it stands in the file; case and the punctuation of a phone do not matter."),
        min_length=3,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the address, phone or other key of one person.")},
    )


class EraseForm(forms.Form):
    """Why a person who was found goes, and whether the keyed hash goes too."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=WHY_HELP,
        max_length=500,
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )
    forget = forms.BooleanField(
        label=_("Also forget that the person was written to"),
        help_text=_("Then nobody can be told any more that, when and by whom."),
        required=False,
    )
    sure = forms.BooleanField(
        label=_("I know that it cannot be undone"),
        error_messages={"required": _("Tick that you know it cannot be undone.")},
    )
