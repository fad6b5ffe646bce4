"""manage.py connection: accounts from the command line."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from imports.models import Connection, HistoryEvent
from tests.factories import fresh, make_connection, make_sending_job

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("connection", *arguments, stdout=out)
    return out.getvalue()


def test_an_account_is_switched_off_and_on_by_name(anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = make_sending_job(anna, account)

    assert "Unfinished imports that wait for it: 1." in run("off", "Sandbox")
    assert "off since" in run("list")
    with pytest.raises(CommandError, match="switched off already"):
        run("off", "Sandbox")
    call_command("drain", str(job.pk), stdout=io.StringIO())
    assert fresh(job).state == "sending"

    assert "Imports that go on: 1." in run("on", "Sandbox")
    call_command("drain", str(job.pk), stdout=io.StringIO())
    assert fresh(job).state == "done"
    assert HistoryEvent.objects.filter(verb__startswith="connection_switched", actor_name="").count() == 2


def test_a_switched_off_account_is_named_as_such(anna: Any, sandbox: Any, tmp_path: Any) -> None:
    make_connection(sandbox)
    run("off", "Sandbox")
    file = tmp_path / "people.csv"
    file.write_text("E-mail\nkamila@example.com\n")

    with pytest.raises(CommandError, match="'Sandbox' is switched off. Switch it on with"):
        call_command(
            *("import_file", str(file), "--connection", "Sandbox", "--database", "1"),
            *("--operation", "import", "--matching", "email", "--auto-map"),
        )


def test_the_test_tells_call_by_call_and_writes_nothing(sandbox: Any) -> None:
    make_connection(sandbox, look=False)
    told = run("test", "Sandbox")
    assert "databases: works\n" in told
    assert "import: untried\n" in told
    assert not sandbox.platform.applied


def test_a_probe_tells_what_was_seen_in_words(sandbox: Any) -> None:
    make_connection(sandbox)
    told = run("probe", "Sandbox", "--question", "not_found", "--database", "1")
    assert told.splitlines()[0] == "In a batch: Nobody is found: the answer is 404 Profile not found."


def test_an_unknown_name_lists_the_known_ones(sandbox: Any) -> None:
    make_connection(sandbox, look=False)
    with pytest.raises(CommandError, match="Known: Sandbox"):
        run("test", "Elsewhere")


def test_the_usual_size_of_a_request_is_the_pages_own(monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a-token\n"))
    run("add", "Northfield", "--url", "http://127.0.0.1:9", "--token-stdin")
    assert Connection.objects.get().profiles_per_request == Connection().profiles_per_request == 10_000
