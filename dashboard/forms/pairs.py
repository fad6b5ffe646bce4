"""A short list of names with what they stand for, as a form's field; rows left without a name do not count."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from imports.mapping import column_of

LONGEST = 2_000  # characters of one value
MOST = 50
Pairs = tuple[tuple[str, str], ...]


class PairsWidget(forms.Widget):
    """A row of inputs for each pair and an empty row; values may be taken from a column where there are columns."""

    template_name = "django/forms/widgets/pairs.html"
    names: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[int, str]] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Pairs:
        """The pairs as posted, each value a text or "column:N"."""
        parts = (several(data, f"{name}-{part}") for part in ("name", "text", "column"))
        rows = list(zip_longest(*parts, fillvalue=""))[: MOST + 1]
        return tuple((row[0].strip(), _value(row[1], row[2])) for row in rows if any(map(str.strip, row)))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-name" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [_row(own, text) for own, text in value or ()]
        context["widget"] |= {
            "rows": [*rows, _row("", "")],
            "names": self._names(value or ()),
            "columns": [(f"column:{place}", text) for place, text in self.columns],
        }
        return context

    def _names(self, value: Pairs) -> list[tuple[str, str]]:
        known = dict(self.names)
        return [*known.items(), *((own, own) for own, _text in value if own not in known)] if known else []


class PairsField(forms.Field):
    """Pairs of texts; a name given twice or a value without a name is told."""

    widget = PairsWidget

    def clean(self, value: Any) -> Pairs:
        pairs: Pairs = tuple(value or ())
        names = [name for name, _text in pairs]
        if not all(names):
            raise forms.ValidationError(_("One of the values has no name. Name it or empty it."))
        for name in names:
            if names.count(name) > 1:
                raise forms.ValidationError(_("“%(name)s” is given twice. Keep one of them.") % {"name": name})
        if len(pairs) > MOST or any(len(text) > LONGEST for pair in pairs for text in pair):
            raise forms.ValidationError(_("This is too much: 50 entries, 2,000 characters each, are the most."))
        return pairs


def several(data: Mapping[str, Any], name: str) -> list[str]:
    """Every text given under a name, whatever kind of mapping holds them."""
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [str(one) for one in ([found] if isinstance(found, str) else found)]


def _value(text: str, column: str) -> str:
    return column if column_of(column) is not None else text.strip()


def _row(name: str, value: str) -> dict[str, str]:
    is_column = column_of(value) is not None
    return {"name": name, "text": "" if is_column else value, "column": value if is_column else ""}
