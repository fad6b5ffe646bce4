"""The one clock of claims, leases, marks and sweeps: the database's, so that a worker whose own is wrong does no harm.

On SQLite every worker runs on the same machine, and its clock serves them all.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, DurationField, Func, Value
from django.utils import timezone


class _DatabaseNow(Func):
    """The moment at which a row is looked at, not the one at which a worker wrote the statement."""

    function = "CLOCK_TIMESTAMP"
    output_field = DateTimeField()


def now() -> datetime:
    """The time of the database, one short query; to be asked once a transaction."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def now_in_statement(*, plus: timedelta = timedelta(0)) -> Any:
    """The same inside a statement: a wait for a lock between asking and writing makes no difference."""
    if connection.vendor != "postgresql":
        return Value(timezone.now() + plus, output_field=DateTimeField())
    return _DatabaseNow() + Value(plus, output_field=DurationField())
