"""What is vendored for these tests is what was written down."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"


def test_vendored_files_are_what_was_written_down() -> None:
    lines = (VENDOR / "checksums.txt").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    assert {path.name for path in VENDOR.iterdir()} - {"README.md", "checksums.txt"} == set(listed)
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed} == listed
