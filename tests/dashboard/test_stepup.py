"""Proving again who one is: by the password or a code, each wrong try counted like one at the door."""

from typing import Any

import pytest
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from dashboard.stepup import StepUpForm, prove_again
from imports.models import HistoryEvent
from tests.signing import PASSWORD, code_of, with_factor


class Agreeing(StepUpForm):
    understood = forms.BooleanField()


@pytest.fixture
def person(anna: Any) -> Any:
    return anna


def posted(person: Any, address: str = "192.0.2.1", **given: str) -> Any:
    request = RequestFactory(REMOTE_ADDR=address).post("/somewhere/", given)
    request.user, request.session = person, SessionStore()
    return request


def judged(person: Any, address: str = "192.0.2.1", **given: str) -> Agreeing:
    request = posted(person, address, **given)
    return Agreeing(request.POST, request=request)


def test_the_password_proves(person: Any) -> None:
    form = judged(person, understood="on", proof=PASSWORD)

    assert form.is_valid()
    assert form.how_proved == "password"


def test_a_code_proves_once(person: Any) -> None:
    code = code_of(with_factor(person))
    form = judged(person, understood="on", proof=code)

    assert form.is_valid()
    assert form.how_proved == "code"
    assert not judged(person, understood="on", proof=code).is_valid()


def test_no_code_is_used_up_by_a_form_that_is_wrong_elsewhere(person: Any) -> None:
    code = code_of(with_factor(person))

    assert not judged(person, proof=code).is_valid()
    assert judged(person, understood="on", proof=code).is_valid()


def test_a_wrong_proof_is_told_and_kept_in_history(person: Any) -> None:
    form = judged(person, understood="on", proof="guess-work")

    assert "Neither your password nor a code" in str(form.errors["proof"])
    assert form.how_proved == ""
    event = HistoryEvent.objects.get(verb="stepped_up_failed")
    assert (event.actor_id, event.details["tries"]) == (person.pk, 1)
    assert "guess-work" not in str(event.details)


def test_after_five_even_the_right_one_has_to_wait(person: Any) -> None:
    for _ in range(5):
        assert prove_again(posted(person, proof="guess-work")) == ""

    form = judged(person, understood="on", proof=PASSWORD)

    assert "wrong too often" in str(form.errors["proof"])
    assert HistoryEvent.objects.filter(verb="stepped_up_failed").count() == 5
    assert HistoryEvent.objects.filter(verb="locked_out").count() == 1


def test_somebody_elsewhere_is_not_shut_out_by_it(person: Any) -> None:
    for _ in range(5):
        prove_again(posted(person, proof="guess-work"))

    assert prove_again(posted(person, "198.51.100.7", proof=PASSWORD)) == "password"


def test_nothing_typed_counts_as_no_try(person: Any) -> None:
    assert "Type your password" in str(judged(person, understood="on").errors["proof"])
    assert not HistoryEvent.objects.filter(verb="stepped_up_failed").exists()


def test_who_has_nothing_to_prove_with_is_told_what_to_do(anna: Any) -> None:
    anna.set_unusable_password()
    form = judged(anna, understood="on", proof="anything")

    assert "Set up a second factor" in str(form.errors["proof"])
