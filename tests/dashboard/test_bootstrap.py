"""The bootstrap at work in a small project of its own, whose only package is made here. No network is used."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dashboard import bootstrap

ROOT = Path(__file__).parent.parent.parent
START = """
import importlib.util, os, sys
hidden = os.environ.get("HIDE", "").split(",")
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in hidden else find(name, package)
from dashboard import bootstrap, local
try:
    bootstrap.ensure_packages(sys.argv)
except local.CannotStart as fault:
    sys.exit(f"manage.py: {fault}")
import tiny
print("tiny", tiny.VERSION, "in", sys.prefix)
"""


class Project:
    """A copy of the bootstrap beside a lock that names one tiny package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        (folder / "dashboard").mkdir()
        for name in ("__init__.py", "bootstrap.py", "local.py"):
            shutil.copy(ROOT / "dashboard" / name, folder / "dashboard")
        (folder / "start.py").write_text(START)
        (folder / "requirements").mkdir()
        (folder / "wheelhouse").mkdir()
        self.lock("1.0")

    def lock(self, version: str) -> None:
        """Ask for `version` of the package, and offer its wheel."""
        digest = hashlib.sha256(_wheel(self.folder / "wheelhouse", version).read_bytes()).hexdigest()
        (self.folder / "requirements" / "base.txt").write_text(f"tiny-thing=={version} --hash=sha256:{digest}\n")
        (self.folder / "pyproject.toml").write_text('[project]\ndependencies = ["tiny-thing>=1,<3"]\n')

    def start(self, *, hide: str = "ensurepip", **environ: str) -> subprocess.CompletedProcess[str]:
        """Start it. Without ensurepip a .venv takes a tenth of a second, and pip comes from outside."""
        environ = {"PATH": os.environ["PATH"], "HIDE": hide, **environ}
        command = [sys.executable, "start.py", "check"]
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)

    @property
    def package(self) -> Path:
        return next(self.venv.glob("lib/python*/site-packages"))


def _wheel(folder: Path, version: str) -> Path:
    path = folder / f"tiny_thing-{version}-py3-none-any.whl"
    info = f"tiny_thing-{version}.dist-info"
    files = {
        "tiny.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny-thing\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in files.items()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_start_without_packages_makes_the_environment_once(project: Project) -> None:
    first, second = project.start(hide=""), project.start(hide="")

    assert first.stdout.splitlines()[-1] == second.stdout.strip() == f"tiny 1.0 in {project.venv}"
    assert "Installing" in first.stdout
    assert (project.venv / "bin" / "pip").exists()


def test_start_without_ensurepip_uses_the_pip_that_is_there(project: Project) -> None:
    assert "tiny 1.0" in project.start(hide="ensurepip").stdout


def test_start_without_any_pip_says_what_to_install(project: Project) -> None:
    outcome = project.start(hide="ensurepip,pip")

    assert outcome.returncode == 1
    assert outcome.stderr == (
        "manage.py: neither venv nor pip is there. On Debian or Ubuntu: apt install python3-venv\n"
    )


def test_interrupted_installation_heals(project: Project) -> None:
    project.start()
    (project.venv / "unfinished").touch()
    (project.package / "tiny.py").write_text("raise SystemExit('half a file')")

    assert "tiny 1.0" in project.start().stdout


def test_lost_package_is_installed_again(project: Project) -> None:
    project.start()
    for path in project.package.glob("tiny*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    assert "tiny 1.0" in project.start().stdout


def test_changed_lock_is_installed(project: Project) -> None:
    project.start()
    project.lock("2.0")

    assert "tiny 2.0" in project.start().stdout


@pytest.mark.parametrize("harm", ["interpreter gone", "interpreter of another version"])
def test_environment_of_another_interpreter_is_made_anew(project: Project, harm: str) -> None:
    project.start()
    if harm == "interpreter gone":
        (project.venv / "bin" / "python").unlink()
        (project.venv / "bin" / "python").symlink_to("/nowhere/python")
    else:
        (project.venv / "pyvenv.cfg").write_text("version = 3.11.0\n")

    outcome = project.start()

    assert "Installing" in outcome.stdout
    assert "tiny 1.0" in outcome.stdout


def test_missing_wheel_is_told_in_one_line(project: Project) -> None:
    shutil.rmtree(project.folder / "wheelhouse")
    (project.folder / "wheelhouse").mkdir()

    outcome = project.start()

    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert "could not be installed: No matching distribution found for tiny-thing==1.0" in outcome.stderr


def test_tampered_wheel_is_refused(project: Project) -> None:
    (project.folder / "requirements" / "base.txt").write_text(f"tiny-thing==1.0 --hash=sha256:{'0' * 64}\n")

    outcome = project.start()

    assert outcome.returncode == 1
    assert "could not be installed" in outcome.stderr


def test_folder_where_nothing_can_be_made_is_told_in_one_line(project: Project) -> None:
    project.venv.write_text("a file where the folder should be")

    outcome = project.start()

    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert f"{project.venv} cannot be made" in outcome.stderr


def test_misleading_environment_is_ignored(project: Project) -> None:
    (project.folder / "elsewhere").mkdir()
    (project.folder / "elsewhere" / "tiny.py").write_text("raise SystemExit('the wrong one')")

    outcome = project.start(
        PYTHONPATH=str(project.folder / "elsewhere"), VIRTUAL_ENV="/nowhere", PIP_USER="1", PIP_REQUIRE_VIRTUALENV="1"
    )

    assert outcome.stdout.splitlines()[-1] == f"tiny 1.0 in {project.venv}"


def test_packages_that_are_there_are_used(tmp_path: Path) -> None:
    """The interpreter of this test has them all, so nothing is made, not even in a read-only place."""
    assert bootstrap.has_packages("base") and bootstrap.has_packages("test")


@pytest.mark.parametrize(
    ("line", "satisfied"),
    [
        ("pytest>=7", True),
        ("pytest>=7,<900", True),
        ("pytest>=900", False),
        ("pytest<2", False),
        ("psycopg[binary,pool]>=3.1,<4", True),
        ("no-such-package>=1", False),
        ("no-such-package>=4; python_full_version < '3.11.3'", True),
        ("no-such-package>=9; sys_platform != 'win32'", False),
    ],
)
def test_requirement_is_compared_with_what_is_installed(line: str, satisfied: bool) -> None:
    assert bootstrap._is_satisfied(line) is satisfied


def test_old_python_is_told_in_one_line() -> None:
    code = "import sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (main)'; exec(open('manage.py').read())"

    outcome = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert outcome.returncode == 1
    assert outcome.stderr == "manage.py: Python 3.11 or newer is needed; this is 3.9.2\n"
