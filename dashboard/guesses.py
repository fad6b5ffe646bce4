"""Which field each column seems to feed: as the last time, or by its name and its values; told in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from imports import actions
from imports.mapping import LIST_KINDS, ColumnTarget, Guess, TargetField, squeezed
from imports.models import Connection, ImportJob

LOOKED_BACK = 50  # imports of one person, and as many of others
REMEMBERED = ("headers", "mapping_plain", "started_at", "created_by_name")

WHY = {
    "name": gettext_lazy("the name of the field"),
    "title": gettext_lazy("the title of the field"),
    "synonym": gettext_lazy("a usual name for it"),
    "similar": gettext_lazy("a similar name"),
    "transliterated": gettext_lazy("a Russian name in Latin letters"),
    "values": gettext_lazy("by the look of the values"),
    "values_differ": gettext_lazy("the name fits, the values look different"),
    "full_name": gettext_lazy("first and last name in one column"),
    "patronymic": gettext_lazy("profiles have no patronymic"),
    "taken": gettext_lazy("another column fits better"),
    "unknown": gettext_lazy("nothing alike"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field for a column, how sure that is, and why in words; `kept` is the whole choice of an earlier import."""

    field: str | None
    certainty: str
    why: str
    kept: ColumnTarget | None = None

    def target(self, column: int, header: str) -> ColumnTarget | None:
        """The suggestion taken as a choice; None when it says that the column is not imported."""
        if self.kept:
            return replace(self.kept, column=column, header=header)
        return ColumnTarget(column, header, self.field) if self.field else None


def suggestions(
    job: ImportJob, connection: Connection | None, fields: Sequence[TargetField], *, database_id: int, user: Any
) -> list[Suggestion]:
    """One suggestion for each column, in order: what the job's preset says, else what was chosen for the column
    before, by this person or by others, else a guess by its name and its values."""
    guessed = [_worded(guess) for guess in actions.suggest_mapping(job, fields)]
    names = _Names(fields)
    known = _of_preset(job, names) or _of_same_columns(job, connection, names)
    if known is None:
        known = _of_headers(job, connection, names, database_id=database_id, user=user)
    return _each_field_once([known.get(place, guess) for place, guess in enumerate(guessed)], fields, set(known))


class _Names:
    """Which fields a database has, as far as its list is known."""

    def __init__(self, fields: Sequence[TargetField]) -> None:
        self._names = {field.name for field in fields}
        self._listed = any(field.group == "custom" for field in fields)

    def has(self, name: str) -> bool:
        """Whether there is such a field; while the list is not known, what was typed by hand is believed."""
        return name in self._names or not self._listed

    def again(self, target: ColumnTarget, why: str) -> Suggestion:
        """An earlier choice once more, or why it cannot be."""
        if self.has(target.field):
            return Suggestion(target.field, "exact", why, target)
        return Suggestion(None, "none", _("this database has no field %(name)s") % {"name": target.field})


def _of_preset(job: ImportJob, names: _Names) -> dict[int, Suggestion] | None:
    """What the job's preset says of the columns it knows."""
    found = actions.fitted(job)
    if found is None:
        return None
    why, out = _("from the preset"), Suggestion(None, "none", _("left out by the preset"))
    known = {target.column: names.again(target, why) for target in found.mapping.targets}
    return {place: known.get(place, out) for place in found.fit.places.values()}


def _of_same_columns(job: ImportJob, connection: Connection | None, names: _Names) -> dict[int, Suggestion] | None:
    """The choices of the last import into this account that was sent from a file with the very same columns."""
    earlier = _sent(job, connection).filter(headers=job.headers).first()
    if earlier is None:
        return None
    why = _("as on %(date)s") % {"date": _day(earlier.started_at)}
    out = Suggestion(None, "none", _("left out on %(date)s") % {"date": _day(earlier.started_at)})
    known = {target.column: names.again(target, why) for target in earlier.mapping.targets}
    return {place: known.get(place, out) for place in range(len(job.headers))}


def _of_headers(
    job: ImportJob, connection: Connection | None, names: _Names, *, database_id: int, user: Any
) -> dict[int, Suggestion]:
    """What was chosen for a column of this name, whatever stood beside it: by this person first, then by others."""
    wanted = {key: place for place, key in enumerate(_keys(job.headers)) if key}
    found: dict[int, Suggestion] = {}
    sent = _sent(job, connection).filter(destination_plain__database_id=database_id)
    mine = sent.filter(created_by_id=user.pk)
    for jobs in (mine, sent.exclude(created_by_id=user.pk)):
        for earlier in jobs.only(*REMEMBERED)[:LOOKED_BACK]:
            for place, suggestion in _remembered(earlier, wanted, names, mine=jobs is mine):
                found.setdefault(place, suggestion)
    return found


def _remembered(
    earlier: ImportJob, wanted: Mapping[str, int], names: _Names, *, mine: bool
) -> Iterator[tuple[int, Suggestion]]:
    told = {"date": _day(earlier.started_at), "name": earlier.created_by_name}
    why = _("as on %(date)s") % told if mine else _("as on %(date)s, %(name)s") % told
    keys = _keys(earlier.headers)
    for target in earlier.mapping.targets:
        place = wanted.get(keys[target.column]) if target.column < len(keys) else None
        if place is not None and names.has(target.field):
            yield place, names.again(target, why)


def _keys(headers: Sequence[str]) -> list[str]:
    """Headers as they are told apart; "" for one without a name, or that stands twice."""
    keys = [squeezed(header) for header in headers]
    return [key if keys.count(key) == 1 else "" for key in keys]


def _each_field_once(found: list[Suggestion], fields: Sequence[TargetField], known: set[int]) -> list[Suggestion]:
    """A guess gives way where an earlier choice feeds the same field, unless that takes several columns."""
    many = {field.name for field in fields if field.kind in LIST_KINDS}
    taken = {found[place].field for place in known} - many
    gone = Suggestion(None, "none", str(WHY["taken"]))
    return [gone if n not in known and one.field and one.field in taken else one for n, one in enumerate(found)]


def _worded(guess: Guess) -> Suggestion:
    return Suggestion(guess.field, guess.certainty, str(WHY.get(guess.why, guess.why)))


def _sent(job: ImportJob, connection: Connection | None) -> Any:
    """Other imports of the team into this account that were sent, the last first."""
    sent = ImportJob.objects.sent().filter(team=job.team_id).exclude(started_at=None).exclude(pk=job.pk).order_by("-pk")
    return sent.filter(connection=connection) if connection else sent.none()


def _day(at: datetime | None) -> str:
    style = "j E" if (get_language() or "").startswith("ru") else "j M"
    return dateformat.format(timezone.localtime(at), style)
