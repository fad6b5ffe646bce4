"""The box of the columns page about presets: the one in use with what differs, and those that can be applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from imports import actions
from imports.mapping import squeezed
from imports.models import ImportJob, Preset
from imports.wording import column_letter

MOST_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the file differs from its preset: an icon, the column, what was and what is."""

    icon: str
    text: str
    was: str = ""
    now: str = ""


class PresetBox:
    """Everything about presets on the page of one job."""

    def __init__(self, job: ImportJob, user: Any, figures: Mapping[int, actions.Figures]) -> None:
        self._job, self._user, self._figures = job, user, figures

    @property
    def current(self) -> Preset | None:
        preset = self._job.preset
        return preset if preset and (preset.shared or preset.owner_id in (None, self._user.pk)) else None

    @property
    def may_update(self) -> bool:
        return self.current is not None and actions.may_change(self.current, self._user)

    @cached_property
    def offered(self) -> list[tuple[Preset, bool]]:
        """Presets this person may apply, each with whether its columns are those of the file; these come first."""
        mine = sorted(map(squeezed, self._job.headers))
        found = Preset.objects.visible_to(self._user).filter(team=self._job.team_id).by_use()[:MOST_OFFERED]
        marked = [
            (preset, sorted(map(squeezed, preset.headers)) == mine)
            for preset in found
            if preset.pk != self._job.preset_id
        ]
        return sorted(marked, key=lambda pair: not pair[1])

    @cached_property
    def differences(self) -> list[Difference]:
        """What is different in this file."""
        found = actions.fitted(self._job)
        if found is None or self.current is None:
            return []
        before, now = self.current.headers, self._job.headers
        told = [
            Difference("plus", _("New column %(letter)s") % _named(place, now), now=now[place])
            for place in found.fit.new
        ]
        told += [Difference("edit", column_letter(b), was=before[a], now=now[b]) for a, b in found.fit.renamed]
        told += [Difference("notsent", _("Missing column"), was=before[place]) for place in found.fit.missing]
        for place, order, here in actions.other_orders(self._job, found, self._figures):
            text = (
                _("%(letter)s: part of the dates are in another order")
                if not here
                else _("%(letter)s: dates are in another order")
            )
            was = _signs(order) if here else ""
            told.append(Difference("calendar", text % _named(place, now), was=was, now=_signs(here)))
        return told


def _named(place: int, headers: list[str]) -> dict[str, str]:
    return {"letter": column_letter(place), "name": headers[place].strip() or _("without a name")}


def _signs(order: str) -> str:
    """An order of dates as a pattern people read."""
    return {"dmy": _("31.12.2026"), "mdy": _("12/31/2026"), "ymd": "2026-12-31"}.get(order, "")
