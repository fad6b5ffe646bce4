import pytest
from django.core.files.storage import default_storage

from imports import actions
from imports.actions.uploads import clean_name
from imports.models import HistoryEvent, ImportJob, SourceFile

pytestmark = pytest.mark.django_db


def test_a_job_keeps_the_bytes_their_size_and_hash(anna: object) -> None:
    job = actions.create_job(chunks=[b"email\n", b"a@example.com\n"], name="people.csv", by=anna)

    assert (job.source.size, len(job.source.sha256)) == (20, 64)
    with job.vault.open_stream("source") as source:
        assert source.read() == b"email\na@example.com\n"
    assert HistoryEvent.objects.get().verb == "job_created"


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(anna: object, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10  # type: ignore[attr-defined]

    with pytest.raises(actions.Refused, match="file_too_large"):
        actions.create_job(chunks=[b"0123456789", b"0"], name="big.csv", by=anna)

    assert not ImportJob.objects.exists()
    assert not SourceFile.objects.exists()


def test_the_file_s_name_never_becomes_a_path(anna: object) -> None:
    job = actions.create_job(chunks=[b"email\n"], name="../../etc/passwd", by=anna)

    assert job.title == "passwd"
    assert default_storage.exists(f"jobs/{job.uuid}/source")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\anna\\список.xlsx", "список.xlsx"),
        ("a\x00b\x1b[31m.csv", "ab[31m.csv"),
        ("🎉" * 400, "🎉" * 300),
        ("отчёт \u202egnp.csv", "отчёт gnp.csv"),
    ],
)
def test_names_are_kept_printable_and_short(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@pytest.mark.parametrize("name", ["", "   ", "/", "\x00"])
def test_a_nameless_file_gets_a_name(name: str) -> None:
    assert clean_name(name).startswith("import ")
