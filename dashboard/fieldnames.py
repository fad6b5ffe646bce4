"""Fields of a profile as people name them, and the lists of fields pages offer."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from imports.mapping import KEY_KINDS, Kind, TargetField

TITLES = {
    "email": gettext_lazy("E-mail"),
    "phones": gettext_lazy("Phone"),
    "profile_id": gettext_lazy("Profile ID"),
    "_fname": gettext_lazy("First name"),
    "_lname": gettext_lazy("Last name"),
    "_bdate": gettext_lazy("Date of birth"),
    "_sex": gettext_lazy("Gender"),
    "_city": gettext_lazy("City"),
    "_region": gettext_lazy("Region"),
    "_country": gettext_lazy("Country"),
    "_postal_code": gettext_lazy("Postal code"),
    "_tz": gettext_lazy("Time zone"),
    "_ip": gettext_lazy("IP address"),
    "_regdate": gettext_lazy("Date of registration"),
    "_regip": gettext_lazy("IP address at registration"),
    "_regcity": gettext_lazy("City at registration"),
    "_regcountry": gettext_lazy("Country at registration"),
    "_regurl": gettext_lazy("Page of registration"),
    "_vendor": pgettext_lazy("where a person came from", "Source"),
    "_os": gettext_lazy("Operating system"),
    "_browser": gettext_lazy("Browser"),
    "subscriptions": gettext_lazy("Subscriptions (JSON)"),
}
GROUPS = {
    "contact": gettext_lazy("Contacts"),
    "person": gettext_lazy("Person"),
    "place": pgettext_lazy("where a person lives", "Place"),
    "registration": gettext_lazy("Registration"),
    "custom": gettext_lazy("Fields of this database"),
}
KINDS = {
    Kind.EMAIL: gettext_lazy("e-mail"),
    Kind.PHONES: gettext_lazy("phones"),
    Kind.LINE: gettext_lazy("text"),
    Kind.INTEGER: gettext_lazy("whole number"),
    Kind.FLOAT: gettext_lazy("number"),
    Kind.DATE: gettext_lazy("date"),
    Kind.BOOLEAN: gettext_lazy("yes or no"),
    Kind.ENUM: gettext_lazy("one of a list"),
    Kind.IP: gettext_lazy("IP address"),
    Kind.TAGS: gettext_lazy("tags"),
    Kind.SEX: gettext_lazy("gender"),
    Kind.OBJECT: gettext_lazy("JSON object"),
    Kind.OBJECTS: gettext_lazy("list of JSON objects"),
    Kind.SUBSCRIPTIONS: gettext_lazy("list of subscriptions in JSON"),
}


def title_of(field: TargetField) -> str:
    """The field's name in the reader's language; a database's own fields as the account named them."""
    return str(TITLES.get(field.name) or field.title or field.name)


def grouped(fields: Sequence[TargetField]) -> list[tuple[str, list[TargetField]]]:
    """(name of the group, its fields), the groups in the order of GROUPS."""
    places = {name: place for place, name in enumerate(GROUPS)}
    ordered = sorted(fields, key=lambda field: places.get(field.group, len(places)))
    return [(str(GROUPS.get(name, name)), list(found)) for name, found in groupby(ordered, key=lambda f: f.group)]


def key_choices(fields: Iterable[TargetField]) -> list[tuple[str, str]]:
    """The fields of a database's own that people can be told apart by."""
    return [(f.name, f"{title_of(f)} ({f.name})") for f in fields if f.group == "custom" and f.kind in KEY_KINDS]


class FieldOptions:
    """The options of every column's select, drawn once: a table may have a thousand columns."""

    def __init__(self, fields: Sequence[TargetField]) -> None:
        self._names = {field.name for field in fields}
        groups = (
            (name, format_html_join("", '<option value="{}">{}</option>', ((f.name, title_of(f)) for f in found)))
            for name, found in grouped(fields)
        )
        drawn = format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)
        self._html = format_html('<option value="">{}</option>{}', _("Do not import"), drawn)

    def chosen(self, name: str) -> SafeString:
        """The options with this field selected; a field the list does not have is added to its end."""
        html = self._html
        if name and name not in self._names:
            html += format_html('<option value="{}">{}</option>', name, name)
        plain = format_html('<option value="{}">', name)
        return SafeString(html.replace(plain, plain[:-1] + " selected>", 1))
