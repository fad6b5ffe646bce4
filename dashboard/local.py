"""The local installation: what lies under DATA_DIR when nothing was configured. Standard library only.

`keys.json` holds the keys made at the first start, `local.json` what the running `manage.py up` chose.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes on Linux and 104 on macOS


class CannotStart(Exception):
    """What is wrong and what to do, in one line for a person."""


def data_dir() -> Path:
    """Where this installation keeps everything: DATA_DIR, or `var/` beside manage.py."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()


def read_plain(path: Path) -> dict[str, object]:
    """The JSON object in `path`; empty when there is no such file.

    Raises CannotStart when the file is there and cannot be read.
    """
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise CannotStart(f"{path} cannot be read ({fault}). Restore it from a backup.") from fault
    if not isinstance(found, dict):
        raise CannotStart(f"{path} is not a JSON object. Restore it from a backup.")
    return found


def write_plain(path: Path, content: dict[str, object]) -> None:
    """Write `content` as JSON, readable by the owner only, never half written."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp gives mode 0600
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
    Path(name).replace(path)


def prepare_for(argv: list[str]) -> None:
    """Before settings are read: choose what `manage.py up` chooses, and make missing keys. Raises CannotStart.

    Keys are made for `up`, and for any command that works on the SQLite file beside them. With DATABASE_URL they are
    not: two machines on one database with a key each could not read one another's secrets.
    """
    if argv[1:2] == ["up"]:
        os.environ["DATA_DIR"] = _given_folder(argv[2:]) or str(data_dir())
        os.environ.setdefault("INSECURE_LOCAL", "1")
        make_installation(data_dir())
    elif not os.environ.get("DATABASE_URL") and not (data_dir() / "keys.json").exists():
        make_installation(data_dir())


def _given_folder(arguments: list[str]) -> str:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data-dir", default="")
    folder = parser.parse_known_args(arguments)[0].data_dir
    return str(Path(folder).absolute()) if folder else ""


def make_installation(folder: Path) -> None:
    """Make DATA_DIR and its keys where they are missing. Raises CannotStart."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        _make_keys(folder)
    except OSError as fault:
        raise CannotStart(
            f"DATA_DIR {folder} cannot be written ({fault.strerror}). Give this user write permission or set DATA_DIR."
        ) from fault


def _make_keys(folder: Path) -> None:
    path = folder / "keys.json"
    if path.exists() or (os.environ.get("SECRET_KEY") and os.environ.get("FIELD_KEYS")):
        return
    if (folder / "db.sqlite3").exists():
        raise CannotStart(
            f"{path} is missing beside an existing database, whose contents no new key could read. "
            "Restore it from a backup, or set SECRET_KEY and FIELD_KEYS."
        )
    write_plain(path, {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": [new_field_key()]})


def new_field_key() -> str:
    """A Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def broker_socket(folder: Path) -> Path:
    """Where the embedded broker listens. A unix socket: no port to choose, no other user can reach it."""
    path = folder.resolve() / "broker" / "broker.sock"
    if len(os.fsencode(path)) < _LONGEST_SOCKET_PATH:
        return path
    short = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"import-dashboard-{os.getuid()}-{short}" / "broker.sock"
