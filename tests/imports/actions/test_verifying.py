"""Five ways to forge the history, and what each leaves behind; what is there and whole is called intact."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from imports import actions
from imports.actions.heads import FOLDER, RESTORED, heads, keep_head
from imports.chain import EVENTS, LINKS, START, digest_of, guards, hash_of, unguards
from imports.history import record
from imports.models import HistoryEvent, HistoryLink
from tests.emptying import past_the_guards

pytestmark = pytest.mark.django_db(transaction=True)  # on PostgreSQL links are made as a transaction ends


@pytest.fixture(autouse=True)
def _storage_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Heads of other tests' histories must not be met."""
    place = {"location": tmp_path, "allow_overwrite": True}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": place}
    settings.STORAGES = settings.STORAGES | {"default": files}


@contextmanager
def unguarded() -> Iterator[Any]:
    """As an administrator of the database may do it."""
    with past_the_guards(connection), connection.cursor() as cursor:
        yield cursor


def written(count: int = 5) -> None:
    for number in range(count):
        record("sweep_tested", about=f"event {number}", rows=number, share=0.1, names=("a", "ж"))


def kinds() -> list[str]:
    return [one.kind for one in actions.verify_history().broken]


def test_what_was_written_is_intact_and_the_look_itself_is_told() -> None:
    written()
    found = actions.verify_history()
    assert (found.intact, found.events) == (True, 5)
    again = actions.verify_history()
    assert (again.intact, again.events, again.heads) == (True, 6, 1)
    assert HistoryEvent.objects.filter(verb="history_verified").count() == 2


def test_every_event_hangs_on_the_one_before() -> None:
    with transaction.atomic():
        written(3)
    one, two, three = HistoryLink.objects.order_by("number").select_related("event")
    assert [one.number, two.number, three.number] == [1, 2, 3]
    assert three.hash == hash_of(two.hash, 3, three.event_id, three.event.digest)


def test_what_is_taken_back_leaves_no_gap() -> None:
    written(1)
    with transaction.atomic():
        record("sweep_tested")
        transaction.set_rollback(True)
    written(1)
    assert list(HistoryLink.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("table", [EVENTS, LINKS])
@pytest.mark.parametrize("doing", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses(table: str, doing: str) -> None:
    if doing.startswith("TRUNCATE") and connection.vendor == "sqlite":
        doing = "DELETE FROM {}"
    written(2)
    column = "verb" if table == EVENTS else "hash"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(doing.format(table, column, "'x'"))
    assert actions.verify_history().intact


@pytest.mark.fault(69)
def test_edited() -> None:
    written()
    with unguarded() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET actor_name = 'nobody' WHERE object_text = 'event 2'")
    assert kinds() == ["edited"]


@pytest.mark.fault(69)
def test_edited_with_its_digest() -> None:
    written()
    event = HistoryEvent.objects.get(object_text="event 2")
    forged = digest_of(event.at, "other", None, "", None, event.object_text, event.details)
    with unguarded() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET verb = 'other', digest = %s WHERE id = %s", [forged, event.pk])
    assert kinds() == ["reordered"]


@pytest.mark.fault(69)
@pytest.mark.parametrize("which", ["event 2", "event 4"])
@pytest.mark.parametrize("tables", [[EVENTS], [LINKS, EVENTS]])
def test_deleted(which: str, tables: list[str]) -> None:
    written()
    keep_head(at_once=True)
    link = HistoryLink.objects.get(event__object_text=which)
    with unguarded() as cursor:
        for table in tables:
            key = "event_id" if table == LINKS else "id"
            cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [link.event_id])
    assert kinds() == ["cut" if which == "event 4" and len(tables) == 2 else "deleted"]


@pytest.mark.fault(69)
def test_reordered() -> None:
    written()
    two, three = HistoryLink.objects.filter(number__in=[2, 3]).order_by("number")
    with unguarded() as cursor:
        cursor.execute(f"UPDATE {LINKS} SET event_id = 0 WHERE number = 2")
        cursor.execute(f"UPDATE {LINKS} SET event_id = %s WHERE number = 3", [two.event_id])
        cursor.execute(f"UPDATE {LINKS} SET event_id = %s WHERE number = 2", [three.event_id])
    assert kinds() == ["reordered", "reordered"]


@pytest.mark.fault(69)
def test_cut() -> None:
    written()
    keep_head(at_once=True)
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {LINKS} WHERE number > 3")
        cursor.execute(f"DELETE FROM {EVENTS} WHERE object_text IN ('event 3', 'event 4')")
    found = actions.verify_history().broken
    assert [(one.kind, one.number, one.about) for one in found] == [("cut", 4, "5")]


def turned_back() -> None:
    """An old copy of the database was put back, and work went on."""
    with unguarded() as cursor:
        cursor.execute(f"DELETE FROM {LINKS} WHERE number > 3")
        cursor.execute(f"DELETE FROM {EVENTS} WHERE object_text IN ('event 3', 'event 4')")


@pytest.mark.fault(69)
def test_rolled_back_and_gone_on() -> None:
    written()
    keep_head(at_once=True)
    turned_back()
    written(4)
    assert kinds() == ["rolled_back"]


def test_a_backup_whose_restoring_was_told_is_no_forgery_and_is_still_said() -> None:
    written()
    keep_head(at_once=True)
    turned_back()
    actions.hold_after_restore()
    written(4)
    found = actions.verify_history()
    assert (found.intact, found.restored_to) == (True, [3])


def rewritten() -> None:
    """All of it anew, from the second event on, as if it had always been so; the database alone tells nothing."""
    with unguarded() as cursor:
        before = START
        for link in HistoryLink.objects.order_by("number").select_related("event"):
            event = link.event
            name = "nobody" if link.number > 1 else event.actor_name
            told = (event.verb, event.actor_id, name, event.job_id, event.object_text, event.details)
            digest = digest_of(event.at, *told)
            before = hash_of(before, link.number, event.pk, digest)
            cursor.execute(f"UPDATE {EVENTS} SET actor_name = %s, digest = %s WHERE id = %s", [name, digest, event.pk])
            cursor.execute(f"UPDATE {LINKS} SET hash = %s WHERE number = %s", [before, link.number])


def kept_lines() -> tuple[str, list[dict[str, Any]]]:
    (day,) = default_storage.listdir(FOLDER)[1]
    with default_storage.open(f"{FOLDER}/{day}") as stored:
        return f"{FOLDER}/{day}", [json.loads(line) for line in stored.read().splitlines()]


def put_lines(name: str, lines: list[dict[str, Any]]) -> None:
    default_storage.save(name, BytesIO("\n".join(map(json.dumps, lines)).encode()))


@pytest.mark.fault(69)
def test_all_rewritten_is_found_by_the_head_outside() -> None:
    written()
    keep_head(at_once=True)
    rewritten()
    assert kinds() == ["rolled_back"]


def test_who_has_not_the_keys_can_make_no_head_for_what_was_rewritten() -> None:
    written()
    keep_head(at_once=True)
    rewritten()
    name, (line,) = kept_lines()
    newest = HistoryLink.objects.head()
    assert newest is not None
    put_lines(name, [line | {"hash": newest.hash}])
    assert kinds() == ["head_forged"]


def test_nor_say_that_a_backup_was_restored() -> None:
    written()
    keep_head(at_once=True)
    turned_back()
    name, (line,) = kept_lines()
    put_lines(name, [line, line | {"number": 3, "hash": RESTORED}])
    assert set(kinds()) == {"head_forged", "cut"}


def test_heads_that_were_removed_leave_a_gap_that_is_said() -> None:
    long_ago = timezone.now() - timedelta(days=3)
    for number in range(3):
        HistoryEvent.objects.create(verb="sweep_tested", at=long_ago, details={"n": number})
    found = actions.verify_history()
    assert (found.intact, found.unwitnessed) == (True, [(1, 3)])
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert "Events 1-4 were kept by no head outside within a day." in out.getvalue()


def test_a_head_without_a_seal_of_before_there_were_any_counts_nothing() -> None:
    written()
    keep_head(at_once=True)
    name, (line,) = kept_lines()
    put_lines(name, [{key: line[key] for key in ("number", "hash", "at")}])
    found = actions.verify_history()
    assert (found.intact, found.heads) == (True, 0)


def test_heads_outlive_a_change_of_the_keys(settings: Any) -> None:
    written()
    keep_head(at_once=True)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    actions.rotate_keys()
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    found = actions.verify_history()
    assert (found.intact, found.heads) == (True, 1)


def test_put_in_past_the_guards() -> None:
    written()
    event = HistoryEvent.objects.get(object_text="event 1")
    with unguarded() as cursor:
        columns = "at, verb, actor_name, object_text, details, digest"
        cursor.execute(
            f"INSERT INTO {EVENTS} ({columns}) SELECT {columns} FROM {EVENTS} WHERE id = %s",
            [event.pk],
        )
    assert kinds() == ["unchained"]


def test_without_guards_it_is_said() -> None:
    written()
    with connection.cursor() as cursor:
        for statement in unguards(connection.vendor):
            cursor.execute(statement)
        assert set(kinds()) == {"unguarded"}
        for statement in guards(connection.vendor):
            cursor.execute(statement)


def test_the_command_says_what_is_wrong_and_fails() -> None:
    written()
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert out.getvalue().startswith("Intact: 5 events")
    with unguarded() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET verb = 'x' WHERE object_text = 'event 0'")
    with pytest.raises(CommandError, match="Event 1 was changed after it was written.") as refused:
        call_command("verify_history")
    assert refused.value.returncode == 1


def test_heads_are_kept_outside_when_something_is_new() -> None:
    written(2)
    assert keep_head() is not None
    assert keep_head() is None
    written(1)
    assert keep_head() is None  # the last one is not five minutes old
    assert keep_head(at_once=True) is not None
    assert [head.number for head in heads()] == [2, 3]
