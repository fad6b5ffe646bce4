"""What the check found in a row."""

from django.utils.translation import gettext_noop as N_

ROWS: dict[str, tuple[str, str]] = {
    "duplicate_key": (N_("Row %(row)s has the same key and is sent instead."), ""),
}
