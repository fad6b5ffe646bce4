"""What the commands share: quick start, and refusals as one sentence instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from imports.actions import MappingRefused, Refused, cancel_job
from imports.history import COMMAND
from imports.models import ImportJob
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
        except Refused as refused:
            raise CommandError(_told(refused), returncode=REFUSED) from None
        except Sealed as fault:
            raise CommandError(str(fault), returncode=REFUSED) from None
        except (OperationalError, ProgrammingError) as fault:
            if "no such table" in str(fault) or "does not exist" in str(fault):
                raise CommandError("The database is not prepared yet. Run: python3 manage.py migrate") from None
            raise
        finally:
            COMMAND.reset(told)


@contextmanager
def cancelled_when_refused(job: ImportJob) -> Iterator[None]:
    """An import whose choices are refused is nobody's to finish: cancel it, and say so after the reason."""
    try:
        yield
    except (Refused, CommandError) as fault:
        cancel_job(job, by=None)
        after = f"Nothing was sent. Import {job.pk}, made for this file, is cancelled."
        raise CommandError(f"{_told(fault)}\n{after}", returncode=REFUSED) from None


def _told(fault: Refused | CommandError) -> str:
    """Why, in sentences; of columns and a destination every reason, one a line."""
    if isinstance(fault, MappingRefused):
        return "\n".join(fault_text(code, params) for code, params in fault.faults)
    return fault_text(fault.code, fault.params) if isinstance(fault, Refused) else str(fault)
