"""People: where they stand, who they are, and how they come in."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordMixin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboard.forms.teams import OneTeamField, offer_teams
from dashboard.presenting.roles import NOTES, ROLES
from dashboard.stepup import FIELD, StepUpField, StepUpForm
from dashboard.widgets import ChoiceCards
from imports import actions
from imports.models import Team, home_team, reach_of

ANY_TEAM, ANY_ROLE, ANY_STATE = _("Any team"), _("Any role"), _("Any state")
STATES = (("", ANY_STATE), ("on", _("Can sign in")), ("off", _("Switched off")))


class PlaceForm(forms.Form):
    """A role and whose team; who sees one team only gives that one."""

    hide_optional = True
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=ChoiceCards(notes=NOTES))
    team = OneTeamField(
        empty_label=_("Every team"), help_text=_("Only administrators and auditors can see every team.")
    )

    def __init__(self, given: Any = None, *, by: Any, place: actions.Place | None = None, **more: Any) -> None:
        start = {"role": place.role, "team": place.team} if place else {"role": "marketer", "team": home_team(by)}
        super().__init__(given, initial=start, **more)
        self._by, self._house = by, reach_of(by).every
        offer_teams(self, by, least=1 if self._house else 2)

    def place(self) -> actions.Place:
        """What was chosen; of who has no choice, their own team."""
        mine = None if self._house else Team.objects.visible_to(self._by).first()
        return actions.Place(self.cleaned_data["role"], self.cleaned_data.get("team") or mine)


class ProvenPlaceForm(StepUpForm, PlaceForm):
    """Another place of somebody who is here, by an admin who proves again who they are."""


class NamesForm(StepUpForm):
    """What a person is called. Another address wants a proof: the letter for a lost password goes there."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("For letters about imports, and for signing in. It belongs to one person."),
    )

    proof = StepUpField(required=False, help_text=_("Only for another address: a new password can be asked for there."))

    def __init__(self, given: Any = None, *, person: Any, request: Any) -> None:
        names = ("first_name", "last_name", "email")
        start = {name: getattr(person, name) for name in names}
        super().__init__(given, initial=start, request=request, auto_id="names_%s")

    def needs_proof(self, given: dict[str, Any]) -> bool:
        """Names alone are changed without one."""
        return bool(given.get("email") != self.initial["email"])

    def names(self) -> dict[str, str]:
        """What was typed, as the action takes it."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}


class InviteForm(StepUpForm, PlaceForm):
    """Whom to invite, and as what, by an admin who proves again who they are: a new person is a new place, too."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("Of the person who is to come. The invitation is for this address only."),
    )  # fmt: skip
    field_order = ["email", "role", "team", FIELD]


class AcceptForm(SetPasswordMixin, forms.Form):
    """How somebody who was invited wants to be called, and a password the validators take."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Letters, digits and @ . + - _; you sign in with it, or with your e-mail address."),
    )
    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Password"), label2=_("The password once more")
    )

    def __init__(self, given: Any = None, *, email: str) -> None:
        super().__init__(given)
        self._email = email
        for name in ("password1", "password2"):
            self.fields[name].help_text = ""  # said above both

    def clean(self) -> dict[str, Any]:
        """The password is judged together with what else is known of the person."""
        self.validate_passwords("password1", "password2")
        given = super().clean() or self.cleaned_data
        known = {name: given.get(name, "") for name in ("username", "first_name", "last_name")}
        self.validate_password_for_user(get_user_model()(**known, email=self._email), "password2")
        return dict(given)


class PeopleFilter(forms.Form):
    """People by name, team, role and state; what is not understood narrows nothing."""

    q = forms.CharField(
        label=_("Name or e-mail"), required=False, max_length=150,
        widget=forms.TextInput({"placeholder": _("Name or e-mail")}),
    )  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=ANY_TEAM)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", ANY_ROLE), *ROLES.items()])
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def __init__(self, given: Any, *, user: Any) -> None:
        super().__init__(given)
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.visible_to(user).order_by("name")

    def narrow(self, people: Any) -> Any:
        """Those that were asked for."""
        self.is_valid()
        asked = self.cleaned_data
        if text := asked.get("q"):
            named = Q(username__icontains=text) | Q(email__icontains=text)
            people = people.filter(named | Q(first_name__icontains=text) | Q(last_name__icontains=text))
        if asked.get("team"):
            people = people.filter(person__team=asked["team"])
        if asked.get("role"):
            people = people.filter(groups__name=asked["role"])
        return people.filter(is_active=asked["state"] == "on") if asked.get("state") else people
