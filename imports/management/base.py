"""What the commands share: quick start, and refusals as one sentence instead of a traceback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from imports.actions import MappingRefused, Refused
from imports.history import COMMAND
from imports.vault import Sealed
from imports.wording import fault_text

REFUSED = 1


class DomainCommand(BaseCommand):
    """A command over the actions; scripts call it, so the pages are neither loaded nor checked for it."""

    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> Any:
        told = COMMAND.set(type(self).__module__.rpartition(".")[2])
        try:
            return super().execute(*args, **options)
        except MappingRefused as refused:
            lines = [fault_text(code, params) for code, params in refused.faults]
            raise CommandError("\n".join(lines), returncode=REFUSED) from None
        except Refused as refused:
            raise CommandError(fault_text(refused.code, refused.params), returncode=REFUSED) from None
        except Sealed as fault:
            raise CommandError(str(fault), returncode=REFUSED) from None
        except (OperationalError, ProgrammingError) as fault:
            if "no such table" in str(fault) or "does not exist" in str(fault):
                raise CommandError("The database is not prepared yet. Run: python3 manage.py migrate") from None
            raise
        finally:
            COMMAND.reset(told)
