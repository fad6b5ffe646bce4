"""Own checks of `check --deploy`: each fault is told in a sentence with what to do; a good one hears nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from dashboard import checks

GOOD_KEY = Fernet.generate_key().decode()
POSTGRES: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": "db.example.com",
    "OPTIONS": {"sslmode": "verify-full"},
}
GOOD: dict[str, Any] = {
    "INSECURE_LOCAL": False,
    "ALTCRAFT_ALLOWED_HOSTS": ["altcraft.example.com"],
    "ALLOWED_HOSTS": [".example.com"],
    "PUBLIC_URL": "https://imports.example.com",
    "CSRF_TRUSTED_ORIGINS": ["https://imports.example.com"],
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": [GOOD_KEY],
    "REDIS_URL": "rediss://:secret-word@broker.example.com:6379/0",
    "DATABASES": {"default": POSTGRES},
    "STORAGES": {"default": {"BACKEND": "imports.storage.shared.SharedStorage", "OPTIONS": {"endpoint_url": "https://s3"}}},
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.com",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
}  # fmt: skip
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}}
REACHED = {"BACKEND": "imports.storage.shared.SharedStorage", "OPTIONS": {"endpoint_url": "http://s3.example.com"}}
LOCAL_FILES = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {}}


def found(folder: Path, **changed: Any) -> list[str]:
    with pytest.MonkeyPatch.context() as other:
        other.setattr(checks, "settings", SimpleNamespace(**(GOOD | {"DATA_DIR": folder} | changed)))
        messages = checks.check_deployment(None)
    assert all(one.msg.endswith(".") and one.hint for one in messages)
    assert not any("secret-word" in one.msg + str(one.hint) for one in messages)
    return [str(one.id).removeprefix("dashboard.") for one in messages]


def test_a_good_installation_hears_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"INSECURE_LOCAL": True}, ["E001"]),
        ({"ALTCRAFT_ALLOWED_HOSTS": []}, ["W001"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["W002"]),
        ({"PUBLIC_URL": "https://elsewhere.example.org"}, ["W003"]),
        ({"PUBLIC_URL": "http://imports.example.com"}, ["W003"]),
        ({"CSRF_TRUSTED_ORIGINS": ["http://imports.example.com"]}, ["W004"]),
        ({"FIELD_KEYS": ["b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24="]}, ["E002"]),
        ({"FIELD_KEYS": [GOOD_KEY, "_" * 43 + "="]}, ["E002"]),
        ({"FIELD_KEYS": [GOOD_KEY, GOOD_KEY]}, ["W005"]),
        ({"SECRET_KEY": GOOD_KEY}, ["E003"]),
        ({"REDIS_URL": "rediss://broker.example.com:6379/0"}, ["W006"]),
        ({"REDIS_URL": "redis://:secret-word@broker.example.com:6379/0"}, ["W007"]),
        ({"REDIS_URL": "redis://127.0.0.1:6379/0"}, []),
        ({"REDIS_URL": "redis+socket:///var/run/broker.sock"}, []),
        ({"DATABASES": SQLITE}, ["W008"]),
        ({"DATABASES": SQLITE, "STORAGES": {"default": LOCAL_FILES}, "REDIS_URL": "redis://[::1]:6379/0"}, []),
        ({"DATABASES": {"default": POSTGRES | {"OPTIONS": {}}}}, ["W009"]),
        ({"DATABASES": {"default": POSTGRES | {"OPTIONS": {"sslmode": "prefer"}}}}, ["W009"]),
        ({"DATABASES": {"default": POSTGRES | {"OPTIONS": {}, "HOST": "/run/postgresql"}}}, []),
        ({"STORAGES": {"default": REACHED}}, ["W010"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}, ["I001"]),
        ({"EMAIL_USE_TLS": False}, ["W011"]),
        ({"EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"}, []),
    ],
)
def test_each_fault_is_told(changed: dict[str, Any], ids: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, **changed) == ids


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "ids"), [(0o755, 0o644, ["W012"]), (0o755, 0o600, []), (0o700, 0o644, [])]
)
def test_keys_that_others_can_read_are_told(tmp_path: Path, folder_mode: int, file_mode: int, ids: list[str]) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "keys.json").write_text("{}")
    (folder / "keys.json").chmod(file_mode)
    folder.chmod(folder_mode)

    assert found(folder) == ids
