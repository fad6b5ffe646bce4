"""One profile typed by hand."""

import re
from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.models import Connection, HistoryEvent, ImportJob
from imports.states import JobState
from tests.factories import fresh

FORM = "/imports/form/"
HTMX = {"HX-Request": "true"}


def typed(account: Connection, **values: str) -> dict[str, str]:
    where = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    return where | {"phone_region": "RU"} | {f"value-{name}": value for name, value in values.items()}


def test_the_form_has_a_control_for_each_field(as_anna: Any, account: Connection) -> None:
    text = as_anna.get(FORM).content.decode()
    for name in ("email", "phones", "_fname", "_bdate", "card_number", "level"):
        assert f'name="value-{name}"' in text
    assert '<option value="gold">gold</option>' in text
    assert 'name="value-profile_id"' not in text


def test_a_profile_goes_to_the_check(as_anna: Any, anna: Any, account: Connection) -> None:
    values = {"email": "kamila@example.com", "phones": "8 900 000-00-01", "_bdate": "1987-03-14", "level": "gold"}
    answer = as_anna.post(FORM, typed(account, **values))
    job = ImportJob.objects.get()
    assert answer.url == reverse("job_check", args=[job.uuid])
    assert (job.state, job.kind, job.rows) == (JobState.CHECKED, "form", 1)
    _row, text = actions.sample_profiles(job)[0]
    assert '"email":"kamila@example.com"' in text
    assert '"+79000000001"' in text
    assert '"1987-03-14' in text


def test_what_was_typed_is_sent_and_taken(as_anna: Any, anna: Any, account: Connection, sandbox: Any) -> None:
    as_anna.post(FORM, typed(account, email="kamila@example.com", card_number="004418220917"))
    job = ImportJob.objects.get()
    actions.start_job(job, by=anna)
    actions.drain(job.pk)
    assert fresh(job).state == JobState.DONE
    assert "004418220917" in str(sandbox.platform.__dict__) or fresh(job).batches.get().accepted == 1


def test_faults_stand_beside_their_fields_and_nothing_is_made(as_anna: Any, account: Connection) -> None:
    wrong = {"email": "kamila", "phones": "123", "points": "many"}
    answer = as_anna.post(FORM, typed(account, **wrong))
    text = answer.content.decode()
    assert answer.status_code == 422
    for name in wrong:
        assert re.search(rf'name="value-{name}"[^>]*aria-invalid="true"', text)
    assert 'value="kamila"' in text  # nothing typed is lost
    assert not ImportJob.objects.exists()


def test_a_missing_key_is_told_at_its_field(as_anna: Any, account: Connection) -> None:
    text = as_anna.post(FORM, typed(account, _fname="Kamila")).content.decode()
    assert re.search(r'name="value-email"[^>]*aria-invalid="true"', text)


def test_nothing_typed_is_told(as_anna: Any, account: Connection) -> None:
    answer = as_anna.post(FORM, typed(account))
    assert answer.status_code == 422
    assert "Nothing was filled in." in answer.content.decode()


def test_another_database_brings_its_fields_and_keeps_what_was_typed(as_anna: Any, account: Connection) -> None:
    field = {"name": "reader", "title": "Reader", "type": "line", "options": [], "system": False, "required": False}
    Connection.objects.filter(pk=account.pk).update(catalogue=account.catalogue | {"fields/5": [field]})
    asked = typed(account, email="kamila@example.com") | {"database": "5", "show": "1"}
    text = as_anna.post(FORM, asked, headers=HTMX).content.decode()
    assert 'name="value-reader"' in text
    assert 'name="value-card_number"' not in text
    assert 'value="kamila@example.com"' in text
    assert "aria-invalid" not in text
    assert "<html" not in text


def test_history_and_titles_hold_nothing_that_was_typed(as_anna: Any, account: Connection) -> None:
    as_anna.post(FORM, typed(account, email="kamila@example.com", _fname="Kamila"))
    kept = [f"{event.object_text} {event.details}" for event in HistoryEvent.objects.all()]
    assert kept
    assert not any("kamila" in text.casefold() for text in kept)


def test_without_an_account_the_page_says_so(as_anna: Any) -> None:
    assert "No Altcraft account is connected yet" in as_anna.get(FORM).content.decode()
    assert as_anna.post(FORM, {"value-email": "kamila@example.com"}).status_code == 422


def test_an_auditor_may_not_type(as_vera: Any) -> None:
    assert as_vera.get(FORM).status_code == 403
    assert as_vera.post(FORM).status_code == 403


def test_methods(as_anna: Any) -> None:
    assert as_anna.delete(FORM).status_code == 405


def test_the_same_page_sent_twice_is_one_import(as_anna: Any, account: Connection) -> None:
    sign = re.search(r'name="entry" value="([^"]+)"', as_anna.get(FORM).content.decode())
    assert sign
    given = typed(account, email="kamila@example.com") | {"entry": sign[1]}
    first, second = (as_anna.post(FORM, given).url for _ in range(2))
    assert first == second
    assert ImportJob.objects.count() == 1
    as_anna.post(FORM, given | {"value-_fname": "Kamila"})  # gone back to, and changed
    as_anna.post(FORM, typed(account, email="kamila@example.com"))  # another page
    assert ImportJob.objects.count() == 3


def test_the_row_has_the_number_one(as_anna: Any, account: Connection) -> None:
    as_anna.post(FORM, typed(account, email="kamila@example.com"))
    assert [number for number, _text in actions.sample_profiles(ImportJob.objects.get())] == [1]


@pytest.mark.parametrize(("language", "said"), [("en", "has no “@”"), ("ru", "нет «@»")])
def test_faults_are_told_in_the_reader_s_language(as_anna: Any, account: Connection, language: str, said: str) -> None:
    given = typed(account, email="kamila")
    answer = as_anna.post(FORM, given, headers={"Accept-Language": language})
    found = re.search(r'<ul class="errorlist" id="id_value-email_error">(.*?)</ul>', answer.content.decode(), re.S)
    assert found
    assert said in found[1]
    assert re.search(r'name="value-email"[^>]*aria-describedby="[^"]*id_value-email_error', answer.content.decode())
    assert '<a href="#id_value-email">' in answer.content.decode()


def test_a_change_that_a_field_cannot_take_is_told(as_anna: Any, as_boris: Any, account: Connection) -> None:
    wrong = {
        "choose what becomes of it": {"changes-field": "_city", "changes-how": ""},
        "cannot be changed in this way": {"changes-field": "_fname", "changes-how": "incr"},
        "name the property": {"changes-field": "address", "changes-how": "upsert"},
        "Choose one of the two": {"changes-field": "_fname", "changes-how": "clear"},
    }
    for said, change in wrong.items():
        answer = as_boris.post(FORM, typed(account, email="kamila@example.com", _fname="Kamila") | change)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    numbers = {"changes-field": "points", "changes-how": "incr", "value-points": "5"}  # for administrators
    assert as_anna.post(FORM, typed(account, email="kamila@example.com") | numbers).status_code == 422
    assert as_boris.post(FORM, typed(account, email="kamila@example.com") | numbers).status_code == 302


def test_a_field_can_be_emptied_by_itself(as_anna: Any, account: Connection) -> None:
    given = typed(account, email="kamila@example.com") | {"changes-field": "_city", "changes-how": "clear"}
    assert as_anna.post(FORM, given).status_code == 302
    (_row, text), *_ = actions.sample_profiles(ImportJob.objects.get())
    assert '"_city":{"action":"unset"}' in text
