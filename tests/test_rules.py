"""Rules of the house that no single module can keep: layers, login, Celery's settings, what may not be written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from importlinter.cli import lint_imports

from dashboard.celery import app

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("dashboard", "imports") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- layers ---


def test_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)

    status = lint_imports(config_filename="pyproject.toml", no_cache=True)

    assert status == 0, capsys.readouterr().out


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


# The benchmark asks our own pages as a browser would, the storage asks where our own files lie: neither the platform.
MAY_SPEAK_HTTP = ("imports/altcraft/", "imports/storage/", "dashboard/benchmark/")
MAY_SPEAK_HTTP += ("dashboard/views/sso.py",)  # allauth asks the identity provider, and raises what requests does


def test_only_the_client_speaks_http() -> None:
    speakers = {"requests", "urllib3", "httpx", "aiohttp", "boto3", "botocore"}
    silent = [path for path in SOURCES if not _name(path).startswith(MAY_SPEAK_HTTP)]
    found = [_name(path) for path in silent if any(name.split(".")[0] in speakers for name in _imported(path))]

    assert found == []


# --- login ---

OPEN_TO_ALL = {"login", "set_language", "healthz", "shared", "admin:login", "admin:jsi18n"}
OPEN_TO_ALL |= {"account_login", "mfa_authenticate", "openid_connect_login", "openid_connect_callback"}
OPEN_TO_ALL |= {"password_forgotten", "password_new", "invitation", "admin/login/"}


def _routes(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}", entry.callback


def test_every_page_but_a_few_needs_login() -> None:
    open_routes = {name for name, view in _routes(get_resolver()) if not getattr(view, "login_required", True)}

    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert open_routes <= OPEN_TO_ALL


@pytest.mark.django_db
def test_stranger_is_sent_to_login(client: Any) -> None:
    pages = [entry for entry in get_resolver().url_patterns if isinstance(entry, URLPattern)]
    closed = [f"/{page.pattern}" for page in pages if page.name not in OPEN_TO_ALL and "<" not in str(page.pattern)]

    answers = {path: client.get(path) for path in closed}

    assert "/" in closed
    assert [path for path, answer in answers.items() if not answer.get("Location", "").startswith("/login/")] == []


# --- background work ---

PINNED = {
    "accept_content": ["json"],
    "beat_schedule": {
        "sweep": {"task": "imports.tasks.sweep", "schedule": 15.0, "options": {"expires": 600}},
        "purge": {"task": "imports.tasks.purge", "schedule": 900.0, "options": {"expires": 600}},
        "verify_history": {"task": "imports.tasks.verify_history", "schedule": 86_400.0, "options": {"expires": 3600}},
    },
    "broker_connection_max_retries": None,
    "broker_connection_retry_on_startup": True,
    "broker_pool_acquire_timeout": 2,
    "enable_utc": True,
    "result_backend": None,
    "task_acks_late": False,
    "task_always_eager": False,
    "task_create_missing_queues": False,
    "task_default_queue": "check",
    "task_ignore_result": True,
    "task_publish_retry": False,
    "task_reject_on_worker_lost": False,
    "task_serializer": "json",
    "task_soft_time_limit": 25 * 60,  # of a check; what is sent ends by its call's deadline, and by its lease
    "task_time_limit": 30 * 60,
    "timezone": "UTC",
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_max_memory_per_child": 400_000,
    "worker_max_tasks_per_child": 200,
    "worker_prefetch_multiplier": 1,
    "worker_send_task_events": False,
    "worker_soft_shutdown_timeout": 135,  # longer than a call may take
}
PINNED_TRANSPORT = {
    "global_keyprefix": "imports:",
    "health_check_interval": 25,
    "max_retries": 0,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "socket_timeout": 2,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "visibility_timeout": 3600,
}


def test_celery_settings_are_pinned() -> None:
    assert {name: app.conf[name] for name in PINNED} == PINNED
    assert app.conf.broker_transport_options == PINNED_TRANSPORT
    assert app.conf.task_time_limit < PINNED_TRANSPORT["visibility_timeout"]


def test_tasks_go_to_queues_that_workers_read() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if name.startswith("imports.")]
    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in ours}

    assert queues["imports.tasks.sweep"] == queues["imports.tasks.send_batches"] == "send"
    assert set(queues.values()) <= {"send", "check"}


FORBIDDEN = re.compile(r"\.retry\(|\bself\.retry\b|\b(?:chord|chain|group)\(|\bcountdown\s*=|\beta\s*=")


def test_next_tries_are_rows_not_messages() -> None:
    """No retry, chord or delayed message: the next try is a row with `next_try_at`, which survives the broker."""
    tasks = [path for path in SOURCES if "celery" in path.read_text().lower() and path.name != "settings.py"]

    assert [_name(path) for path in tasks if FORBIDDEN.search(path.read_text())] == []


# --- data ---


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- pages ---

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"hx-on|\bjs:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_the_policy_blocks(what: str) -> None:
    assert [_name(path) for path in TEMPLATES if INLINE[what].search(path.read_text())] == []


def test_policy_allows_only_ourselves() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["img-src"] == ["'self'", "data:"]


# --- languages ---


@pytest.mark.parametrize("path", sorted((ROOT / "locale").rglob("*.po")), ids=_name)
def test_compiled_catalogue_is_fresh(path: Path) -> None:
    """A user's machine has no msgfmt, so the .mo file is committed and must say what the .po file says."""
    source = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path)).translated_entries()}
    compiled = {(entry.msgctxt, entry.msgid): entry for entry in polib.mofile(str(path.with_suffix(".mo")))}

    assert source.keys() == compiled.keys()
    assert [key for key in source if source[key].msgstr != compiled[key].msgstr] == []
    assert [key for key in source if source[key].msgstr_plural != compiled[key].msgstr_plural] == []


# --- tests ---

CLOCKS = {"monotonic", "perf_counter", "process_time", "time", "sleep"}


def _timed(path: Path) -> Iterator[str]:
    """Where a test reads a clock, sleeps, or expects that something took only so long."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr=attr)) if attr in CLOCKS:
                yield f"{_name(path)}:{node.lineno} time.{attr}"
            case ast.ImportFrom(module="time"):
                yield f"{_name(path)}:{node.lineno} import from time"
            case ast.Compare(left=ast.Attribute(attr="seconds"), ops=[ast.Lt() | ast.LtE(), *_]):
                yield f"{_name(path)}:{node.lineno} seconds compared"


def test_tests_time_nothing() -> None:
    """A busy machine must not fail one. What waits for something polls with `wait_until`, and waits long."""
    tests = (ROOT / "tests").rglob("test_*.py")

    assert [found for path in tests for found in _timed(path)] == []
