"""Where the rows go, and how people are found there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.fieldnames import key_choices
from dashboard.widgets import ChoiceCards
from imports import actions
from imports.destination import Destination
from imports.mapping import SubscriptionRule, TargetField
from imports.models import Connection

OPERATIONS = {"import": gettext_lazy("Add and update"), "update": gettext_lazy("Update only")}
OPERATION_NOTES = {
    "import": gettext_lazy("New people are added, known ones updated"),
    "update": gettext_lazy("People not found are rejected"),
}
MATCHINGS = {
    "email": gettext_lazy("E-mail anywhere"),
    "email_profile": gettext_lazy("E-mail in the profile"),
    "email_sub": gettext_lazy("E-mail in a subscription"),
    "phone": gettext_lazy("Phone anywhere"),
    "phone_sub": gettext_lazy("Phone in a subscription"),
    "email_phone": gettext_lazy("E-mail or phone in the profile"),
    "email_phone_sub": gettext_lazy("E-mail or phone in a subscription"),
    "custom": gettext_lazy("A field of the database"),
    "profile_id": gettext_lazy("Profile ID (update only)"),
}
DUPLICATES = {
    "last": gettext_lazy("The last row goes"),
    "first": gettext_lazy("The first row goes"),
    "all": gettext_lazy("All go, one after another"),
}
REGIONS = {
    "RU": gettext_lazy("Russia"),
    "BY": gettext_lazy("Belarus"),
    "KZ": gettext_lazy("Kazakhstan"),
    "AM": gettext_lazy("Armenia"),
    "AZ": gettext_lazy("Azerbaijan"),
    "GE": gettext_lazy("Georgia (country)"),
    "KG": gettext_lazy("Kyrgyzstan"),
    "MD": gettext_lazy("Moldova"),
    "TJ": gettext_lazy("Tajikistan"),
    "TM": gettext_lazy("Turkmenistan"),
    "UZ": gettext_lazy("Uzbekistan"),
    "UA": gettext_lazy("Ukraine"),
    "EE": gettext_lazy("Estonia"),
    "LT": gettext_lazy("Lithuania"),
    "LV": gettext_lazy("Latvia"),
    "DE": gettext_lazy("Germany"),
    "ES": gettext_lazy("Spain"),
    "FR": gettext_lazy("France"),
    "GB": gettext_lazy("United Kingdom"),
    "IL": gettext_lazy("Israel"),
    "IN": gettext_lazy("India"),
    "IT": gettext_lazy("Italy"),
    "PL": gettext_lazy("Poland"),
    "RS": gettext_lazy("Serbia"),
    "TR": gettext_lazy("Turkey"),
    "AE": gettext_lazy("United Arab Emirates"),
    "US": gettext_lazy("United States"),
}
CHANNELS = {"email": gettext_lazy("e-mail"), "sms": gettext_lazy("SMS")}
Choices = list[tuple[str, Any]]
PLAIN = ("operation", "matching", "duplicates", "phone_region")


class DestinationForm(forms.Form):
    """Everything of a destination but the account and the database, whose lists the other choices hang on."""

    connection = forms.ChoiceField(label=gettext_lazy("Account"))
    database = forms.IntegerField(
        label=gettext_lazy("Profile database"),
        min_value=1,
        max_value=2**31 - 1,
        error_messages={"required": gettext_lazy("Choose the database the people go to.")},
    )
    operation = forms.ChoiceField(
        label=gettext_lazy("What to do with the profiles"),
        choices=list(OPERATIONS.items()),
        widget=ChoiceCards(notes=OPERATION_NOTES),
    )
    matching = forms.ChoiceField(
        label=gettext_lazy("Find people by"),
        choices=list(MATCHINGS.items()),
        help_text=gettext_lazy("Anywhere: in the profile or in one of its subscriptions."),
    )
    match_field = forms.CharField(
        label=gettext_lazy("Field that tells people apart"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Such as a customer number: filled and different for everybody."),
    )
    duplicates = forms.ChoiceField(
        label=gettext_lazy("Rows about the same person"),
        choices=list(DUPLICATES.items()),
        help_text=gettext_lazy("Rows left behind are set aside and shown, never lost."),
    )
    phone_region = forms.ChoiceField(label=gettext_lazy("Country of phones without a code"), required=False)
    run_triggers = forms.BooleanField(
        label=gettext_lazy("Start triggers for these people"),
        required=False,
        help_text=gettext_lazy("Off: nobody gets a message because of this import."),
    )
    skip_invalid_subscriptions = forms.BooleanField(
        label=gettext_lazy("Skip subscriptions Altcraft cannot take"),
        required=False,
        help_text=gettext_lazy("The profile is imported without the subscription. Off: the whole profile is rejected."),
    )
    subscriptions = forms.MultipleChoiceField(
        label=gettext_lazy("Subscribe these people to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hide_optional = True

    def __init__(
        self,
        given: Mapping[str, Any] | None,
        *,
        connections: Sequence[Connection],
        connection: Connection | None,
        fields: Sequence[TargetField],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(given, initial=dict(initial))
        self._connection = connection
        self._offer("connection", [(str(one.pk), one.name) for one in connections])
        if databases := self.databases():
            self.fields["database"].widget = forms.Select(choices=_numbered(databases))
        if keys := key_choices(fields):
            self.fields["match_field"].widget = forms.Select(choices=[("", "—"), *keys])
        self._offer("phone_region", _regions(str(initial.get("phone_region", ""))))
        self._offer("subscriptions", self._subscriptions(initial.get("database")))
        if not self.fields["subscriptions"].choices:  # type: ignore[attr-defined]
            del self.fields["subscriptions"]

    def databases(self) -> list[tuple[int, str]]:
        """(number, name) of the account's databases as last fetched; [] when the list is not known."""
        found = (self._connection.part("databases") if self._connection else None) or ()
        return [(item["id"], item["name"]) for item in found]

    def destination(self) -> Destination:
        """The choices as the domain takes them."""
        chosen = self.cleaned_data
        custom = chosen["matching"] == "custom"
        rules = (rule.split(":") for rule in chosen.get("subscriptions") or ())
        return replace(
            Destination(chosen["database"]),
            database_name=dict(self.databases()).get(chosen["database"], ""),
            match_field=chosen["match_field"].strip() if custom else "",
            skip_triggers=not chosen["run_triggers"],
            subscriptions=tuple(SubscriptionRule(channel, int(number)) for channel, number in rules),
            skip_invalid_subscriptions=chosen.get("skip_invalid_subscriptions", False),
            **{name: chosen[name] for name in PLAIN if name in chosen},
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        offered = actions.offered_matchings(found.get("operation", ""))
        if offered and found.get("matching") and found["matching"] not in offered:
            self.add_error("matching", _("This is for updating only. Choose “Update only” or another way of finding."))
        return found

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _subscriptions(self, database: Any) -> Choices:
        resources = (self._connection.part("resources") if self._connection else None) or ()
        return [
            (f"{channel}:{item['id']}", _("%(name)s: %(channel)s") % {"name": item["name"], "channel": word})
            for item in resources
            if _serves(item, database)
            for channel, word in CHANNELS.items()
            if not item.get("channels") or channel in item["channels"]
        ]


def initial_of(destination: Destination, connection_id: int | None) -> dict[str, Any]:
    """A kept destination as the form's initial values."""
    plain = destination.to_plain()
    rules = [f"{rule.channel}:{rule.resource_id}" for rule in destination.subscriptions]
    changed = {"connection": connection_id, "database": destination.database_id, "subscriptions": rules}
    return plain | changed | {"run_triggers": not destination.skip_triggers}


def _serves(resource: Mapping[str, Any], database: Any) -> bool:
    bound = resource.get("database_ids")
    return not bound or str(database) in {str(number) for number in bound}


def _numbered(databases: Sequence[tuple[int, str]]) -> Choices:
    return [(str(number), f"{name} ({number})") for number, name in databases]


def _regions(now: str) -> Choices:
    known: Choices = list(REGIONS.items())
    if now and now not in REGIONS:
        known.insert(0, (now, now))
    return [*known, ("", _("None: such phones are problems"))]
