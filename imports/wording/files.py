"""What reading a file found or refused."""

from django.utils.translation import gettext_noop as N_

FILES: dict[str, tuple[str, str]] = {
    "reading_stopped": (N_("Reading was stopped because something else was chosen."), N_("Wait a moment.")),
}
