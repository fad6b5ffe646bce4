"""The database as the migrations left it, after a test that commits: cheaper than Django's own flush.

Django truncates every table and lets every app make its content types and permissions anew, a quarter of a second each
time on PostgreSQL. Here only tables that hold something are emptied, and what the migrations made stays; had a test
changed that, it is put back. (Django's flush would leave the next test without the first team.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

from imports.chain import EVENTS, LINKS, guards, unguards

_flush = TransactionTestCase._fixture_teardown  # for the rare test that names its apps
_made: dict[str, dict[str, list[Any]]] = {}  # by database and table: the rows that migrations and their signals made


def empty_cheaply() -> None:
    """Call once, as soon as the test databases are there."""
    for connection in connections.all():
        _made[connection.alias] = {
            table: _rows(connection, table) for table in _filled(connection, _tables(connection))
        }
    TransactionTestCase._fixture_teardown = _teardown


def _teardown(case: Any) -> None:
    if case.available_apps is not None:
        _flush(case)
        return
    for alias in case._databases_names(include_mirrors=False):
        empty(connections[alias])


def empty(connection: Any) -> None:
    """Empty what the test filled, and put back what the migrations had made."""
    made, tables = _made[connection.alias], _tables(connection)
    with transaction.atomic(using=connection.alias):  # foreign keys are looked at in its end: any order will do
        if connection.vendor == "postgresql":  # wait, as TRUNCATE does, for a thread that is still writing
            _execute(connection, f"LOCK TABLE {_list(connection, tables)} IN SHARE ROW EXCLUSIVE MODE")
        with past_the_guards(connection):
            changed = [table for table in made if _rows(connection, table) != made[table]]
            for table in {*_filled(connection, tables), *changed} - (made.keys() - changed):
                _execute(connection, f"DELETE FROM {connection.ops.quote_name(table)}")
            for table in changed:
                _put_back(connection, table, made[table])


def _put_back(connection: Any, table: str, rows: list[Any]) -> None:
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({places})", rows)


@contextmanager
def past_the_guards(connection: Any) -> Iterator[None]:
    """The history refuses to be emptied; whoever owns the database can make it let go, and so do tests."""
    ours = [table for table in (EVENTS, LINKS) if connection.vendor == "postgresql"]
    before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ours] or unguards(connection.vendor)
    after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in ours] or guards(connection.vendor)
    for statement in before:
        _execute(connection, statement)
    yield
    for statement in after:
        _execute(connection, statement)


def _tables(connection: Any) -> list[str]:
    """Those that Django's flush would empty."""
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def _filled(connection: Any, tables: list[str]) -> list[str]:
    quote = connection.ops.quote_name
    looks = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables]
    return [name for (name,) in _execute(connection, " UNION ALL ".join(looks))]


def _rows(connection: Any, table: str) -> list[Any]:
    return sorted(_execute(connection, f"SELECT * FROM {connection.ops.quote_name(table)}"))


def _list(connection: Any, tables: list[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, tables))


def _execute(connection: Any, query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []
