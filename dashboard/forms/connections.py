"""An account of the platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms.numbers import DecimalNumberField, FloatNumberField, WholeNumberField
from dashboard.forms.teams import OneTeamField, offer_teams
from dashboard.stepup import FIELD, StepUpForm
from imports.models import Connection, reach_of

LIMITS = (
    "profiles_per_request",
    "parallel",
    "deadline_seconds",
    "approval",
    "canary_rows",
    "brake_percent",
    "brake_after",
    "bearer",
    "nested_email",
    "nested_email_single",
)
MEGABYTE = 1_000_000
ABOVE = "above"


class ConnectionForm(StepUpForm):
    """Name, address, token and limits. The token is only ever written: it is never shown again."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("How people here call this account."))
    base_url = forms.URLField(
        label=_("Address of the platform"),
        max_length=300,
        assume_scheme="https",
        widget=forms.TextInput({"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Such as https://example.altcraft.com. It must be on the deployment's list of allowed hosts."),
    )
    token = forms.CharField(
        label=_("API token"),
        max_length=2_000,
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
        help_text=_("A master user finds it in Altcraft under Settings, Tokens. It is kept encrypted and never shown."),
    )
    profiles_per_request = WholeNumberField(
        label=_("Profiles per request"),
        min_value=1,
        max_value=10_000,
        help_text=_(
            "Altcraft advises 10,000 at most. More is faster; fewer leave fewer people in doubt when an answer is lost."
            " Imports that a machine must not repeat send 1,000 at most, whatever stands here."
        ),
    )
    megabytes = DecimalNumberField(
        label=_("Megabytes per request"),
        min_value=0.01,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        help_text=_("Altcraft takes 10 unless its server is set otherwise; 9 leaves room. A fuller batch is cut."),
    )
    parallel = WholeNumberField(
        label=_("Requests at the same time"),
        min_value=1,
        max_value=64,
        help_text=_("Of all imports into this account together. Two is a good start; more helps if Altcraft is slow."),
    )
    requests_per_second = FloatNumberField(
        label=_("Requests per second"),
        min_value=0,
        max_value=1_000,
        required=False,
        widget=forms.NumberInput({"step": "any"}),
        help_text=_("Of all imports into this account together. 0 or empty: no limit."),
    )
    deadline_seconds = WholeNumberField(
        label=_("Longest wait for an answer, seconds"),
        min_value=5,
        max_value=600,
        help_text=_("After that a request counts as unanswered. Large requests need longer."),
    )
    approval = forms.ChoiceField(
        label=_("A second person looks before sending"),
        choices=[
            ("never", _("Never")),
            ("unsafe", _("At imports that may write to people or must not be repeated")),
            (ABOVE, _("At those, and at any larger than the number below")),
            ("always", _("At every import")),
        ],
        help_text=_("It counts at once, also for imports that were checked already."),
    )
    approval_above = WholeNumberField(
        label=_("Larger than so many profiles"),
        min_value=1,
        max_value=999_999_999,
        required=False,
        help_text=_("Counts only where size decides, and must be written there."),
    )
    canary_rows = WholeNumberField(
        label=_("Rows sent alone first, at least"),
        min_value=0,
        max_value=1_000,
        help_text=_(
            "Every import sends so many rows alone and waits until a person has seen the answers. 0: by choice."
        ),
    )
    brake_percent = WholeNumberField(
        label=_("Pause when more is rejected than, %"),
        min_value=0,
        max_value=99,
        help_text=_(
            "An import pauses by itself when more of its answered rows were rejected; try 30. 0: it never does."
        ),
    )
    brake_after = WholeNumberField(
        label=_("But not before so many rows are answered"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("A few rows say little about the rest."),
    )
    bearer = forms.BooleanField(
        label=_("Send the token in a header"),
        required=False,
        help_text=_("As Authorization: Bearer. Off: inside each request, as the documents show it."),
    )
    nested_email = forms.BooleanField(
        label=_("In batches: write e-mail subscriptions as email_data"),
        required=False,
        help_text=_("The documents show both ways, their example of a batch this one. A question below tries it."),
    )
    nested_email_single = forms.BooleanField(
        label=_("In single requests: write them as email_data"),
        required=False,
        help_text=_("The documents' example of a single request shows the plain way."),
    )

    team = OneTeamField(
        empty_label=_("Every team"),
        help_text=_("Only its people can send through this account, and only its admins see these settings."),
    )

    def __init__(self, given: Any = None, *, connection: Connection, request: Any) -> None:
        limits = {name: getattr(connection, name) for name in LIMITS}
        plain = {"name": connection.name, "base_url": connection.base_url, "team": connection.team_id}
        size = {"megabytes": f"{connection.bytes_per_request / MEGABYTE:g}"}
        speed = {"requests_per_second": f"{connection.requests_per_second:g}"}
        rule, _colon, above = connection.approval.partition(":")
        size |= {"approval": rule, "approval_above": above}
        super().__init__(given, request=request, initial=plain | limits | size | speed)
        self._connection = connection
        self.fields[FIELD].required = False
        self.fields[FIELD].help_text = _("Only for a new token or another address: so that nobody else changes them.")
        offer_teams(self, request.user, least=1 if reach_of(request.user).every else 2)
        if connection.pk:
            self.fields["token"].required = False
            self.fields["token"].help_text = _("Leave it empty to keep the token that is stored; it is never shown.")

    def clean_approval_above(self) -> int | None:
        above: int | None = self.cleaned_data["approval_above"]
        if above is None and self.cleaned_data.get("approval") == ABOVE:
            raise forms.ValidationError(_("Write from how many profiles on somebody looks."))
        return above

    def whose(self) -> dict[str, Any]:
        """The team that was chosen, where there was a choice."""
        return {"team": self.cleaned_data["team"]} if "team" in self.fields else {}

    def needs_proof(self, given: dict[str, Any]) -> bool:
        """Where the people of an account go, and by which token, is not changed on somebody's open page."""
        kept = self._connection
        return bool(kept.pk and (given.get("token") or given.get("base_url", "").rstrip("/") != kept.base_url))

    def limits(self) -> dict[str, Any]:
        """The limits under the names the actions know."""
        chosen = {name: self.cleaned_data[name] for name in LIMITS}
        rule, above = chosen["approval"], self.cleaned_data["approval_above"]
        chosen["approval"] = f"{ABOVE}:{above}" if rule == ABOVE else rule
        chosen["requests_per_second"] = self.cleaned_data["requests_per_second"] or 0
        return chosen | {"bytes_per_request": int(self.cleaned_data["megabytes"] * MEGABYTE)}
