"""Reads the environment for settings.py, and says what to do about every variable that is wrong, at once."""

import re
import zoneinfo
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import dj_database_url
import dj_email_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError

_HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?")
_SQLITE = "django.db.backends.sqlite3"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # Amazon S3, "Bucket naming rules"
_STORAGE_SCHEMES = {"s3": "https", "s3+http": "http"}


class Environment(Env):
    """Variables by name. A wrong value is noted, not raised, until `refuse_faults`; an empty one counts as absent."""

    def __init__(self) -> None:
        super().__init__(eager=False)
        for parse in (
            secret,
            field_keys,
            database,
            mail,
            broker,
            storage,
            hosts,
            callable_hosts,
            origins,
            zone,
            level,
            oidc,
        ):
            self.add_parser(parse.__name__, parse)

    def _get_value(self, env_key: str, default: Any) -> Any:
        value = super()._get_value(env_key, default)
        return default if value == "" else value

    def refuse_halves(self, **found: Any) -> None:
        """Variables that only make sense together: note those that are missing while others are set."""
        if any(found.values()):
            for name in (name for name, value in found.items() if not value and name not in self._errors):
                self._errors[name].append(f"is missing beside {', '.join(other for other in found if found[other])}.")

    def refuse_faults(self) -> None:
        """Raise ImproperlyConfigured with one line for each variable that is wrong."""
        try:
            self.seal()
        except EnvValidationError as fault:
            lines = [_line(name, messages) for name, messages in fault.error_messages.items()]  # type: ignore[union-attr]
            raise ImproperlyConfigured("\n".join(lines)) from None


def _line(name: str, messages: list[str]) -> str:
    if messages == ["Environment variable not set."]:
        messages = ["is missing. Set it to the value every process of this installation shares;"]
        messages += ["for a trial on this machine `python3 manage.py up` makes it."]
    return f"{name}: {' '.join(messages)}"


def secret(value: str) -> str:
    """SECRET_KEY."""
    if len(value) < 32:
        raise ValidationError("is too short. Use at least 32 random characters, say from: openssl rand -base64 48")
    return value


def field_keys(value: str | list[str]) -> list[str]:
    """FIELD_KEYS, newest first, from a comma-separated text."""
    keys = _parts(value)
    for place, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:  # the key itself must not be quoted
            raise ValidationError(
                f"key {place} is not 32 bytes in URL-safe base64. "
                "Make one with: head -c 32 /dev/urandom | base64 | tr +/ -_"
            ) from None
    if not keys:
        raise ValidationError("holds no key.")
    return keys


def database(value: str) -> dict[str, Any]:
    """DATABASE_URL for PostgreSQL or SQLite."""
    try:
        found = dict(dj_database_url.parse(value))
    except Exception:  # noqa: BLE001 - the URL may hold a password, and whatever parse raises quotes it
        found = {}
    if found.get("ENGINE") not in (_SQLITE, "django.db.backends.postgresql"):
        raise ValidationError(
            "is not usable. Write postgres://USER:PASSWORD@HOST:PORT/NAME or sqlite:////absolute/path."
        )
    return found


def mail(value: str) -> dict[str, Any]:
    """EMAIL_URL as Django's EMAIL_... settings."""
    try:
        found = dj_email_url.parse(value)
    except Exception:  # noqa: BLE001 - as above
        found = {}
    if not found.get("EMAIL_BACKEND"):
        raise ValidationError(
            "is not usable. Write submission://USER:PASSWORD@HOST:587, or leave it out to send nothing."
        )
    return found


def broker(value: str) -> str:
    """REDIS_URL."""
    if urlsplit(value).scheme not in ("redis", "rediss", "redis+socket"):
        raise ValidationError("is not usable. Write redis://:PASSWORD@HOST:6379/0 (rediss:// for TLS).")
    return value


def storage(value: str) -> dict[str, Any]:
    """STORAGE_URL as an entry of Django's STORAGES; an empty one for the folder of this machine."""
    if not value:
        return {}
    found = urlsplit(value)
    given = dict(parse_qsl(found.query, keep_blank_values=True))
    bucket = found.path.strip("/")
    keys = [unquote(found.username or ""), unquote(found.password or "")]
    host = found.hostname or ""
    usable = found.scheme in _STORAGE_SCHEMES and host and _BUCKET.fullmatch(bucket) and _has_port(found)
    if not usable or set(given) - {"region", "prefix"} or bool(keys[0]) != bool(keys[1]):
        raise ValidationError(
            "is not usable. Write s3://KEY:SECRET@HOST:PORT/BUCKET?region=REGION (s3+http:// without TLS), the key and "
            "secret percent-encoded; &prefix=FOLDER where others use the bucket too."
        )
    place = found.netloc.rpartition("@")[2]
    return {
        "BACKEND": "imports.storage.shared.SharedStorage",
        "OPTIONS": {
            "endpoint_url": f"{_STORAGE_SCHEMES[found.scheme]}://{place}",
            "bucket_name": bucket,
            "access_key": keys[0] or None,
            "secret_key": keys[1] or None,
            "region_name": given.get("region", "us-east-1"),
            "location": given.get("prefix", ""),
            # Buckets as host names need a certificate and a name server for each: Amazon has them.
            "addressing_style": "virtual" if host.endswith(".amazonaws.com") else "path",
        },
    }


def _has_port(found: SplitResult) -> bool:
    try:
        return found.port is None or found.port > 0
    except ValueError:
        return False


def hosts(value: str | list[str]) -> list[str]:
    """A comma-separated list of `host` or `host:port`."""
    return _each(
        value,
        _HOST.fullmatch,
        "is not a host or host:port. Leave out https:// and paths.",
    )


def callable_hosts(value: str | list[str]) -> list[str]:
    """ALTCRAFT_ALLOWED_HOSTS: hosts, and networks such as 10.0.0.0/8 that those hosts may lead to."""
    return _each(
        value,
        lambda text: _HOST.fullmatch(text) or _network(text),
        "is not a host, host:port or network. Write altcraft.example.com, or 10.0.0.0/8 for a platform inside.",
    )


def _network(text: str) -> bool:
    try:
        return "/" in text and bool(ip_network(text))
    except ValueError:
        return False


def origins(value: str | list[str]) -> list[str]:
    """CSRF_TRUSTED_ORIGINS."""
    return _each(
        value,
        re.compile(r"https?://[^/]+").fullmatch,
        "is not an origin. Write https://host or https://host:port.",
    )


def zone(value: str) -> str:
    """TIME_ZONE, the one times are shown in."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"{value!r} is not a time zone. Write a name such as Europe/Moscow or UTC.")
    return value


def level(value: str) -> str:
    """LOG_LEVEL."""
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValidationError(f"{value!r} is not a level. Write DEBUG, INFO, WARNING or ERROR.")
    return value.upper()


def _each(value: str | list[str], accepts: Callable[[str], object], complaint: str) -> list[str]:
    parts = _parts(value)
    for part in parts:
        if part != "*" and not accepts(part):
            raise ValidationError(f"{part!r} {complaint}")
    return parts


def _parts(value: str | list[str]) -> list[str]:
    texts = value.split(",") if isinstance(value, str) else value
    return [text.strip() for text in texts if text.strip()]


def oidc(value: str) -> str:
    """OIDC_URL: the issuer; plain http for this machine only."""
    try:
        found = urlsplit(value)
        local = found.hostname in ("127.0.0.1", "localhost", "::1")
        usable = _has_port(found) and not found.username and not found.query and not found.fragment
    except ValueError:
        found, local, usable = SplitResult("", "", "", "", ""), False, False
    if value and not (usable and found.hostname and (found.scheme == "https" or (local and found.scheme == "http"))):
        raise ValidationError("is not usable. Write the issuer's address, such as https://id.example.com/realms/main.")
    return value.rstrip("/")
