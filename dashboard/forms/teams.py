"""Whose something is: a choice only those have who see several teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import Team, home_team


class OneTeamField(forms.ModelChoiceField):
    """One of the teams this person sees and that are in use; not there where they see but one."""

    def __init__(self, **kwargs: Any) -> None:
        usual: dict[str, Any] = {"label": _("Team"), "required": False, "empty_label": None}
        super().__init__(Team.objects.none(), **usual | kwargs)


def offer_teams(form: forms.Form, user: Any, *, name: str = "team", least: int = 2) -> None:
    """Fill the field of teams for this person, or take it out where there is nothing to choose."""
    teams = Team.objects.visible_to(user).working()
    if len(teams) < least:
        del form.fields[name]
        return
    chooser: Any = form.fields[name]
    chooser.queryset = teams
    if chooser.empty_label is None:
        form.initial.setdefault(name, home_team(user).pk)


class TeamForm(forms.Form):
    """What a team is called."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
