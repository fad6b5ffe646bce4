"""manage.py demo: four people, the sandbox as a connection, and sample files; `manage.py up` calls it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from imports import actions
from imports.management.base import DomainCommand


class Command(DomainCommand):
    help = "Make what a first start shows. What is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sandbox", metavar="URL", default="http://127.0.0.1:8090")
        parser.add_argument("--sandbox-token", default="sandbox-token")
        parser.add_argument("--samples", type=Path, default=None, help="folder for the sample files")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["samples"] or Path(settings.DATA_DIR) / "samples"
        demo = actions.make_demo(sandbox_url=options["sandbox"], sandbox_token=options["sandbox_token"], folder=folder)
        self.stdout.write(f"People: {', '.join(demo.people)}; password: {demo.password}. Samples: {demo.samples}")
