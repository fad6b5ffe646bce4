"""Where rows are to go: the accounts, databases and fields a page offers, and what is chosen of them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from dashboard.access import is_admin
from dashboard.catalogue import look_up
from dashboard.forms.attachments import AttachedFiles
from dashboard.forms.destination import Context, DestinationForm, initial_of
from dashboard.forms.subscriptions import Offer, Rules
from imports import actions
from imports.destination import Destination
from imports.mapping import CONTACT_KINDS, TargetField, match_key_fields
from imports.models import Connection, ImportJob

DEFAULT_REGION = "RU"
USUAL = ("import", "update")  # an import begins with one of these, whatever the last one did
REDRAWING = frozenset(
    {"show", "refresh", "row", "means", "mine", "add_rule", "remove_rule", "add_files", "remove_file"}
)  # names of what only redraws a page


CONTROLS = {  # faults that are about a control of the destination
    "database_unknown": "database",
    "operation_unknown": "operation",
    "single_not_for_call": "operation",
    "matching_not_for_call": "matching",
    "matching_unknown": "matching",
    "match_field_missing": "match_field",
    "key_kind": "match_field",
    "key_not_mapped": "matching",
    "key_not_subscribed": "matching",
    "profile_id_not_key": "matching",
    "duplicates_unknown": "duplicates",
    "scenario_missing": "scenario",
    "scenario_unknown": "scenario",
    "scenario_other_database": "scenario",
    "scenario_inactive": "scenario",
    "resource_unknown": "resource",
    "custom_request_malformed": "custom_request",
    "custom_request_with_matching": "custom_request",
    "custom_request_admins_only": "custom_request",
    "segment_unknown": "add_to_segments",
    "segment_in_and_out": "add_to_segments",
}


class Where:
    """The destination as kept with the job, as given by a page, or as this person's last import had it.

    `redraw` takes what was given for a page to be shown again without judging it; `look` fetches missing lists,
    `anew` all of them. `troubles` says in words what could not be fetched.
    """

    form_class = DestinationForm
    typed = False

    def __init__(
        self,
        user: Any,
        given: Mapping[str, Any] | None = None,
        *,
        job: ImportJob | None = None,
        uploads: Any = None,
        redraw: bool = False,
        look: bool = True,
        anew: bool = False,
    ) -> None:
        self._user, self._given, self._job, self._redraw = user, given, job, redraw
        self.usual_matching = "email"
        self.columns: list[tuple[int, str]] = []
        self._look, self._anew = look, anew
        self._uploads = uploads
        self.troubles = self._look_up(anew) if look else []

    @cached_property
    def connections(self) -> list[Connection]:
        open_ = Connection.objects.visible_to(self._user).usable()
        found = list(open_.of_team(self._job.team_id) if self._job else open_)
        kept = self._job.connection if self._job else None
        return found if kept is None or kept in found else [kept, *found]

    @cached_property
    def connection(self) -> Connection | None:
        """The account chosen; the first one when none is, None when there is none at all."""
        given = (self._given or {}).get("connection")
        kept = self._job.connection_id if self._job else None
        wanted = given or kept or (self._last.connection_id if self._last else None)
        by_id = {str(one.pk): one for one in self.connections}
        return by_id.get(str(wanted)) or next(iter(self.connections), None)

    @cached_property
    def database_id(self) -> int:
        """The number of the database chosen, as far as the account has it; 0 when none can be told."""
        typed = str((self._given or {}).get("database", ""))
        wanted = int(typed) if typed.isdecimal() and len(typed) < 10 else self.kept.database_id
        known = [item["id"] for item in (self.connection.part("databases") if self.connection else None) or ()]
        return wanted if not known or wanted in known else known[0]

    @cached_property
    def fields(self) -> list[TargetField]:
        return actions.target_fields(self.connection, self.database_id) if self.connection else []

    @property
    def fields_known(self) -> bool:
        """Whether the database's own fields were fetched; else their names can be typed."""
        return bool(self.connection and self.connection.part(f"fields/{self.database_id}"))

    @cached_property
    def kept(self) -> Destination:
        """The destination to start from: the job's, else that of this person's last import, else the usual."""
        if self._job and self._job.destination:
            return self._job.destination
        if self._job and (found := actions.fitted(self._job)):
            return found.destination
        last = self._last.destination if self._last and self._last.connection == self.connection else None
        return _begun_as(last) if last and last.operation in USUAL else Destination(0, phone_region=DEFAULT_REGION)

    @cached_property
    def form(self) -> DestinationForm:
        start = initial_of(self.kept, self.connection.pk if self.connection else None)
        if not (self._job and (self._job.destination or self._job.preset_id)):
            start |= {"matching": self.usual_matching}
        if self._redraw and self._given is not None:
            fields = self.form_class.base_fields
            start |= {n: f.widget.value_from_datadict(self._given, {}, n) for n, f in fields.items()}
        start |= {"connection": self.connection and self.connection.pk, "database": self.database_id or None}
        return self.form_class(None if self._redraw else self._given, context=self.context, initial=start)

    @cached_property
    def context(self) -> Context:
        admin = is_admin(self._user)
        return Context(self.connections, self.connection, self.database_id, self.fields, self.kept, admin)

    @cached_property
    def rules(self) -> Rules:
        """The subscriptions people get, each with its choices."""
        offer = Offer(self.context.resources(), self.columns, self.typed, self._own_fields)
        return Rules(self._given, kept=self.kept.subscriptions, offer=offer, redraw=self._redraw)

    @cached_property
    def files(self) -> AttachedFiles:
        """The files that go with the messages of a scenario."""
        kept, connection = self.kept.attach, self.connection
        return AttachedFiles(self._given, self._uploads, kept=kept, connection=connection, user=self._user)

    def is_valid(self) -> bool:
        """Whether the choices of the form, of every rule and the files can be taken as they are."""
        return all([self.form.is_valid(), self.rules.is_valid(), not (self.form.takes_files and self.files.faults)])

    def destination(self) -> Destination:
        """What was chosen, once `is_valid`."""
        attach = self.files.chosen if self.form.takes_files else ()
        return replace(self.form.destination(), subscriptions=self.rules.chosen(), attach=attach)

    @property
    def troubled(self) -> bool:
        """Whether something is wrong with the rules or the files."""
        return self.rules.troubled or (self.form.takes_files and bool(self.files.faults))

    def tell(self, code: str, params: Mapping[str, str], text: str) -> None:
        """Put a fault beside the rule or the control it is about."""
        if not (self.files.tell(code, text) or self.rules.tell(code, params, text)):
            name = CONTROLS.get(code)
            self.form.add_error(name if name in self.form.fields else None, text)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The fields people are found by, as chosen now."""
        asked: Mapping[str, Any] = self.form.data if self.form.is_bound else self.form.initial
        try:
            return match_key_fields(str(asked.get("matching") or ""), str(asked.get("match_field") or ""))
        except ValueError:
            return ()

    @cached_property
    def _last(self) -> ImportJob | None:
        seen = ImportJob.objects.visible_to(self._user)
        mine = seen.filter(created_by_id=self._user.pk).exclude(connection=None)
        others = mine.exclude(pk=self._job.pk) if self._job else mine
        return others.select_related("connection").order_by("-pk").first()

    def _own_fields(self, channel: str, resource_id: int) -> list[tuple[str, str]]:
        """(name, title) of the fields a subscription can have; [] when they are not known."""
        if self.connection is None or channel not in CONTACT_KINDS:
            return []
        if self._look:
            look_up(self.connection, f"resource_fields/{resource_id}/{channel}", anew=self._anew)
        found = actions.subscription_fields(self.connection, resource_id, channel) or {}
        return [(one.name, one.title) for one in found.values()]

    def _look_up(self, anew: bool) -> list[str]:
        if self.connection is None:
            return []
        troubles = look_up(self.connection, "databases", "resources", *self._more_lists(), anew=anew)
        if self.database_id:
            troubles += look_up(self.connection, f"fields/{self.database_id}", anew=anew)
        return list(dict.fromkeys(troubles))

    def _more_lists(self) -> list[str]:
        """Lists only some choices need."""
        operation = (self._given or {}).get("operation") or self.kept.operation
        single = "single" in self._given if self._given else self.kept.single
        segments = (self.typed or single) and operation != "scenario"
        return [*(["scenarios"] if operation == "scenario" else []), *(["segments"] if segments else [])]


def _begun_as(last: Destination) -> Destination:
    """A destination like an earlier one, without what must be asked for anew each time: nothing that messages people,
    brings back those who have left, or names columns of another file."""
    rules = (replace(rule, status="", priority=None) for rule in last.subscriptions if not list(rule.columns()))
    once: dict[str, Any] = {"skip_triggers": True, "single": False, "add_to_segments": (), "remove_from_segments": ()}
    return replace(last, subscriptions=tuple(rules), content=(), attach=(), custom_request="", **once)
