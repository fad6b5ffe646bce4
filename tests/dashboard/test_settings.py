import json
import logging
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from dashboard import local
from dashboard.logs import DiscreetFormatter

ROOT = Path(__file__).parent.parent.parent
SECRETS = {"SECRET_KEY": "s" * 40, "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24="}
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Read settings.py afresh from exactly these variables."""

    def read(**environ: str) -> dict[str, Any]:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in {"DATA_DIR": str(tmp_path), **environ}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "dashboard" / "settings.py"))

    return read


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


# --- refusing ---

WRONG = {
    "SECRET_KEY": "short",
    "FIELD_KEYS": "not-a-key",
    "DATABASE_URL": "mysql://user:hidden-password@host/name",
    "DATABASE_POOL_SIZE": "many",
    "REDIS_URL": "amqp://user:hidden-password@host",
    "STORAGE_URL": "s3://key:hidden-password@storage.example.com:9000/",
    "ALLOWED_HOSTS": "https://imports.example.com/",
    "CSRF_TRUSTED_ORIGINS": "imports.example.com",
    "ALTCRAFT_ALLOWED_HOSTS": "altcraft.example.com/api",
    "EMAIL_URL": "pigeon://coop",
    "OIDC_URL": "http://id.example.com/?client=hidden-password",
    "TIME_ZONE": "Mars/Base",
    "DEBUG": "perhaps",
    "LOG_LEVEL": "LOUD",
}


@pytest.mark.parametrize(
    "wrong",
    [
        "id.example.com",
        "http://id.example.com",
        "ftp://id.example.com",
        "https://user@id.example.com",
        "https://[",
        "https://",
    ],
)
def test_an_issuer_that_cannot_be_trusted_is_refused(wrong: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_URL: is not usable"):
        load(**SECRETS, OIDC_URL=wrong, OIDC_CLIENT_ID="imports", OIDC_CLIENT_SECRET="hidden-password")


def test_half_of_single_sign_on_is_refused_by_what_is_missing(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**SECRETS, OIDC_URL="https://id.example.com/realms/main")

    lines = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]
    assert lines[0] == "OIDC_CLIENT_ID: is missing beside OIDC_URL."


def test_a_network_may_be_listed_for_a_platform_inside(load: Load) -> None:
    read = load(**SECRETS, ALTCRAFT_ALLOWED_HOSTS="altcraft.example.com,10.0.0.0/8")

    assert read["ALTCRAFT_ALLOWED_HOSTS"] == ["altcraft.example.com", "10.0.0.0/8"]


def test_every_wrong_variable_is_named_at_once(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**WRONG)

    lines = str(refused.value).splitlines()
    assert {line.partition(":")[0] for line in lines} == WRONG.keys()
    assert all(line.endswith((".", "-_", "48")) for line in lines)


def test_refusal_quotes_no_secret(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**WRONG)

    for secret in ("hidden-password", "not-a-key", "short"):
        assert secret not in str(refused.value).replace("too short", "")


def test_manage_py_says_it_without_traceback(tmp_path: Path) -> None:
    outcome = manage("check", DATA_DIR=str(tmp_path), TIME_ZONE="Mars/Base", **SECRETS)

    assert outcome.returncode == 1
    assert outcome.stderr == (
        "manage.py: settings to correct:\n"
        "TIME_ZONE: 'Mars/Base' is not a time zone. Write a name such as Europe/Moscow or UTC.\n"
    )


def test_empty_variable_counts_as_absent(load: Load) -> None:
    assert load(TIME_ZONE="", DATABASE_URL="", **SECRETS)["TIME_ZONE"] == "UTC"


# --- keys ---


def test_keys_are_made_once_and_readable_by_the_owner_only(
    tmp_path: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    local.make_installation(tmp_path / "var")
    made = json.loads((tmp_path / "var" / "keys.json").read_text())
    local.make_installation(tmp_path / "var")

    found = load(DATA_DIR=str(tmp_path / "var"))

    assert (found["SECRET_KEY"], found["FIELD_KEYS"]) == (made["SECRET_KEY"], made["FIELD_KEYS"])
    assert (tmp_path / "var" / "keys.json").stat().st_mode & 0o777 == 0o600


def test_keys_missing_beside_a_database_are_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "db.sqlite3").touch()

    with pytest.raises(local.CannotStart, match=r"keys\.json is missing beside an existing database"):
        local.make_installation(tmp_path)


def test_keys_are_never_made_for_a_shared_database(tmp_path: Path) -> None:
    outcome = manage("check", DATA_DIR=str(tmp_path), DATABASE_URL="postgres://imports@db.example.com/imports")

    assert outcome.returncode == 1
    assert [line.split()[0] for line in outcome.stderr.splitlines()[1:]] == ["SECRET_KEY:", "FIELD_KEYS:"]
    assert not list(tmp_path.iterdir())


def test_unreadable_keys_are_told(tmp_path: Path, load: Load) -> None:
    (tmp_path / "keys.json").write_text("{")

    with pytest.raises(ImproperlyConfigured, match=r"keys\.json cannot be read"):
        load()


def test_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    outcome = manage("check", DATA_DIR=str(tmp_path / "file"))

    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert f"DATA_DIR {tmp_path / 'file'} cannot be written" in outcome.stderr


# --- what follows from what ---


def test_default_database_is_sqlite_that_waits_instead_of_failing(load: Load, tmp_path: Path) -> None:
    database = load(**SECRETS)["DATABASES"]["default"]

    assert database["NAME"] == str(tmp_path / "db.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_files_lie_in_the_data_folder_unless_a_storage_is_named(load: Load, tmp_path: Path) -> None:
    entry = load(**SECRETS)["STORAGES"]["default"]

    assert entry["BACKEND"].endswith("FileSystemStorage")
    assert entry["OPTIONS"]["location"] == tmp_path / "files"


def test_a_storage_is_named_by_one_url(load: Load) -> None:
    url = "s3://KEY:s%2Fcret@storage.example.com:9000/customer-imports?region=eu-central-1&prefix=dashboard"
    entry = load(**SECRETS, STORAGE_URL=url)["STORAGES"]["default"]

    assert entry["BACKEND"] == "imports.storage.shared.SharedStorage"
    assert entry["OPTIONS"] == {
        "endpoint_url": "https://storage.example.com:9000",
        "bucket_name": "customer-imports",
        "access_key": "KEY",
        "secret_key": "s/cret",
        "region_name": "eu-central-1",
        "location": "dashboard",
        "addressing_style": "path",
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://key:secret@host/bucket",
        "s3://key:secret@host",
        "s3://key@host/bucket",
        "s3://key:secret@host:port/bucket",
        "s3://key:secret@host/Bucket/folder",
        "s3://key:secret@host/bucket?acl=public-read",
    ],
)
def test_a_storage_that_cannot_be_meant_is_refused_by_name(load: Load, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^STORAGE_URL: is not usable. Write s3://"):
        load(**SECRETS, STORAGE_URL=url)


def test_postgresql_has_a_connection_for_every_sending_thread(load: Load) -> None:
    database = load(DATABASE_URL="postgres://imports@db.example.com/imports", **SECRETS)["DATABASES"]["default"]

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"]["pool"]["max_size"] >= 8


def test_cache_is_shared_when_a_redis_is_named(load: Load) -> None:
    alone = load(**SECRETS)
    together = load(REDIS_URL="redis://broker.example.com:6379/0", **SECRETS)

    assert alone["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
    assert together["CACHES"]["default"]["LOCATION"] == together["CELERY_BROKER_URL"]


def test_broker_socket_of_a_deep_folder_stays_within_the_limit(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    assert local.broker_socket(tmp_path) == tmp_path.resolve() / "broker" / "broker.sock"
    assert len(str(local.broker_socket(deep))) < 104
    assert local.broker_socket(deep) != local.broker_socket(deep / "f")


def test_browser_protection_is_on_unless_this_is_a_local_run(load: Load) -> None:
    deployed, here = load(**SECRETS), load(INSECURE_LOCAL="1", **SECRETS)

    assert deployed["SECURE_SSL_REDIRECT"] and deployed["SESSION_COOKIE_SECURE"] and deployed["SECURE_HSTS_SECONDS"]
    assert deployed["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert not (here["SECURE_SSL_REDIRECT"] or here["SESSION_COOKIE_SECURE"] or here["SECURE_HSTS_SECONDS"])


def test_forwarded_protocol_is_believed_only_behind_a_proxy(load: Load) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in load(**SECRETS)
    assert load(BEHIND_PROXY="1", **SECRETS)["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_deployment_check_is_clean(tmp_path: Path) -> None:
    outcome = manage(
        "check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), ALLOWED_HOSTS="imports.example.com",
        SECRET_KEY="".join(map(chr, range(40, 120))), FIELD_KEYS=Fernet.generate_key().decode(),
        ALTCRAFT_ALLOWED_HOSTS="altcraft.example.com",
    )  # fmt: skip

    assert outcome.returncode == 0, outcome.stderr


# --- logs ---


def test_log_lines_name_nobody_and_stay_one_line() -> None:
    record = logging.LogRecord(
        "imports", logging.INFO, "", 0, "row of %s\n%s forged", ("a@example.com", "+7 900 000-00-01"), None
    )

    assert DiscreetFormatter("%(levelname)s %(message)s").format(record) == r"INFO row of ***\n*** forged"


def test_traceback_names_nobody() -> None:
    try:
        raise ValueError("Key (email)=(anna@example.com) already exists")
    except ValueError:
        record = logging.LogRecord("imports", logging.ERROR, "", 0, "refused", (), sys.exc_info())

    text = DiscreetFormatter().format(record)

    assert "anna" not in text and "Key (email)=(***) already exists" in text
