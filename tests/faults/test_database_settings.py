"""What the database is told by our settings, asked of the database itself."""

import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from dashboard.supervision import tether
from tests.faults.breakable import OnOwnServer, own_server
from tests.faults.house import ROOT, House, Stop
from tests.faults.judge import judged

PINNED = {
    "statement_timeout": "2min",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "1min",
    "synchronous_commit": "on",
}
POOLED = """
import django, sys
django.setup()
from django.db import close_old_connections, connection
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    close_old_connections()
    connection.close()
ask()
print("asked", flush=True)
sys.stdin.readline()
ask()
print("asked again", flush=True)
"""


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_was_told_the_limits() -> None:
    with connection.cursor() as cursor:
        told = {}
        for name in PINNED:
            cursor.execute(f"SHOW {name}")
            told[name] = cursor.fetchone()[0]

    assert told == PINNED
    options = settings.DATABASES["default"]["OPTIONS"]
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
    assert options["connect_timeout"] <= 5 and options["tcp_user_timeout"] <= 30_000
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 30


@pytest.mark.django_db
def test_what_is_committed_outlives_a_power_cut() -> None:
    """The mark "on the wire" does: a batch that lost it would be sent again."""
    kept = {"postgresql": ("SHOW synchronous_commit", "on"), "sqlite": ("PRAGMA synchronous", 2)}  # 2 is FULL
    question, answer = kept[connection.vendor]

    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchone()[0] == answer


@pytest.mark.postgres
@pytest.mark.fault(29)
def test_a_pool_whose_connections_died_is_no_fault_of_the_next_page() -> None:
    with OnOwnServer() as url:
        asks = subprocess.Popen(
            [sys.executable, "-I", "-S", tether.__file__, sys.executable, "-c", POOLED],
            cwd=ROOT, env=_environ(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert asks.stdin is not None and asks.stdout is not None
        try:
            assert asks.stdout.readline() == "asked\n"
            own_server().restart()
            assert asks.communicate("go on\n", timeout=60)[0] == "asked again\n"
        finally:
            asks.kill()
            asks.wait()


def _environ(url: str) -> dict[str, str]:
    import os

    given = {name: os.environ[name] for name in ("PATH", "DATA_DIR", "SECRET_KEY", "FIELD_KEYS", "INSECURE_LOCAL")}
    pooled = {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "3", "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    return given | pooled | {"PYTHONPATH": str(ROOT)}


@pytest.mark.postgres
@pytest.mark.fault(33)
def test_a_worker_frozen_in_a_transaction_does_not_keep_the_others_waiting() -> None:
    """It holds its account's row; the server ends its session."""
    with House(database=OnOwnServer(), environ={"DJANGO_SETTINGS_MODULE": "tests.faults.hasty_settings"}) as house:
        account = house.account(deadline_seconds=30)
        first = house.job(1, unsafe=True, account=account)
        frozen = house.worker(stops=[Stop("inside_claim", "freeze")])
        house.came_to("inside_claim", sweeping=False)
        second = house.job(1, unsafe=True, account=account)
        house.worker()

        house.until_quiet()

        frozen.thaw()
        all_accepted(house, first, second)


def all_accepted(house: House, *jobs: int) -> Any:
    assert [house.state(job) for job in jobs] == ["done"] * len(jobs)
    assert set(house.platform.people().values()) == {1}
    assert judged(house) == []
