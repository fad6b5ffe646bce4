"""One profile typed by hand: a control for each field of the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.fieldnames import GROUPS, grouped, title_of
from dashboard.forms.destination import DestinationForm
from imports.destination import Destination
from imports.mapping import ColumnTarget, Kind, TargetField

PREFIX = "value-"
LONGEST = 32_000  # characters, as a cell of a workbook
SECTIONS = ("contact", "person", "place", "custom", "registration")
FOLDED = ("registration",)
SEGMENTS = ("add_to_segments", "remove_from_segments")
SINGLE = ("import", "update", "add")  # operations with a call for one person; a scenario takes a list of one


class ProfileForm(forms.Form):
    """Text for every field; nothing is judged here: the check of imports has the word on each value."""

    hide_optional = True

    def __init__(self, given: Mapping[str, Any] | None, *, fields: Sequence[TargetField], keys: Sequence[str]) -> None:
        super().__init__(given)
        self.targets = {field.name: field for field in fields if field.name != "profile_id" or "profile_id" in keys}
        self.keys = keys
        for name, target in self.targets.items():
            self.fields[PREFIX + name] = _control(target)

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
        """The fields that were filled in with their text, and the keys whether filled in or not."""
        texts = {name: self.cleaned_data[PREFIX + name].strip() for name in self.targets}
        return [(self.targets[name], text) for name, text in texts.items() if text or name in self.keys]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(str(text).strip() for text in found.values()):
            raise forms.ValidationError(_("Nothing was filled in."))
        return found


class WhereForm(DestinationForm):
    """A destination without the choices that only concern many rows, and with segments, which one person can enter."""

    duplicates = None  # type: ignore[assignment]
    skip_invalid_subscriptions = None  # type: ignore[assignment]
    add_to_segments = forms.MultipleChoiceField(
        label=gettext_lazy("Put into segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove_from_segments = forms.MultipleChoiceField(
        label=gettext_lazy("Take out of segments"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(str(item["id"]), item["name"]) for item in self._context.part("segments")]
        for name in SEGMENTS:
            if listed and self._takes(name):
                self._offer(name, listed)
            else:
                del self.fields[name]

    def destination(self) -> Destination:
        """The choices as the domain takes them."""
        chosen: dict[str, Any] = {name: tuple(map(int, self.cleaned_data.get(name) or ())) for name in SEGMENTS}
        return replace(super().destination(), duplicates="last", **chosen)

    def _is_single(self) -> bool:
        return self.call_name in SINGLE


def targets_of(typed: Sequence[tuple[TargetField, str]], region: str) -> tuple[ColumnTarget, ...]:
    """Each typed value as a column of its own; dates come from the browser as year, month, day."""
    return tuple(
        ColumnTarget(place, title_of(field), field.name, "ymd" if field.kind == Kind.DATE else "", region)
        for place, (field, _text) in enumerate(typed)
    )


def contacts_as_columns(destination: Destination, width: int) -> tuple[Destination, list[tuple[str, str]]]:
    """The contacts typed for subscriptions as columns after the first `width`, (header, text), and rules that name
    them."""
    rules, cells = [], list[tuple[str, str]]()
    for rule in destination.subscriptions:
        if rule.contact:
            cells.append((_("Contact %(number)s") % {"number": len(cells) + 1}, rule.contact))
            rule = replace(rule, contact=f"column:{width + len(cells) - 1}")
        rules.append(rule)
    return replace(destination, subscriptions=tuple(rules)), cells


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


def _json(target: TargetField) -> forms.Field:
    area = forms.Textarea({"rows": 3, "class": "form-control tech", "spellcheck": "false"})
    help_text = gettext_lazy('JSON, such as {"size": 42}')
    return forms.CharField(max_length=LONGEST, strip=False, widget=area, help_text=help_text)


_CONTROLS: dict[Kind, Callable[[TargetField], forms.Field]] = {
    Kind.EMAIL: lambda target: _line(target, inputmode="email", spellcheck="false"),
    Kind.PHONES: lambda target: _line(target, gettext_lazy("Several: with a comma between them"), inputmode="tel"),
    Kind.INTEGER: lambda target: _line(target, inputmode="numeric"),
    Kind.FLOAT: lambda target: _line(target, inputmode="decimal"),
    Kind.TAGS: lambda target: _line(target, gettext_lazy("Several: with a comma between them")),
    Kind.DATE: lambda target: forms.CharField(max_length=40, widget=forms.DateInput({"type": "date"})),
    Kind.BOOLEAN: lambda target: _select([("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]),
    Kind.SEX: lambda target: _select([("female", gettext_lazy("female")), ("male", gettext_lazy("male"))]),
    Kind.ENUM: _enum,
    Kind.OBJECT: _json,
    Kind.OBJECTS: _json,
}
