"""The machine and the versions a figure belongs to."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dashboard.benchmark.databases import version_of

PACKAGES = (
    "Django", "celery", "requests", "orjson", "msgspec", "psycopg", "python-calamine", "openpyxl", "phonenumbers",
    "django-import-export",
)  # fmt: skip


def told(server: str) -> str:
    """One paragraph: date, processors, memory, system, versions; `server` is a PostgreSQL server or ""."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    hardware = f"{os.cpu_count()} processors ({_processor()}), {_memory():.0f} GB, load {load:.1f} at the start"
    databases = [f"SQLite {sqlite3.sqlite_version}", *([f"PostgreSQL {version_of(server)}"] if server else [])]
    packages = [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{when}; {hardware}; {system}; {', '.join([*databases, *packages])}."


def _processor() -> str:
    """The processor's name, as the kernel knows it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
