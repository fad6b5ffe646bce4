"""Asking the platform a question with marked test profiles: where they may go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.models import Connection


class ProbeForm(forms.Form):
    """The database and, where the question needs one, the resource; and the person's plain yes."""

    database = forms.IntegerField(
        label=_("Database for the test profiles"),
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("Best one that is not used for real people."),
    )
    resource = forms.IntegerField(
        label=_("Resource they are subscribed to"),
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("Best one that nothing is sent by."),
    )
    apply = forms.BooleanField(
        label=_("Set the switches of this account by what is seen"),
        required=False,
        initial=True,
        help_text=_("Only where one way was seen to work and the other was seen not to."),
    )
    agreed = forms.BooleanField(
        label=_("Write the test profiles to Altcraft"),
        error_messages={"required": _("Tick this first: nothing is written without it.")},
    )

    def __init__(self, given: Any = None, *, connection: Connection, needs_resource: bool, sets: bool) -> None:
        super().__init__(given)
        self._offer("database", connection.part("databases"))
        self._offer("resource", connection.part("resources"))
        if not needs_resource:
            del self.fields["resource"]
        if not sets:
            del self.fields["apply"]

    def _offer(self, name: str, listed: Any) -> None:
        """Let one choose from the list where it is known; else its number is typed."""
        if listed:
            choices = [("", "—"), *((str(item["id"]), f"{item['name']} ({item['id']})") for item in listed)]
            self.fields[name].widget = forms.Select(choices=choices)
