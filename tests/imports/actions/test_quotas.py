"""Before a file is taken in: five unread ones of a person at most, and room on the disk."""

from typing import Any, NamedTuple

import pytest

from imports import actions
from imports.actions import quotas
from imports.models import ImportJob
from imports.wording import fault_text
from tests.factories import make_uploaded_job

pytestmark = pytest.mark.django_db


class Disk(NamedTuple):
    free: int


def test_the_sixth_unread_file_of_a_person_is_refused_and_nothing_is_kept(anna: Any, boris: Any) -> None:
    first = [make_uploaded_job(anna) for _ in range(quotas.MOST_UNREAD)][0]

    with pytest.raises(actions.Refused) as refused:
        make_uploaded_job(anna)
    assert "5 of your files wait to be read" in fault_text(refused.value.code, refused.value.params)
    assert ImportJob.objects.count() == quotas.MOST_UNREAD

    make_uploaded_job(boris)  # others go on
    actions.read_job(first.pk)
    make_uploaded_job(anna)  # and so does she, once one was read


def test_a_file_that_does_not_fit_is_refused_before_it_is_stored(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas.shutil, "disk_usage", lambda _folder: Disk(free=2_500_000))

    with pytest.raises(actions.Refused) as refused:
        actions.create_job(chunks=iter([pytest.fail]), name="people.csv", by=anna, size=1_000_000)  # type: ignore[list-item]
    assert "2 MB are left" in fault_text(refused.value.code, refused.value.params)
    assert actions.create_job(chunks=[b"a,b\n1,2\n"], name="people.csv", by=anna, size=8).pk


def test_a_folder_nobody_has_made_yet_is_no_reason_to_refuse(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_folder: object) -> Disk:
        raise FileNotFoundError

    monkeypatch.setattr(quotas.shutil, "disk_usage", missing)

    assert make_uploaded_job(anna).pk


def test_the_page_says_it(as_anna: Any, anna: Any) -> None:
    for _ in range(quotas.MOST_UNREAD):
        make_uploaded_job(anna)

    page = as_anna.post("/imports/paste/", {"text": "a\tb\n1\t2\n"})

    assert page.status_code == 422
    assert "5 of your files wait to be read already." in page.text
