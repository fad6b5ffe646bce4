"""An account of the platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import Connection

LIMITS = ("profiles_per_request", "parallel", "deadline_seconds", "bearer", "nested_email")
MEGABYTE = 1_000_000


class ConnectionForm(forms.Form):
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
    profiles_per_request = forms.IntegerField(
        label=_("Profiles per request"), min_value=1, max_value=10_000, help_text=_("Altcraft advises 1,000 at most.")
    )
    megabytes = forms.DecimalField(
        label=_("Megabytes per request"), min_value=0.01, max_value=100, decimal_places=2, max_digits=5
    )
    parallel = forms.IntegerField(
        label=_("Requests at the same time"), min_value=1, max_value=64, help_text=_("Two is a good start.")
    )
    requests_per_second = forms.FloatField(
        label=_("Requests per second"),
        min_value=0,
        required=False,
        widget=forms.NumberInput({"step": "any"}),
        help_text=_("Of all imports into this account together. 0 or empty: no limit."),
    )
    deadline_seconds = forms.IntegerField(label=_("Longest wait for an answer, seconds"), min_value=5, max_value=600)
    bearer = forms.BooleanField(
        label=_("Send the token in a header"),
        required=False,
        help_text=_("As Authorization: Bearer. Off: inside each request, as the documents show it."),
    )
    nested_email = forms.BooleanField(
        label=_("Write e-mail subscriptions as email_data"),
        required=False,
        help_text=_("The documents show both ways. Change it only when subscriptions are rejected."),
    )

    def __init__(self, given: Any = None, *, connection: Connection) -> None:
        limits = {name: getattr(connection, name) for name in LIMITS}
        plain = {"name": connection.name, "base_url": connection.base_url}
        size = {"megabytes": f"{connection.bytes_per_request / MEGABYTE:g}"}
        speed = {"requests_per_second": f"{connection.requests_per_second:g}"}
        super().__init__(given, initial=plain | limits | size | speed)
        if connection.pk:
            self.fields["token"].required = False
            self.fields["token"].help_text = _("Leave it empty to keep the token that is stored; it is never shown.")

    def limits(self) -> dict[str, Any]:
        """The limits under the names the actions know."""
        chosen = {name: self.cleaned_data[name] for name in LIMITS}
        chosen["requests_per_second"] = self.cleaned_data["requests_per_second"] or 0
        return chosen | {"bytes_per_request": int(self.cleaned_data["megabytes"] * MEGABYTE)}
