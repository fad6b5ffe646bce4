"""Which field each column seems to feed: as the last time, or by its name and its values; told in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from imports import actions
from imports.mapping import ColumnTarget, Guess, TargetField
from imports.models import Connection, ImportJob
from imports.states import SENT_OR_SENDING

WHY = {
    "name": gettext_lazy("the name of the field"),
    "title": gettext_lazy("the title of the field"),
    "synonym": gettext_lazy("a usual name for it"),
    "similar": gettext_lazy("a similar name"),
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
        return self.kept or (ColumnTarget(column, header, self.field) if self.field else None)


def suggestions(job: ImportJob, connection: Connection | None, fields: Sequence[TargetField]) -> list[Suggestion]:
    """One suggestion for each column, in order."""
    guessed = [_worded(guess) for guess in actions.suggest_mapping(job, fields)]
    earlier = _same_columns(job, connection)
    if earlier is None:
        return guessed
    names = {field.name for field in fields}
    if not any(field.group == "custom" for field in fields):  # the list is not known: what was typed by hand stays
        names |= {target.field for target in earlier.mapping.targets}
    kept = {target.column: target for target in earlier.mapping.targets if target.field in names}
    gone = {t.column: Suggestion(None, "none", _gone(t)) for t in earlier.mapping.targets if t.field not in names}
    why = _("as on %(date)s") % {"date": _day(earlier)}
    remembered = {place: Suggestion(target.field, "exact", why, target) for place, target in kept.items()}
    left_out = Suggestion(None, "none", _("left out on %(date)s") % {"date": _day(earlier)})
    return [(remembered | gone).get(place, left_out) for place in range(len(guessed))]


def _gone(target: ColumnTarget) -> str:
    """What became of a choice whose field the platform does not list any more."""
    return _("this database has no field %(name)s") % {"name": target.field}


def _worded(guess: Guess) -> Suggestion:
    return Suggestion(guess.field, guess.certainty, str(WHY.get(guess.why, guess.why)))


def _same_columns(job: ImportJob, connection: Connection | None) -> ImportJob | None:
    """The last import into this account that was sent from a file with the very same columns."""
    sent = ImportJob.objects.filter(connection=connection, state__in=SENT_OR_SENDING, headers=job.headers)
    return sent.exclude(pk=job.pk).exclude(started_at=None).order_by("-pk").first() if connection else None


def _day(job: ImportJob) -> str:
    style = "j E" if (get_language() or "").startswith("ru") else "j M"
    return dateformat.format(timezone.localtime(job.started_at), style)
