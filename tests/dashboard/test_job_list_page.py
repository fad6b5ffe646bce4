"""All imports: newest first, narrowed and paged by the address."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports.models import Connection, ImportJob, home_team
from tests.dashboard.test_results_page import FILE
from tests.factories import make_done_job, make_uploaded_job

LIST = "/imports/"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def many(by: Any, count: int) -> list[ImportJob]:
    """Imports without a file: enough for a list."""
    kept = {"team": home_team(by), "created_by": by, "created_by_name": "Anna"}
    jobs = [ImportJob(title=f"list-{number:02d}.csv", **kept) for number in range(count)]
    return ImportJob.objects.bulk_create(jobs)


def test_an_import_is_listed_with_person_place_sum_and_state(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, FILE)
    text = text_of(as_anna.get(LIST))
    assert f'href="{reverse("job", args=[job.uuid])}">people.csv</a>' in text
    assert "anna" in text
    assert "Sandbox" in text
    assert "sumbar mini" in text
    assert "Finished, not all accepted" in text


def test_without_imports_the_first_action_is_offered(as_anna: Any, as_vera: Any) -> None:
    assert "No imports yet" in text_of(as_anna.get(LIST))
    assert reverse("job_new") in text_of(as_anna.get(LIST))
    assert reverse("job_new") not in text_of(as_vera.get(LIST))


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"q": "SPRING"}, ["spring.csv"]),
        ({"state": "uploaded"}, ["spring.csv", "autumn.csv"]),
        ({"state": "done"}, []),
        ({"state": "nonsense"}, ["spring.csv", "autumn.csv"]),
        ({"person": "999"}, ["spring.csv", "autumn.csv"]),
        ({"connection": "x"}, ["spring.csv", "autumn.csv"]),
        ({"before": "x"}, ["spring.csv", "autumn.csv"]),
        ({"before": "1" * 40}, ["spring.csv", "autumn.csv"]),
    ],
)
def test_the_list_is_narrowed_by_the_address(as_anna: Any, anna: Any, asked: dict[str, str], listed: list[str]) -> None:
    for name in ("spring.csv", "autumn.csv"):
        make_uploaded_job(anna, name=name)
    text = text_of(as_anna.get(LIST, asked))
    assert [name for name in ("spring.csv", "autumn.csv") if name in text] == listed


def test_the_list_is_narrowed_by_person_and_connection(
    as_anna: Any, anna: Any, boris: Any, account: Connection
) -> None:
    make_uploaded_job(anna, name="from-anna.csv")
    make_uploaded_job(boris, name="from-boris.csv")
    by_boris = text_of(as_anna.get(LIST, {"person": str(boris.pk)}))
    assert "from-boris.csv" in by_boris
    assert "from-anna.csv" not in by_boris
    assert "from-anna.csv" not in text_of(as_anna.get(LIST, {"connection": str(account.pk)}))


def test_pages_are_cut_by_id_and_keep_the_filter(as_anna: Any, anna: Any) -> None:
    jobs = many(anna, 35)
    first = text_of(as_anna.get(LIST, {"q": "list"}))
    assert "list-34.csv" in first
    assert "list-04.csv" not in first
    assert f'href="?q=list&before={jobs[5].pk}"' in first
    second = text_of(as_anna.get(LIST, {"q": "list", "before": str(jobs[5].pk)}))
    assert "list-04.csv" in second
    assert "list-05.csv" not in second
    assert 'href="?q=list" rel="prev"' in second


def test_a_long_list_costs_no_more_questions_than_a_short_one(
    as_anna: Any, anna: Any, django_assert_max_num_queries: Any
) -> None:
    many(anna, 30)
    with django_assert_max_num_queries(11):
        as_anna.get(LIST)


def test_a_stranger_a_person_without_a_role_and_a_wrong_method_are_refused(
    client: Any, as_anna: Any, django_user_model: Any
) -> None:
    assert reverse("login") in client.get(LIST)["Location"]
    client.force_login(django_user_model.objects.create(username="nobody"))
    assert client.get(LIST).status_code == 403
    assert as_anna.post(LIST).status_code == 405
