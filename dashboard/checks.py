"""What `manage.py check --deploy` says of an installation others can reach: a sentence a fault, and what to do."""

import stat
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.http.request import validate_host

_FEW = 16  # different bytes; 32 random ones have about 30
_GUARDED_BY_TLS = {"require", "verify-ca", "verify-full"}


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Everything below; Django's own checks of the same tag come beside it."""
    parts = (_modes, _addresses, _keys, _broker, _database, _storage, _mail, _folders)
    return [found for part in parts for found in part()]


def is_here(host: str | None) -> bool:
    """This machine: a socket in a folder, a loopback name or address."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _modes() -> Iterator[CheckMessage]:
    if settings.INSECURE_LOCAL:
        yield Error(
            "INSECURE_LOCAL is on: sessions and people go over plain http.",
            hint="It is for a trial on one machine. Take it away and serve the pages by https.",
            id="dashboard.E001",
        )


def _addresses() -> Iterator[CheckMessage]:
    if not settings.ALTCRAFT_ALLOWED_HOSTS:
        yield Warning(
            "ALTCRAFT_ALLOWED_HOSTS is empty: no connection can be made.",
            hint="Name the host of your Altcraft account, say altcraft.example.com.",
            id="dashboard.W001",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning(
            "ALLOWED_HOSTS lets every host name pass: links in letters could be made to lead elsewhere.",
            hint="Name the host the dashboard is reached by.",
            id="dashboard.W002",
        )
    own = urlsplit(settings.PUBLIC_URL)
    if own.scheme != "https" or not validate_host(own.hostname or "", settings.ALLOWED_HOSTS):
        yield Warning(
            f"PUBLIC_URL {settings.PUBLIC_URL} is not https or not in ALLOWED_HOSTS: links in letters lead nowhere.",
            hint="Write https:// and a host of ALLOWED_HOSTS.",
            id="dashboard.W003",
        )
    if plain := [one for one in settings.CSRF_TRUSTED_ORIGINS if not one.startswith("https://")]:
        yield Warning(
            f"CSRF_TRUSTED_ORIGINS trusts forms that come over plain http: {', '.join(plain)}.",
            hint="Write https://, or take them away.",
            id="dashboard.W004",
        )


def _keys() -> Iterator[CheckMessage]:
    for place, key in enumerate(settings.FIELD_KEYS, 1):
        plain = urlsafe_b64decode(key)
        if plain.isascii() or len(set(plain)) < _FEW:  # 32 random bytes are ASCII once in four thousand million
            yield Error(
                f"FIELD_KEYS: key {place} is a text somebody wrote, not random bytes; whoever guesses it reads every "
                "token and every file.",
                hint="Make one with: head -c 32 /dev/urandom | base64 | tr +/ -_; put it first, then run rotate_keys.",
                id="dashboard.E002",
            )
    if len(set(settings.FIELD_KEYS)) < len(settings.FIELD_KEYS):
        yield Warning("FIELD_KEYS holds a key twice.", hint="Take one of them away.", id="dashboard.W005")
    if any(key in settings.SECRET_KEY or settings.SECRET_KEY in key for key in settings.FIELD_KEYS):
        yield Error(
            "SECRET_KEY is one of FIELD_KEYS: who learns the one opens what the other keeps.",
            hint="Make another SECRET_KEY with: openssl rand -base64 48. Everybody signs in again.",
            id="dashboard.E003",
        )


def _broker() -> Iterator[CheckMessage]:
    found = urlsplit(settings.REDIS_URL)
    if found.scheme == "redis+socket" or is_here(found.hostname):
        return
    if not found.password:
        yield Warning(
            "REDIS_URL leads to another machine without a password: whoever reaches it can ring and empty the queue.",
            hint="Set a password in Redis and write rediss://:PASSWORD@HOST:6379/0.",
            id="dashboard.W006",
        )
    if found.scheme != "rediss":
        yield Warning(
            "REDIS_URL leads to another machine without TLS.",
            hint="Write rediss:// where Redis speaks TLS, or lead the way through a tunnel and name its end here.",
            id="dashboard.W007",
        )


def _database() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        if settings.STORAGES["default"]["BACKEND"].endswith("SharedStorage") or not is_here(_broker_host()):
            yield Warning(
                "The database is a SQLite file, but the storage or the broker is shared: other machines would have "
                "another database.",
                hint="Set DATABASE_URL to a PostgreSQL every machine reaches.",
                id="dashboard.W008",
            )
    elif not is_here(database.get("HOST")) and database["OPTIONS"].get("sslmode") not in _GUARDED_BY_TLS:
        yield Warning(
            "DATABASE_URL leads to another machine, and TLS is not required: the server's identity is not checked "
            "and the connection may be read.",
            hint="Add ?sslmode=verify-full&sslrootcert=FILE to DATABASE_URL.",
            id="dashboard.W009",
        )


def _broker_host() -> str | None:
    found = urlsplit(settings.REDIS_URL)
    return None if found.scheme == "redis+socket" else found.hostname


def _storage() -> Iterator[CheckMessage]:
    place = urlsplit(settings.STORAGES["default"].get("OPTIONS", {}).get("endpoint_url", ""))
    if place.scheme == "http" and not is_here(place.hostname):
        yield Warning(
            "STORAGE_URL leads to another machine without TLS: its keys can be read on the way.",
            hint="Write s3:// where the storage speaks TLS.",
            id="dashboard.W010",
        )


def _mail() -> Iterator[CheckMessage]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield Info(
            "EMAIL_URL is not set: invitations and new passwords go by links handed over by an admin, and nobody gets "
            "letters.",
            hint="Write submission://USER:PASSWORD@HOST:587.",
            id="dashboard.I001",
        )
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_here(settings.EMAIL_HOST)):
        yield Warning(
            "EMAIL_URL sends letters, and its password, without TLS.",
            hint="Write submission:// (port 587) or smtps:// (port 465).",
            id="dashboard.W011",
        )


def _folders() -> Iterator[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    for path in (folder / "keys.json", folder / "db.sqlite3", folder / "files", folder / "spool"):
        if path.exists() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH) and _is_open(folder):
            yield Warning(
                f"{path} can be read or changed by everybody on this machine.",
                hint=f"chmod -R o= {folder}",
                id="dashboard.W012",
            )


def _is_open(folder: Path) -> bool:
    """Whether others may enter the folder at all; what lies in a closed one is out of their reach."""
    return bool(folder.stat().st_mode & stat.S_IXOTH)
