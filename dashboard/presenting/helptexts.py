"""What the help page explains: the outcomes of rows, what can be relied on, how files should be."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.badges import OUTCOMES, Badge

Text = str | Promise


class Explained(NamedTuple):
    """One outcome: its badge, what it means, what to do."""

    badge: Badge
    meaning: Text
    advice: Text


_MEANINGS: dict[str, tuple[Text, Text]] = {
    "accepted": (_("Altcraft answered for this very profile that it took it."), _("Nothing is left to do.")),
    "rejected": (
        _("Altcraft answered for this profile with an error; its code and words stand beside the row."),
        _("Mend what the reason names and send these rows again; the accepted ones stay where they are."),
    ),
    "invalid": (
        _("Our check stopped the row before anything was sent."),
        _("Mend the cell on the page of the check, or choose there what to do with such values."),
    ),
    "aside": (
        _("By a rule you chose: another row is about the same person, or the person went with an earlier import."),
        _("Nothing, or choose another rule before sending."),
    ),
    "notsent": (
        _("The import was stopped before this row's turn. Altcraft never saw it."),
        _("Send it with a new import if you still want it."),
    ),
    "unknown": (
        _("The row was sent and no readable answer came back. It may have arrived, it may not."),
        _("A person decides: look the people up in Altcraft, repeat, or close it without knowing."),
    ),
    "pending": (_("It is not this row's turn yet."), _("Wait; the page tells what for.")),
}
OUTCOMES_EXPLAINED = [Explained(OUTCOMES[name], *texts) for name, texts in _MEANINGS.items()]

PROMISES: list[Text] = [
    _("Nothing leaves for Altcraft before you press Send, and the button says how many profiles go where."),
    _("The rows always add up: rows in the file = the seven outcomes. While they do not, no page says “finished”."),
    _("Nobody is written to twice by a machine: what may have arrived and must not be repeated waits for a person."),
    _("Nobody who has left is brought back, unless you set a subscription's status yourself."),
    _("An empty cell leaves the field as it is, unless you choose to clear it."),
    _("A row's number is the one your spreadsheet shows, and stays with it to the answer."),
]

FILE_RULES: list[Text] = [
    _("XLSX, XLS, ODS, CSV, TSV, TXT, JSON or JSON Lines; one header row, one person a row."),
    _("The order of the columns does not matter, and columns you do not need may stay."),
    _("Codes and phones: format the column as text before typing, or the spreadsheet drops leading zeros."),
    _("Dates in any usual spelling; where day and month could be swapped you are asked once for the whole column."),
    _("Phones with or without the country code; the country is chosen beside the columns."),
]
