"""Where the rows go, and how people are found there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.fieldnames import key_choices
from dashboard.forms.choices import DUPLICATES, MATCHING_NOTES, MATCHINGS, OPERATION_NOTES, OPERATIONS, REGIONS
from dashboard.forms.pairs import PairsField
from dashboard.widgets import ChoiceCards
from imports import actions
from imports.destination import Destination
from imports.mapping import TargetField
from imports.models import Connection

Choices = list[tuple[str, Any]]
PLAIN = ("operation", "duplicates", "phone_region")
SEGMENTS = ("add_to_segments", "remove_from_segments")
SINGLE = ("import", "update", "add")  # operations with a call for one person; a scenario takes a list of one
OPTIONAL = ("skip_invalid_subscriptions", "detect_geo", "resource", "content", "custom_request")
FIELD_MATCHINGS = ("custom", "custom_sub")
QUERY = "query"  # stands for finding people by a query of one's own


@dataclass(frozen=True, slots=True)
class Context:
    """What the choices hang on: the account, the database, its fields, who chooses, and what is kept already."""

    connections: Sequence[Connection]
    connection: Connection | None
    database_id: int
    fields: Sequence[TargetField]
    kept: Destination
    admin: bool = False

    def part(self, name: str) -> Sequence[Mapping[str, Any]]:
        """A list of the account as last fetched; empty when it is not known."""
        return (self.connection.part(name) if self.connection else None) or ()

    def resources(self) -> list[Mapping[str, Any]]:
        """The resources people of this database can be subscribed to."""
        return [item for item in self.part("resources") if _serves(item, self.database_id)]


class DestinationForm(forms.Form):
    """Everything of a destination but the subscriptions; only what the chosen operation takes is there."""

    connection = forms.ChoiceField(label=gettext_lazy("Account"))
    database = forms.IntegerField(
        label=gettext_lazy("Profile database"),
        min_value=1,
        max_value=2**31 - 1,
        error_messages={"required": gettext_lazy("Choose the database the people go to.")},
    )
    operation = forms.ChoiceField(
        label=gettext_lazy("What to do with the profiles"), widget=ChoiceCards(notes=OPERATION_NOTES)
    )
    scenario = forms.IntegerField(
        label=gettext_lazy("Scenario"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=gettext_lazy("Only scenarios of this database that are switched on are listed."),
    )
    matching = forms.ChoiceField(label=gettext_lazy("Find people by"))
    match_field = forms.CharField(
        label=gettext_lazy("Field that tells people apart"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Such as a customer number: filled and different for everybody."),
    )
    custom_request = forms.CharField(
        label=gettext_lazy("Query of the database"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3, "class": "form-control tech", "spellcheck": "false"}),
        help_text=gettext_lazy("A JSON object. Used only when people are found by a query."),
    )
    resource = forms.ChoiceField(
        label=gettext_lazy("Look in the subscriptions of"),
        required=False,
        help_text=gettext_lazy("Only matters where people are found by their subscriptions."),
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
    detect_geo = forms.BooleanField(
        label=gettext_lazy("Tell the place from the IP address"),
        required=False,
        help_text=gettext_lazy("Altcraft fills in country, region and city from the IP address of the row."),
    )
    content = PairsField(
        label=gettext_lazy("Texts for the messages"),
        required=False,
        help_text=gettext_lazy("Names the templates of the scenario use, each with the text that goes there."),
    )
    single = forms.BooleanField(
        label=gettext_lazy("A request for each row"),
        required=False,
        help_text=gettext_lazy("Slower. Only such requests can put people into segments."),
    )
    add_to_segments = forms.MultipleChoiceField(
        label=gettext_lazy("Put into segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove_from_segments = forms.MultipleChoiceField(
        label=gettext_lazy("Take out of segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hide_optional = True
    operations: Sequence[str] = tuple(OPERATIONS)

    def __init__(self, given: Mapping[str, Any] | None, *, context: Context, initial: Mapping[str, Any]) -> None:
        super().__init__(given, initial=dict(initial))
        self._context = context
        asked = given if given is not None else initial
        self.call_name = str(asked.get("operation") or "import")
        self.is_single = self._is_single(asked)
        self._offer("operation", [(name, OPERATIONS[name]) for name in self.operations])
        self._offer("connection", [(str(one.pk), one.name) for one in context.connections])
        if databases := self.databases():
            self.fields["database"].widget = forms.Select(choices=_numbered(databases))
        self._offer("phone_region", _regions(str(initial.get("phone_region", ""))))
        self._drop_what_the_call_lacks()
        self._arrange_search(str(asked.get("matching") or ""))
        self._arrange_scenario()
        self._arrange_segments()

    @property
    def takes_files(self) -> bool:
        """Whether files can go with the messages of the chosen call."""
        return self._takes("attach")

    @property
    def why_no_segments(self) -> str:
        """Why segments cannot be chosen, in a sentence; "" when they can."""
        if SEGMENTS[0] in self.fields:
            return ""
        if self.call_name == "scenario":
            return _("A scenario takes people in lists, and lists cannot change segments.")
        if self.call_name == "add":
            return _("“Add only” cannot change segments. “Add and update” can.")
        if not self.is_single:
            return _("Lists cannot change segments: tick “A request for each row” to choose some.")
        return _("The account's segments are not known: refresh the lists.")

    @property
    def matching_note(self) -> str:
        """What the chosen way of finding looks for, in a sentence."""
        return str(MATCHING_NOTES.get(str(self["matching"].value()), "")) if "matching" in self.fields else ""

    def matching_notes(self) -> list[tuple[Any, Any]]:
        """(name, sentence) of every way of finding this operation can carry."""
        offered = self.fields["matching"].widget.choices if "matching" in self.fields else ()
        return [(name, MATCHING_NOTES.get(value, "")) for value, name in offered]

    def databases(self) -> list[tuple[int, str]]:
        """(number, name) of the account's databases as last fetched; [] when the list is not known."""
        return [(item["id"], item["name"]) for item in self._context.part("databases")]

    def destination(self) -> Destination:
        """The choices as the domain takes them, over what is kept and not asked here."""
        chosen = self.cleaned_data
        matching = chosen.get("matching", "email")
        return replace(
            self._kept_rest(),
            database_id=chosen["database"],
            database_name=dict(self.databases()).get(chosen["database"], ""),
            matching="" if matching == QUERY else matching,
            match_field=chosen["match_field"].strip() if matching in FIELD_MATCHINGS else "",
            add_to_segments=_numbers(chosen.get("add_to_segments")),
            remove_from_segments=_numbers(chosen.get("remove_from_segments")),
            skip_triggers=not chosen["run_triggers"],
            **{name: chosen[name] for name in PLAIN if name in chosen},
            **self._options(chosen),
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        offered = self._matchings()
        if offered and found.get("matching") and found["matching"] not in offered:
            self.add_error("matching", _wrong_matching(found["matching"]))
        if "scenario" in self.fields and not found.get("scenario") and "scenario" not in self.errors:
            self.add_error("scenario", _("Choose the scenario the people should enter."))
        return found

    def _options(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        kept, scenario = self._context.kept, chosen.get("scenario")
        geo = True if chosen.get("detect_geo") else (False if kept.detect_geo is False else None)
        told: dict[str, Any] = {
            "skip_invalid_subscriptions": chosen.get("skip_invalid_subscriptions", False),
            "detect_geo": geo if self._takes("detect_geo") else None,
            "resource_id": int(chosen["resource"]) if chosen.get("resource") else None,
            "scenario_id": scenario,
            "scenario_name": self._scenario_names().get(scenario, "") if scenario else "",
            "content": chosen.get("content", ()),
        }
        if "custom_request" in self.fields:
            asked = chosen["custom_request"].strip() if chosen.get("matching") == QUERY else ""
            told["custom_request"] = asked
        elif not self._takes("custom_request"):
            told["custom_request"] = ""
        return told

    def _kept_rest(self) -> Destination:
        """What was kept and is not asked, without what the chosen call does not take."""
        return replace(self._context.kept, attach=(), single=self.is_single)

    def _is_single(self, asked: Mapping[str, Any]) -> bool:
        return self.call_name in SINGLE and bool(asked.get("single"))

    def _takes(self, option: str) -> bool:
        return option in actions.offered_options(self.call_name, single=self.is_single)

    def _matchings(self) -> tuple[str, ...]:
        offered = actions.offered_matchings(self.call_name, single=self.is_single)
        return (*offered, QUERY) if offered and self._takes("custom_request") and self._may_query() else offered

    def _may_query(self) -> bool:
        return self._context.admin or bool(self._context.kept.custom_request)

    def _drop_what_the_call_lacks(self) -> None:
        for name in OPTIONAL:
            if name in self.fields and not self._takes("resource_id" if name == "resource" else name):
                del self.fields[name]
        if "custom_request" in self.fields and not self._context.admin:
            del self.fields["custom_request"]
        if self.call_name != "scenario":
            del self.fields["scenario"]

    def _arrange_search(self, matching: str) -> None:
        offered = self._matchings()
        if not offered:
            del self.fields["matching"]
            self.fields.pop("resource", None)
            return
        names = MATCHINGS | {QUERY: _("A query of your own")}
        self._offer("matching", list(names.items()))
        self.fields["matching"].widget.choices = [(one, names.get(one, one)) for one in offered]
        if matching == "custom_sub":
            self.fields["match_field"].help_text = _("The name of the subscription's field, as below.")
        elif keys := key_choices(self._context.fields):
            self.fields["match_field"].widget = forms.Select(choices=[("", "—"), *keys])
        if "resource" in self.fields:
            self._offer("resource", self._resource_choices())

    def _resource_choices(self) -> Choices:
        found = {str(item["id"]): item["name"] for item in self._context.resources()}
        kept = self._context.kept.resource_id
        if kept is not None:
            found.setdefault(str(kept), _("Resource %(id)s") % {"id": kept})
        return [("", _("All resources")), *found.items()]

    def _arrange_scenario(self) -> None:
        if "scenario" in self.fields and self._context.part("scenarios"):
            listed = [(str(number), name) for number, name in self._scenario_names().items()]
            self.fields["scenario"].widget = forms.Select(choices=[("", _("Choose a scenario")), *listed])

    def _arrange_segments(self) -> None:
        if self.call_name not in SINGLE:
            self.fields.pop("single", None)
        listed = {str(item["id"]): item["name"] for item in self._context.part("segments")}
        for name in SEGMENTS:
            kept = {str(one): _("Segment %(id)s") % {"id": one} for one in getattr(self._context.kept, name)}
            if (listed or kept) and self._takes(name):
                self._offer(name, list((kept | listed).items()))
            else:
                del self.fields[name]

    def _scenario_names(self) -> dict[int, str]:
        """Active scenarios of the database, and the one kept, by number."""
        kept, found = self._context.kept.scenario_id, {}
        for item in self._context.part("scenarios"):
            fits = item.get("active") and item.get("database_id") in (None, self._context.database_id)
            if fits or (item["id"] == kept and self._context.kept.database_id == self._context.database_id):
                found[item["id"]] = item["name"] if fits else _("%(name)s (cannot be started)") % {"name": item["name"]}
        return found

    def _offer(self, name: str, choices: Choices) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def initial_of(destination: Destination, connection_id: int | None) -> dict[str, Any]:
    """A kept destination as the form's initial values."""
    plain = {name: getattr(destination, name) for name in (*PLAIN, "match_field", "content", "custom_request")}
    options = {
        "matching": destination.matching or (QUERY if destination.custom_request else "email"),
        "skip_invalid_subscriptions": destination.skip_invalid_subscriptions,
        "detect_geo": bool(destination.detect_geo),
        "resource": destination.resource_id,
        "scenario": destination.scenario_id,
        "run_triggers": not destination.skip_triggers,
        "single": destination.single,
        "add_to_segments": [str(one) for one in destination.add_to_segments],
        "remove_from_segments": [str(one) for one in destination.remove_from_segments],
    }
    return plain | options | {"connection": connection_id, "database": destination.database_id}


def _numbers(texts: Iterable[str] | None) -> tuple[int, ...]:
    return tuple(map(int, texts or ()))


def _wrong_matching(matching: str) -> str:
    if matching == "profile_id":
        return _("This is for updating only. Choose “Update only” or another way of finding.")
    return _("The chosen operation cannot find people this way. Choose another one.")


def _serves(resource: Mapping[str, Any], database: Any) -> bool:
    bound = resource.get("database_ids")
    return not bound or str(database) in {str(number) for number in bound}


def _numbered(databases: Iterable[tuple[int, str]]) -> Choices:
    return [(str(number), f"{name} ({number})") for number, name in databases]


def _regions(now: str) -> Choices:
    known: Choices = list(REGIONS.items())
    if now and now not in REGIONS:
        known.insert(0, (now, now))
    return [*known, ("", _("None: such phones are problems"))]
