import gzip
import io
import os
import subprocess
import tempfile
from dataclasses import replace

import pytest

from imports.reading import (
    DEFAULT_LIMITS,
    EncodedSlice,
    ReadOptions,
    TableSummary,
    Unreadable,
    confinement,
    inspect,
    read_table,
)
from imports.reading.frames import LENGTHS, BrokenFrame, encode_frame, read_frame
from tests.imports.reading.reads import look, read_confined, refusal_confined
from tests.workbooks import csv_bytes, xlsx_bytes

PLAIN = ReadOptions(format="delimited")
TABLE = [["email", "n"], *([f"u{number}@example.com", str(number)] for number in range(40))]
CSV = csv_bytes(TABLE)


@pytest.fixture
def started(monkeypatch):
    """Every child process started during the test."""
    children = []

    class Recorded(subprocess.Popen):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return children


def played_by(monkeypatch, tmp_path, script: str) -> None:
    """Put another program in the child's place."""
    path = tmp_path / "child.py"
    path.write_text("import os, sys, time\n" + script)
    monkeypatch.setattr(confinement, "CHILD", path)


def reason(content: bytes = CSV, **limits) -> str:
    code, params = refusal_confined(content, replace(DEFAULT_LIMITS, **limits))
    assert code == "read_unsafely"
    return params["reason"]


# --- what comes back ---


@pytest.mark.parametrize("content", [CSV, xlsx_bytes(TABLE)])
def test_whole_table_comes_back_in_slices(content):
    whole = read_confined(content, slice_rows=15)

    assert [whole.headers, *whole.rows] == TABLE
    assert [len(item.row_numbers) for item in whole.slices] == [15, 15, 10]
    assert whole.summary.rows == 40


def test_slice_names_its_rows_outside_its_payload_too():
    first, *_ = read_table(io.BytesIO(CSV), options=PLAIN, slice_rows=15)

    assert isinstance(first, EncodedSlice)
    assert (first.number, first.first_row, first.last_row, first.rows) == (0, 2, 16, 15)


def test_inspection_shows_twenty_rows_with_their_numbers():
    found = look(b"email,n\r\n\r\n" + b"".join(b"u%d@example.com,x\r\n" % number for number in range(40)))

    assert found.headers == ["email", "n"]
    assert len(found.rows) == 20
    assert found.rows[0] == (3, ["u0@example.com", "x"])


def test_inspection_of_a_workbook_lists_its_sheets():
    assert look(xlsx_bytes({"A": TABLE, "B": []}, hidden=["B"])).sheets == ["A", "B"]


def test_inspection_uses_given_options_and_fills_what_they_leave_open():
    source = io.BytesIO(csv_bytes([["Имя", "Город"], ["Анна", "Омск"]], encoding="koi8-r", delimiter=";"))
    found = inspect(source, name="x.csv", options=ReadOptions("delimited", "cp1251", "", "", 0))

    assert found.options == ReadOptions("delimited", "cp1251", ";", "", 0)
    assert found.rows[1][1] == ["бООБ", "пНУЛ"]


def test_inspection_cuts_what_it_shows():
    assert len(look(csv_bytes([["email", "a"], ["x@example.com", "y" * 5000]])).rows[0][1][1]) == 2000


def test_refusal_carries_code_and_params_over_the_pipe():
    assert refusal_confined(b"%PDF-1.4") == ("not_a_table", {"looks_like": "PDF"})


# --- what goes in ---


def test_file_that_is_still_buffered_is_read_to_its_end():
    with tempfile.NamedTemporaryFile() as file:
        file.write(CSV)
        assert len(inspect(file, name="x").rows) == 20


def test_packed_file_is_read_unpacked():
    with tempfile.TemporaryFile() as file:
        file.write(gzip.compress(CSV))
        file.seek(0)
        assert inspect(gzip.GzipFile(fileobj=file), name="x").headers == ["email", "n"]


def test_wrapped_file_is_read_from_its_start():
    class Upload:
        def __init__(self, file):
            self.file = file

    with tempfile.NamedTemporaryFile() as file:
        file.write(CSV)
        assert inspect(Upload(file), name="x").headers == ["email", "n"]


def test_two_readers_of_one_file_do_not_disturb_each_other():
    with tempfile.TemporaryFile() as file:
        file.write(CSV * 2000)
        one = read_table(file, options=PLAIN, slice_rows=5000)
        other = read_table(file, options=PLAIN, slice_rows=5000)
        pairs = list(zip(one, other, strict=True))

    assert len(pairs) > 10
    assert all(left == right for left, right in pairs)


@pytest.mark.parametrize("opener", [io.BytesIO, lambda content: _on_disk(content)])
def test_file_beyond_the_limit_is_refused_before_anything_starts(started, opener):
    with opener(CSV) as source, pytest.raises(Unreadable) as refused:
        inspect(source, name="x", limits=replace(DEFAULT_LIMITS, bytes=len(CSV) - 1))

    assert (refused.value.code, refused.value.params) == ("source_too_large", {"limit": str(len(CSV) - 1)})
    assert not started


def test_file_at_the_limit_is_read():
    assert look(CSV, limits=replace(DEFAULT_LIMITS, bytes=len(CSV))).headers == ["email", "n"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (ReadOptions("workbook", sheet="x" * 200_000), "sheet_missing"),
        (ReadOptions("workbook", sheet="\udcff\0"), "sheet_missing"),
        (ReadOptions("", encoding="x" * 200_000), "encoding_unknown"),
        (ReadOptions("", delimiter="x" * 200_000), "delimiter_unknown"),
    ],
)
def test_options_nobody_could_mean_are_refused(options, code):
    content = xlsx_bytes(TABLE) if options.format == "workbook" else CSV
    with pytest.raises(Unreadable) as refused:
        inspect(io.BytesIO(content), name="\udcff" * 300, options=options)

    assert refused.value.code == code


# --- nothing is left behind ---


def test_child_is_gone_after_the_last_item(started):
    assert isinstance(list(read_table(io.BytesIO(CSV), options=PLAIN))[-1], TableSummary)
    assert [child.returncode is None for child in started] == [False]


def test_child_is_gone_after_closing_early(started):
    items = read_table(io.BytesIO(CSV * 50_000), options=PLAIN, slice_rows=100)
    next(items)
    items.close()

    assert [child.returncode for child in started] == [-9]


def test_child_is_gone_after_a_refusal(started):
    refusal_confined(b"\0" * 100)

    assert [child.returncode is None for child in started] == [False]


def test_nothing_starts_before_the_first_item_is_asked_for(started):
    read_table(io.BytesIO(CSV), options=PLAIN)

    assert not started


def test_silent_child_is_gone_as_soon_as_nobody_wants_it_any_more(started, monkeypatch, tmp_path):
    def give_up():
        raise Unreadable("reading_stopped")

    played_by(monkeypatch, tmp_path, "time.sleep(60)")
    monkeypatch.setattr(confinement, "SECONDS_OF_A_BEAT", 0.02)
    with pytest.raises(Unreadable) as refused:
        next(read_table(io.BytesIO(CSV), options=PLAIN, beat=give_up))

    assert refused.value.code == "reading_stopped"
    assert started[0].returncode == -9


# --- what may go wrong in there ---


def test_child_out_of_time_is_killed(started, monkeypatch, tmp_path):
    played_by(monkeypatch, tmp_path, "time.sleep(60)")

    assert reason(wall_seconds=0.05) == "time"
    assert started[0].returncode == -9


@pytest.mark.parametrize(
    "script",
    [
        "os.abort()",
        "sys.exit(0)",
        "raise SystemError",
        "os.write(1, b'\\xff' * 100)",
        "os.write(1, b'\\0\\0\\0\\3\\0\\0\\0\\0xyz')",
        "os.write(1, b'\\0\\0\\0\\2\\0\\0\\0\\0[]')",
        "os.write(1, b'\\0\\0\\0\\2')",
        "os.write(1, b'\\0\\0\\0\\2\\0\\0\\0\\0{}')",
        'os.write(1, b\'\\0\\0\\0\\x15\\0\\0\\0\\0{"kind":"unreadable"}\')',
        'os.write(1, b\'\\0\\0\\0\\x31\\0\\0\\0\\0{"kind":"inspection","options":{"format":"x"}   }\')',
    ],
)
def test_child_that_dies_or_babbles_is_a_crash(monkeypatch, tmp_path, script):
    played_by(monkeypatch, tmp_path, script)

    assert reason() == "crash"


def test_child_out_of_processor_time_is_out_of_time(monkeypatch, tmp_path):
    played_by(monkeypatch, tmp_path, "import resource, signal; os.kill(os.getpid(), signal.SIGXCPU)")

    assert reason() == "time"


def test_child_out_of_memory_says_so():
    content = b"email,n\r\n" + b"x," * (15 * 1024 * 1024)

    assert reason(content, memory_bytes=150 * 1024 * 1024) == "memory"


def test_child_gets_nothing_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "hush")
    played_by(
        monkeypatch,
        tmp_path,
        "import json\n"
        "names = sorted(set(os.environ) - {'LC_CTYPE', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'})\n"
        "head = json.dumps({'kind': 'unreadable', 'code': ' '.join(names), 'params': {}}).encode()\n"
        "os.write(1, len(head).to_bytes(4, 'big') + bytes(4) + head)\n",
    )

    assert refusal_confined(CSV)[0] == "READING_REQUEST"


def test_child_may_write_no_file_and_its_limits_hold():
    script = (
        "import resource\nfrom imports.reading.child import confine\nfrom imports.reading.table import Limits\n"
        "confine(Limits(wall_seconds=7))\n"
        "print(*(resource.getrlimit(kind)[1] for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, "
        "resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)))"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(confinement.CHILD)))  # noqa: PTH120
    done = subprocess.run([confinement.sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, check=True)

    assert done.stdout.split() == [b"0", b"0", b"8", b"32"]


# --- frames ---


def test_frame_is_read_back():
    content = io.BytesIO(b"".join(encode_frame({"kind": "slice"}, b"payload")))

    assert read_frame(content.read) == ({"kind": "slice"}, b"payload")


def test_frame_that_claims_gigabytes_is_broken():
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(LENGTHS.pack(2, 2**31)).read)


def _on_disk(content: bytes):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(content)
    return file
