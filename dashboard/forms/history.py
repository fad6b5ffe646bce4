"""What the history may be narrowed to; everything comes from the address, and what is not understood is left out."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.forms.lists import ANY_PERSON, ANY_VERB, name_of
from dashboard.presenting.verbs import TOPICS
from imports.models import ImportJob, Team, reach_of
from imports.models.events import HistoryQuerySet

LARGEST = 2**63 - 1
MACHINE, TOPIC = "0", "topic-"


class HistoryFilter(forms.Form):
    """Events by person, kind, import, team and day, of those this user may see; days are of the user's own zone."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    verb = forms.ChoiceField(label=_("What happened"), required=False)
    about = forms.CharField(label=_("Import"), required=False, max_length=200)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("Any team"))
    job = forms.UUIDField(label=_("Import"), required=False, widget=forms.HiddenInput)
    since = forms.DateField(
        label=pgettext_lazy("first day", "From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=pgettext_lazy("last day", "To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["person"].choices = [("", ANY_PERSON), *_people(user), (MACHINE, _("The dashboard"))]  # type: ignore[attr-defined]
        self.fields["verb"].choices = [("", ANY_VERB), *_kinds()]  # type: ignore[attr-defined]
        self.fields["about"].widget.attrs["placeholder"] = _("Number or name of an import")
        if reach_of(user).every:
            self.fields["team"].queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["team"]

    def narrow(self, events: HistoryQuerySet) -> HistoryQuerySet:
        """The events that were asked for."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        jobs = ImportJob.objects.visible_to(self._user)
        if "person" in asked:
            events = events.filter(actor_id=None if asked["person"] == MACHINE else int(asked["person"]))
        if "verb" in asked:
            events = events.filter(verb__in=_verbs(asked["verb"]))
        if "about" in asked:
            events = events.filter(job_id__in=jobs.filter(_named(asked["about"])).values("pk"))
        if "job" in asked:
            events = events.filter(job_id__in=jobs.filter(uuid=asked["job"]).values("pk"))
        if "team" in asked:
            events = events.of_team(asked["team"].pk)
        if "since" in asked:
            events = events.filter(at__gte=_midnight(asked["since"]))
        if "until" in asked:
            events = events.filter(at__lte=_midnight(asked["until"], time.max))
        return events


def _people(user: Any) -> list[tuple[str, str]]:
    """Everybody whose acts this user may see; who was switched off did things too."""
    people = reach_of(user).narrow(get_user_model().objects.order_by("username"), "person__team")
    return [(str(person.pk), name_of(person)) for person in people]


def _kinds() -> list[tuple[Any, Any]]:
    """The verbs under their topics, each topic also as a whole."""
    groups: list[tuple[Any, Any]] = []
    for name, topic in TOPICS.items():
        verbs = sorted(((verb, told.label) for verb, told in topic.verbs.items()), key=lambda verb: str(verb[1]))
        if verbs:
            groups.append((topic.label, [(TOPIC + name, _("All of it")), *verbs]))
    return groups


def _verbs(asked: str) -> list[str]:
    return list(TOPICS[asked.removeprefix(TOPIC)].verbs) if asked.startswith(TOPIC) else [asked]


def _named(about: str) -> Q:
    """An import by its number, or by a part of its name."""
    named = Q(title__icontains=about)
    return named | Q(pk=int(about)) if about.isdecimal() and int(about) <= LARGEST else named


def _midnight(day: Any, at: time = time.min) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
