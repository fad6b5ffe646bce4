"""What a list may be narrowed to; everything comes from the address, and what is not understood is left out."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from dashboard.badges import JOB_STATES
from imports import actions
from imports.models import Connection, ImportJob
from imports.models.jobs import ImportJobQuerySet
from imports.states import JobState

ANY_STATE, ANY_PERSON, ANY_ACCOUNT, ANY_VERB = _("Any state"), _("Anyone"), _("Any connection"), _("Everything")


ROWS = [
    ("", _("Rows there or not")),
    ("kept", _("Rows still there")),
    ("soon", _("Rows go within a week")),
    ("purged", _("Rows destroyed")),
]


class JobFilter(forms.Form):
    """Imports by state, connection, person and file name."""

    q = forms.CharField(label=_("File name"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)
    rows = forms.ChoiceField(label=_("Rows and files"), required=False, choices=ROWS)
    connection = forms.ModelChoiceField(
        Connection.objects.none(), label=_("Connection"), required=False, empty_label=ANY_ACCOUNT
    )
    person = forms.ModelChoiceField(
        get_user_model().objects.none(), label=_("Person"), required=False, empty_label=ANY_PERSON
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts: Any = self.fields["connection"]
        accounts.queryset = Connection.objects.visible_to(user).order_by("name")
        states = [(state.value, JOB_STATES[state].label) for state in JobState]
        self.fields["state"].choices = [("", ANY_STATE), *states]  # type: ignore[attr-defined]
        seen = ImportJob.objects.visible_to(user).values("created_by")
        people = get_user_model().objects.filter(pk__in=seen).order_by("username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = name_of  # type: ignore[attr-defined]

    def narrow(self, jobs: ImportJobQuerySet) -> ImportJobQuerySet:
        """The jobs that were asked for; a field that cannot be understood narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        names = {"q": "title__icontains", "state": "state", "connection": "connection", "person": "created_by"}
        jobs = jobs.filter(**{lookup: asked[name] for name, lookup in names.items() if asked.get(name)})
        return _by_rows(jobs, asked.get("rows", ""))


def _by_rows(jobs: ImportJobQuerySet, wanted: str) -> ImportJobQuerySet:
    """Imports whose rows are there, go soon, or are gone."""
    match wanted:
        case "kept":
            return jobs.kept()
        case "purged":
            return jobs.exclude(purged_at=None)
        case "soon":
            return actions.going_soon(jobs)
    return jobs


def name_of(person: Any) -> str:
    return person.get_full_name() or person.get_username()
