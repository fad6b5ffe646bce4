"""manage.py status: how the system is, for a terminal or a monitor. Exit status 1 when something is not well."""

import json
from typing import Any

from imports import actions
from imports.management.base import DomainCommand
from imports.wording.system import do_text, light_text, name_text, said_text

MARKS = {actions.WELL: "+", actions.LOOK: "!", actions.BAD: "X", actions.UNKNOWN: "?"}


class Command(DomainCommand):
    help = "Say how database, queue, storage, workers, work and the history are. Exit status 1: something is not well."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = actions.system_state()
        light = actions.worst(lines)
        if options["json"]:
            self.stdout.write(json.dumps({"state": light, "lines": [_plain(line) for line in lines]}, default=str))
        else:
            for line in lines:
                self.stdout.write(_told(line))
        if light == actions.BAD:
            raise SystemExit(1)


def _told(line: actions.Line) -> str:
    said = f"{MARKS[line.light]} {name_text(line.name)}: {light_text(line.light)}. {said_text(line.code, line.params)}"
    todo = do_text(line.light, line.code)
    return f"{said} {todo}" if todo else said


def _plain(line: actions.Line) -> dict[str, Any]:
    return {"name": line.name, "light": line.light, "code": line.code, **line.params}
