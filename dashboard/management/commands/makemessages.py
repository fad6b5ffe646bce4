from typing import ClassVar

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, knowing the short names gettext's functions have here, and leaving line numbers out of the diff."""

    xgettext_options: ClassVar[list[str]] = [
        *makemessages.Command.xgettext_options,
        "--keyword=N_",
        "--keyword=lazy",
    ]

    def handle(self, *args: object, **options: object) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], ".venv", "var", "tests", "docs"]
        super().handle(*args, **options | {"no_obsolete": True, "add_location": "file"})
