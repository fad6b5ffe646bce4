"""One profile typed by hand: a control for each field of the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.fieldnames import GROUPS, grouped, title_of
from dashboard.forms.changes import CLEAR, ChangesField
from dashboard.forms.destination import SINGLE, DestinationForm
from dashboard.typed.table import distinct
from imports.destination import Destination
from imports.mapping import ColumnTarget, Kind, TargetField

PREFIX = "value-"
LONGEST = 32_000  # characters, as a cell of a workbook
SECTIONS = ("contact", "person", "place", "custom", "registration")
FOLDED = ("registration",)
DATE_HELP = gettext_lazy("Such as 2024-05-27, or with a time: 2024-05-27 12:00")


class ProfileForm(forms.Form):
    """Text for every field; nothing is judged here: the check of imports has the word on each value."""

    hide_optional = True

    def __init__(
        self,
        given: Mapping[str, Any] | None,
        *,
        fields: Sequence[TargetField],
        keys: Sequence[str],
        may_be_empty: bool = False,
        admin: bool = False,
    ) -> None:
        super().__init__(given)
        self._may_be_empty = may_be_empty
        self.targets = {field.name: field for field in typeable(fields, keys)}
        self.keys = keys
        for name, target in self.targets.items():
            self.fields[PREFIX + name] = _control(target)
        self.fields["changes"] = ChangesField(
            targets=list(self.targets.values()), admin=admin, required=False, label=_("Change instead of replacing")
        )

    def sections(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """(title, its fields, whether it is folded), in the order a person fills them in."""
        titles = {str(GROUPS[name]): name for name in GROUPS}
        found = {titles.get(title, title): targets for title, targets in grouped(list(self.targets.values()))}
        return [
            (str(GROUPS[name]), [self[PREFIX + target.name] for target in found[name]], name in FOLDED)
            for name in SECTIONS
            if name in found
        ]

    def typed(self) -> list[tuple[TargetField, str]]:
        """The fields that were filled in with their text; those to be emptied, and the keys, filled in or not."""
        texts = {name: self.cleaned_data[PREFIX + name].strip() for name in self.targets}
        asked = {*self.keys, *self._emptied()}
        return [(self.targets[name], text) for name, text in texts.items() if text or name in asked]

    def changes(self) -> dict[str, tuple[str, str]]:
        """How a field is changed, and which property of it, by the field's name."""
        return {name: (how, more) for name, how, more in self.cleaned_data.get("changes", ())}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        filled = [name for name in self.targets if str(found.get(PREFIX + name, "")).strip()]
        emptied = self._emptied()
        for name in emptied:
            if name in filled:
                self.add_error(PREFIX + name, _("This is filled in, and is to be emptied. Choose one of the two."))
        if not (filled or emptied or self._may_be_empty or self.errors):
            raise forms.ValidationError(_("Nothing was filled in."))
        return found

    def _emptied(self) -> list[str]:
        return [name for name, (how, _more) in self.changes().items() if how == CLEAR]


class WhereForm(DestinationForm):
    """A destination without the choices that only concern many rows."""

    duplicates = None  # type: ignore[assignment]
    skip_invalid_subscriptions = None  # type: ignore[assignment]
    single = None  # type: ignore[assignment]

    def destination(self) -> Destination:
        """The choices as the domain takes them."""
        return replace(super().destination(), duplicates="last")

    def _is_single(self, asked: Mapping[str, Any]) -> bool:
        return self.call_name in SINGLE


class GridWhereForm(DestinationForm):
    """A destination of several people. People found by their ID go in a request each: where the ID stands in a list
    of profiles is INFERRED, in a single call it is documented (profiles/import, Matching)."""

    def _is_single(self, asked: Mapping[str, Any]) -> bool:
        by_id = asked.get("matching") == "profile_id" and self.call_name in ("import", "update")
        return by_id or super()._is_single(asked)


def typeable(fields: Sequence[TargetField], keys: Sequence[str]) -> list[TargetField]:
    """The fields of a profile a person can type; subscriptions are chosen, and the ID only finds people."""
    return [one for one in fields if one.name != "subscriptions" and (one.name != "profile_id" or one.name in keys)]


def targets_of(
    typed: Sequence[tuple[TargetField, str]], region: str, changes: Mapping[str, tuple[str, str]]
) -> tuple[ColumnTarget, ...]:
    """Each typed value as a column of its own, changed in the way chosen for its field."""
    headers, targets = distinct([title_of(field) for field, _text in typed]), []
    for place, (field, _text) in enumerate(typed):
        how, more = changes.get(field.name, ("", ""))
        change: dict[str, Any] = (
            {"empty": "clear"} if how == CLEAR else {"action": how, "submatch": more if how else ""}
        )
        targets.append(ColumnTarget(place, headers[place], field.name, region=region, **change))
    return tuple(targets)


def _control(target: TargetField) -> forms.Field:
    made = _CONTROLS.get(target.kind, _line)(target)
    made.label, made.required = title_of(target), False
    made.widget.attrs.setdefault("autocomplete", "off")  # somebody else's details, not the typist's
    return made


def _line(target: TargetField, help_text: Any = "", **attrs: str) -> forms.Field:
    return forms.CharField(max_length=LONGEST, strip=False, widget=forms.TextInput(attrs), help_text=help_text)


def _select(options: Sequence[tuple[str, Any]]) -> forms.Field:
    return forms.CharField(max_length=LONGEST, widget=forms.Select(choices=[("", "—"), *options]))


def _enum(target: TargetField) -> forms.Field:
    return _select([(option, option) for option in target.options]) if target.options else _line(target)


def _birthday() -> forms.Field:
    return forms.CharField(max_length=40, widget=forms.DateInput({"type": "date"}))


def _json(target: TargetField) -> forms.Field:
    area = forms.Textarea({"rows": 3, "class": "form-control tech", "spellcheck": "false"})
    one = '{"size": 42}'
    example = one if target.kind == Kind.OBJECT else f"[{one}]"
    help_text = format_lazy(gettext_lazy("JSON, such as {example}"), example=example)
    return forms.CharField(max_length=LONGEST, strip=False, widget=area, help_text=help_text)


_CONTROLS: dict[Kind, Callable[[TargetField], forms.Field]] = {
    Kind.EMAIL: lambda target: _line(target, inputmode="email", spellcheck="false"),
    Kind.PHONES: lambda target: _line(target, gettext_lazy("Several: with a comma between them"), inputmode="tel"),
    Kind.INTEGER: lambda target: _line(target, inputmode="numeric"),
    Kind.FLOAT: lambda target: _line(target, inputmode="decimal"),
    Kind.TAGS: lambda target: _line(target, gettext_lazy("Several: with a comma between them")),
    Kind.DATE: lambda target: _birthday() if target.name == "_bdate" else _line(target, DATE_HELP),
    Kind.BOOLEAN: lambda target: _select([("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]),
    Kind.SEX: lambda target: _select([("female", gettext_lazy("female")), ("male", gettext_lazy("male"))]),
    Kind.ENUM: _enum,
    Kind.OBJECT: _json,
    Kind.OBJECTS: _json,
}
