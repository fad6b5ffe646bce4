"""A child that checks keeps its connection to PostgreSQL from task to task; in a process of its own."""

import os
import subprocess
import sys

import pytest

TWO_TASKS = """
from types import SimpleNamespace
import django
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun, worker_process_init
from dashboard.celery import app
from django.db import connection
django.setup()
celerys_own = DjangoWorkerFixup(app)
celerys_own.worker = SimpleNamespace(pool_cls="prefork")
celerys_own.install()
worker_process_init.send(sender=None)
from imports.tasks import check_job as task
for _ in range(2):
    task_prerun.send(sender=task)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        print(cursor.fetchone()[0])
    task_postrun.send(sender=task)
    print(connection.connection)
"""


@pytest.mark.postgres
def test_the_next_task_is_served_by_the_session_of_the_one_before_and_none_holds_it_in_between() -> None:
    run = [sys.executable, "-c", TWO_TASKS]
    pooled = os.environ | {"DATABASE_POOL_SIZE": "1"}
    first, _, second, *given_back = subprocess.run(
        run, check=True, capture_output=True, text=True, env=pooled
    ).stdout.split()
    assert first == second
    assert given_back == ["None"]
