"""manage.py makemessages -l ru: Django's own, knowing the short names gettext's functions have here."""

from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Leaves line numbers and what is not used any more out of the catalogue, so that its changes can be read."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=N_", "--keyword=lazy"]

    def handle(self, *args: Any, **options: Any) -> None:
        """Look through the code and the templates, not at tests, documents and what lies beside."""
        options["ignore_patterns"] = [*options["ignore_patterns"], ".venv", "var", "tests", "docs"]
        super().handle(*args, **options | {"no_obsolete": True, "add_location": "file"})
