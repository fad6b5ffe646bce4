"""manage.py sandbox: the stand-in for Altcraft in the foreground; `python -m imports.sandbox` is the same."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from imports.sandbox import command


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # it touches neither the database nor the pages
    help = command.HELP

    def add_arguments(self, parser: CommandParser) -> None:
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(command.serve(options))
