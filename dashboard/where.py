"""Where rows are to go: the accounts, databases and fields a page offers, and what is chosen of them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dashboard.catalogue import look_up
from dashboard.forms.destination import DestinationForm, initial_of
from imports import actions
from imports.destination import Destination
from imports.mapping import TargetField, match_key_fields
from imports.models import Connection, ImportJob

DEFAULT_REGION = "RU"
OFFERED = ("import", "update")


class Where:
    """The destination as kept with the job, as given by a page, or as this person's last import had it.

    `redraw` takes what was given for a page to be shown again without judging it; `look` fetches missing lists,
    `anew` all of them. `troubles` says in words what could not be fetched.
    """

    form_class = DestinationForm

    def __init__(
        self,
        user: Any,
        given: Mapping[str, Any] | None = None,
        *,
        job: ImportJob | None = None,
        redraw: bool = False,
        look: bool = True,
        anew: bool = False,
    ) -> None:
        self._user, self._given, self._job, self._redraw = user, given, job, redraw
        self.usual_matching = "email"
        self.troubles = self._look_up(anew) if look else []

    @cached_property
    def connections(self) -> list[Connection]:
        found = list(Connection.objects.usable())
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
        last = self._last.destination if self._last and self._last.connection == self.connection else None
        return last if last and last.operation in OFFERED else Destination(0, phone_region=DEFAULT_REGION)

    @cached_property
    def form(self) -> DestinationForm:
        start = initial_of(self.kept, self.connection.pk if self.connection else None)
        if not (self._job and self._job.destination):
            start |= {"matching": self.usual_matching}
        if self._redraw and self._given is not None:
            fields = self.form_class.base_fields
            start |= {n: f.widget.value_from_datadict(self._given, {}, n) for n, f in fields.items()}
        start |= {"connection": self.connection and self.connection.pk, "database": self.database_id or None}
        return self.form_class(
            None if self._redraw else self._given,
            connections=self.connections,
            connection=self.connection,
            fields=self.fields,
            initial=start,
        )

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
        mine = ImportJob.objects.filter(created_by_id=self._user.pk).exclude(connection=None)
        others = mine.exclude(pk=self._job.pk) if self._job else mine
        return others.select_related("connection").order_by("-pk").first()

    def _look_up(self, anew: bool) -> list[str]:
        if self.connection is None:
            return []
        troubles = look_up(self.connection, "databases", "resources", anew=anew)
        if self.database_id:
            troubles += look_up(self.connection, f"fields/{self.database_id}", anew=anew)
        return list(dict.fromkeys(troubles))
