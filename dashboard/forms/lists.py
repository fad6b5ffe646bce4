"""What a list may be narrowed to; everything comes from the address, and what is not understood is left out."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.badges import JOB_STATES
from dashboard.presenting.verbs import VERBS
from imports.models import Connection, HistoryEvent, ImportJob
from imports.models.events import HistoryQuerySet
from imports.models.jobs import ImportJobQuerySet
from imports.states import JobState

ANY_STATE, ANY_PERSON, ANY_ACCOUNT, ANY_VERB = _("Any state"), _("Anyone"), _("Any connection"), _("Everything")


class JobFilter(forms.Form):
    """Imports by state, connection, person and file name."""

    q = forms.CharField(label=_("File name"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)
    connection = forms.ModelChoiceField(
        Connection.objects.order_by("name"), label=_("Connection"), required=False, empty_label=ANY_ACCOUNT
    )
    person = forms.ModelChoiceField(
        get_user_model().objects.none(), label=_("Person"), required=False, empty_label=ANY_PERSON
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, JOB_STATES[state].label) for state in JobState]
        self.fields["state"].choices = [("", ANY_STATE), *states]  # type: ignore[attr-defined]
        people = get_user_model().objects.filter(pk__in=ImportJob.objects.values("created_by")).order_by("username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = name_of  # type: ignore[attr-defined]

    def narrow(self, jobs: ImportJobQuerySet) -> ImportJobQuerySet:
        """The jobs that were asked for; a field that cannot be understood narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        names = {"q": "title__icontains", "state": "state", "connection": "connection", "person": "created_by"}
        return jobs.filter(**{lookup: asked[name] for name, lookup in names.items() if asked.get(name)})


class HistoryFilter(forms.Form):
    """Events by person, kind, import and day."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    verb = forms.ChoiceField(label=_("What happened"), required=False)
    job = forms.UUIDField(label=_("Import"), required=False, widget=forms.HiddenInput)
    since = forms.DateField(
        label=pgettext_lazy("first day", "From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=pgettext_lazy("last day", "To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = HistoryEvent.objects.exclude(actor_name="").order_by("actor_name").values_list("actor_name", flat=True)
        people = [(name, name) for name in names.distinct()]
        self.fields["person"].choices = [("", ANY_PERSON), *people]  # type: ignore[attr-defined]
        verbs = sorted(((name, verb.label) for name, verb in VERBS.items()), key=lambda verb: str(verb[1]))
        self.fields["verb"].choices = [("", ANY_VERB), *verbs]  # type: ignore[attr-defined]

    def narrow(self, events: HistoryQuerySet, jobs: ImportJobQuerySet) -> HistoryQuerySet:
        """The events that were asked for; `jobs` are those this person may see."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("person"):
            events = events.filter(actor_name=asked["person"])
        if asked.get("verb"):
            events = events.filter(verb=asked["verb"])
        if asked.get("job"):
            events = events.filter(job_id__in=jobs.filter(uuid=asked["job"]).values("pk"))
        if asked.get("since"):
            events = events.filter(at__gte=_midnight(asked["since"]))
        if asked.get("until"):
            events = events.filter(at__lte=_midnight(asked["until"], time.max))
        return events


def name_of(person: Any) -> str:
    return person.get_full_name() or person.get_username()


def _midnight(day: Any, at: time = time.min) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
