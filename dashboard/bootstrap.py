"""Makes the packages available before anything of them is imported. Standard library only.

The running interpreter is used when it has what `pyproject.toml` asks for. Otherwise `.venv` beside manage.py
is made from the hash-locked `requirements/*.txt`, and the command starts again inside it.
"""

from __future__ import annotations

import sys

try:
    import fcntl
except ModuleNotFoundError:
    sys.exit("manage.py: Windows itself is not supported. Start it in WSL 2, or in a container")
import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from dashboard.local import ROOT, CannotStart

VENV = ROOT / ".venv"
_AGAIN = "IMPORT_DASHBOARD_STARTED_FROM"  # set for the second start, so that a wrong lock cannot loop
_MISLEADING = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PYTHONSTARTUP",
    "__PYVENV_LAUNCHER__",
)
_MISLEADING_PIP = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_PYTHON",
)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?([^;]*)(?:;\s*(.*))?")


def broken(fault: ImportError) -> str:
    """What to say when a package that is there cannot be imported. Our own modules keep their traceback."""
    if (fault.name or "").partition(".")[0] in ("dashboard", "imports"):
        raise fault
    return f"the packages of {sys.prefix} are broken ({fault}). Remove {VENV} and start again."


def ensure_packages(argv: list[str]) -> None:
    """Return when this interpreter has the packages for the command; else make .venv and start again in it.

    Raises CannotStart.
    """
    wanted = "test" if argv[1:2] == ["test"] else "base"
    if has_packages(wanted):
        os.environ.pop(_AGAIN, None)
        return
    inside = VENV.exists() and VENV.samefile(sys.prefix)
    if inside and os.environ.get(_AGAIN) == "inside":
        raise CannotStart(f"{VENV} lacks packages although it was just installed. Remove it and start again.")
    if inside:  # its stamps say it is complete, and it is not
        for stamp in VENV.glob("*.stamp"):
            stamp.unlink()
    python = make_environment(wanted)
    environ = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    environ |= {_AGAIN: "inside" if inside else "outside", "VIRTUAL_ENV": str(VENV)}
    sys.stdout.flush()
    os.execve(python, [str(python), *argv], environ)


def has_packages(wanted: str) -> bool:
    """Whether this interpreter has every package of pyproject.toml's base set, or base and `wanted`, in its range."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    if wanted != "base":
        lines += project["optional-dependencies"][wanted]
    return all(_is_satisfied(line) for line in lines)


def _is_satisfied(line: str) -> bool:
    name, ranges, marker = _REQUIREMENT.fullmatch(line).groups()  # type: ignore[union-attr]
    if marker and marker != "sys_platform != 'win32'":
        return True  # for some Python versions only: a detail of the lock, not a sign of a usable interpreter
    try:
        found = _numbers(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    return all(_is_in_range(found, part.strip()) for part in ranges.split(",") if part.strip())


def _is_in_range(found: tuple[int, ...], part: str) -> bool:
    return found >= _numbers(part[2:]) if part.startswith(">=") else found < _numbers(part.lstrip("<"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


# --- .venv ---


def make_environment(wanted: str) -> Path:
    """Bring .venv up to the lock `wanted` ("base", "test", "lint") and return its interpreter. Raises CannotStart."""
    python = VENV / "bin" / "python"
    with _one_at_a_time():
        version = _working_version(python)
        if version and not _stamp(wanted).exists() and _has_packages_elsewhere(python, wanted):
            return python  # made by hand, and good
        if version and _is_stamped(wanted, version):
            return python
        try:
            if not version:
                _create()
            _unfinished().touch()
            _install(python, wanted)
            _unfinished().unlink()
            for lock in {"base", wanted}:  # every lock holds the base set
                _stamp(lock).write_text(_fingerprint(lock, _working_version(python)))
        except OSError as fault:
            raise CannotStart(
                f"{VENV} cannot be made ({fault.strerror}). Give write permission to {ROOT}, "
                "or start with an interpreter that has the packages."
            ) from fault
    return python


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two starts at once must not fill the same folder; the lock is on the project folder itself and leaves no file."""
    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)  # a pip that outlives a killed start still counts
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _working_version(python: Path) -> str:
    """The version of a complete .venv that still runs the Python it was made with; else an empty text."""
    if _unfinished().exists() or not python.exists():
        return ""
    try:
        asked = [
            str(python),
            "-I",
            "-c",
            "import sys; print(*sys.version_info[:3], sep='.')",
        ]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
        config = (VENV / "pyvenv.cfg").read_text()
    except (OSError, subprocess.SubprocessError):
        return ""
    made_with = re.search(r"^version(?:_info)? = (\S+)", config, re.MULTILINE)
    return answer if made_with and made_with[1] == answer else ""


def _has_packages_elsewhere(python: Path, wanted: str) -> bool:
    code = f"from dashboard import bootstrap as b; raise SystemExit(not b.has_packages({wanted!r}))"
    environ = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return (
        subprocess.run(
            [str(python), "-c", code],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


def _create() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    _unfinished().touch()
    command = [sys.executable, "-m", "venv", str(VENV)]
    if not importlib.util.find_spec("ensurepip"):  # Debian keeps it in python3-venv; the pip that is there can serve
        if not importlib.util.find_spec("pip"):
            raise CannotStart("neither venv nor pip is there. On Debian or Ubuntu: apt install python3-venv")
        command.insert(3, "--without-pip")
    done = subprocess.run(command, env=_environment_for_pip(), capture_output=True, text=True, check=False)
    if done.returncode:
        why = _last_line(done.stderr) or _last_line(done.stdout)
        raise CannotStart(
            f"no virtual environment could be made ({why}). On Debian or Ubuntu: apt install python3-venv"
        )


def _install(python: Path, wanted: str) -> None:
    lock = _lock(wanted)
    print(
        f"Installing the packages of requirements/{lock.name} into .venv (once, about a minute) ...",
        flush=True,
    )
    done = subprocess.run(
        _pip_command(python, lock), env=_environment_for_pip(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, close_fds=False,
    )  # fmt: skip
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        why = faults[-1].removeprefix("ERROR: ") if faults else _last_line(done.stderr)
        raise CannotStart(
            f"the packages could not be installed: {why} "
            "(is there a network? without one, put the wheels into a folder named wheelhouse beside manage.py)"
        )


def _pip_command(python: Path, lock: Path) -> list[str]:
    if (VENV / "lib").exists() and next((VENV / "lib").glob("python*/site-packages/pip"), None):
        command = [str(python), "-m", "pip"]
    else:
        outside = sys.executable if importlib.util.find_spec("pip") else sys._base_executable  # type: ignore[attr-defined]
        command = [outside, "-m", "pip", "--python", str(python)]
    command += [
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
        "--no-user",
    ]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    if (ROOT / "wheelhouse").is_dir():
        command += ["--no-index", "--find-links", str(ROOT / "wheelhouse")]
    if not os.access(os.environ.get("HOME", ""), os.W_OK):
        command.append("--no-cache-dir")
    return command


def _environment_for_pip() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _MISLEADING + _MISLEADING_PIP}


def _unfinished() -> Path:
    """There while packages are being installed: a .venv that was interrupted is made anew."""
    return VENV / "unfinished"


def _stamp(wanted: str) -> Path:
    return VENV / f"{wanted}.stamp"


def _lock(wanted: str) -> Path:
    return ROOT / "requirements" / f"{wanted}.txt"


def _fingerprint(wanted: str, version: str) -> str:
    return hashlib.sha256(_lock(wanted).read_bytes() + version.encode()).hexdigest()


def _is_stamped(wanted: str, version: str) -> bool:
    return _stamp(wanted).exists() and _stamp(wanted).read_text() == _fingerprint(wanted, version)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")
