"""Fields of one profile that are changed or emptied instead of replaced: a short list of (field, how, property)."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.columns.choices import offered_actions
from dashboard.fieldnames import title_of
from dashboard.forms.pairs import several
from imports.mapping import Kind, TargetField

CLEAR = "clear"
HOWS = {
    CLEAR: gettext_lazy("Empty it in the profile"),
    "add": gettext_lazy("Add what is typed to what is there"),
    "delete": gettext_lazy("Take what is typed out of what is there"),
    "incr": gettext_lazy("Raise the number that is there"),
    "upsert": gettext_lazy("Change one property of it"),
}
WITH_PROPERTY = frozenset({Kind.OBJECT, Kind.OBJECTS})
MOST = 30
Change = tuple[str, str, str]


class ChangesWidget(forms.Widget):
    """A row of controls for each change, and an empty one."""

    template_name = "django/forms/widgets/changes.html"
    targets: Sequence[TargetField] = ()
    hows: Sequence[str] = (CLEAR,)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[Change, ...]:
        parts = (several(data, f"{name}-{part}") for part in ("field", "how", "property"))
        rows = zip_longest(*parts, fillvalue="")
        return tuple((field.strip(), how.strip(), more.strip()) for field, how, more in rows if field.strip())[:MOST]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-field" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "rows": [*(value or ()), ("", "", "")],
            "targets": [(one.name, title_of(one)) for one in self.targets],
            "hows": [(how, HOWS[how]) for how in self.hows],
            "takes_property": "upsert" in self.hows,
        }
        return context


class ChangesField(forms.Field):
    """Changes this person may ask for, each of another field and of a kind it has."""

    widget = ChangesWidget

    def __init__(self, *, targets: Sequence[TargetField], admin: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._targets = {one.name: one for one in targets}
        self._admin = admin
        self.widget.targets = targets
        self.widget.hows = [how for how in HOWS if any(how in self._allowed(one) for one in targets)]

    def clean(self, value: Any) -> tuple[Change, ...]:
        changes: tuple[Change, ...] = tuple(value or ())
        for name, how, more in changes:
            field = self._targets.get(name)
            told = {"field": title_of(field) if field else name, "how": str(HOWS.get(how, how)).lower()}
            if not how:
                raise forms.ValidationError(_("“%(field)s”: choose what becomes of it.") % told)
            if field is None or how not in self._allowed(field):
                raise forms.ValidationError(_("“%(field)s” cannot be changed in this way: %(how)s.") % told)
            if how != CLEAR and field.kind in WITH_PROPERTY and not more:
                raise forms.ValidationError(_("“%(field)s”: name the property that changes.") % told)
        names = [name for name, _how, _more in changes]
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("A field is named twice. Keep one change for each field."))
        return changes

    def _allowed(self, field: TargetField) -> list[str]:
        actions = [action for action, _text in offered_actions(field.kind, "", admin=self._admin) if action]
        return actions if field.kind == Kind.EMAIL else [CLEAR, *actions]
