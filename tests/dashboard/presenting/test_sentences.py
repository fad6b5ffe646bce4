"""What is said first about an import."""

from typing import Any

import pytest

from dashboard.presenting.filters import Asked, whole
from dashboard.presenting.problems import reason_value
from dashboard.presenting.sentences import readiness, send_label, shown_state, verdict
from dashboard.presenting.words import attempt_reason, without_gaps
from imports.models import ImportJob
from imports.results import Reason, Totals


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"accepted": 1}, "1 profile was accepted"),
        ({"accepted": 18650, "rejected": 1176}, "18,650 profiles were accepted, 1,176 were rejected"),
        ({"accepted": 5, "unknown": 47}, "5 profiles were accepted, for 47 there is no answer"),
        ({"rejected": 3, "not_sent": 1}, "3 were rejected, 1 was not sent"),
        ({"invalid": 2}, "2 rows did not pass our check"),
        ({"set_aside": 2}, "No profile was accepted"),
        ({"pending": 2, "accepted": 1}, "1 profile was accepted, 2 still wait"),
    ],
)
def test_the_verdict_names_what_happened_in_the_order_of_weight(counts: dict[str, int], said: str) -> None:
    sums = Totals(rows=sum(counts.values()), **counts)
    assert "".join(verdict(ImportJob(), sums)) == said


def test_the_button_names_the_number_and_the_place() -> None:
    sums = Totals(rows=19873, pending=19873)
    assert readiness(sums) == "19,873 profiles are ready to send"
    assert send_label(sums, "Shop RU") == "Send 19,873 profiles to “Shop RU”"


@pytest.mark.parametrize(
    ("state", "counts", "shown"),
    [
        ("done", {"accepted": 2}, "done"),
        ("done", {"accepted": 1, "set_aside": 1}, "done"),
        ("done", {"accepted": 1, "rejected": 1}, "done_partly"),
        ("cancelled", {"not_sent": 2}, "cancelled"),
    ],
)
def test_finished_and_not_all_accepted_is_told_apart(state: str, counts: dict[str, int], shown: str) -> None:
    assert shown_state(ImportJob(state=state), Totals(rows=2, **counts)) == shown


@pytest.mark.parametrize(
    "reason",
    [
        Reason("rejected", "1011", "Incorrect phone: 7", -1, 3),
        Reason("rejected", "400", "", -1, 3),
        Reason("invalid", "email_invalid", "", 0, 3),
        Reason("invalid", "key_missing", "", -1, 3),
        Reason("set_aside", "duplicate_key", "", -1, 3),
    ],
)
def test_a_kind_of_problem_survives_its_address(reason: Reason) -> None:
    asked = Asked.from_query({"outcome": reason.outcome, "code": reason_value(reason)}).rows
    assert (asked.outcome, asked.code, asked.text, asked.column) == (
        reason.outcome,
        reason.code,
        reason.text,
        reason.column,
    )


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("", 0), (None, 0), ("-1", 0), ("1e3", 0), ("9" * 25, 0)])
def test_a_number_in_an_address_is_a_number_or_nothing(text: Any, number: int) -> None:
    assert whole(text) == number


def test_reasons_without_their_params_leave_no_gap() -> None:
    assert without_gaps("Altcraft refused the token (…).") == "Altcraft refused the token."
    assert "(…" not in attempt_reason("access_refused")
    assert attempt_reason("something_new") == "something new"
