"""Which database an empty table is for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from imports import actions
from imports.mapping import SYSTEM_FIELDS, TargetField
from imports.models import Connection


class BlankForm(forms.Form):
    """Only databases whose fields were looked up already are offered: this page calls nobody."""

    place = forms.ChoiceField(
        label=gettext_lazy("Profile database"),
        help_text=gettext_lazy("Its own fields become columns too."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {
            f"{connection.pk}-{database['id']}": (connection, database)
            for connection in Connection.objects.visible_to(user).usable()
            for database in connection.part("databases") or []
            if connection.part(f"fields/{database['id']}") is not None
        }
        offered = [(key, f"{database['name']} ({account.name})") for key, (account, database) in self._places.items()]
        chooser: Any = self.fields["place"]
        chooser.choices = [*offered, ("any", gettext_lazy("Any, with the usual fields"))]

    def fields_wanted(self) -> list[TargetField]:
        """The fields of the chosen database, or those every database has."""
        chosen = self._places.get(self.cleaned_data.get("place", ""))
        if chosen is None:
            return list(SYSTEM_FIELDS)
        connection, database = chosen
        return actions.target_fields(connection, database["id"])
