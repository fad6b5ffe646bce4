"""manage.py person: the first admin of a machine, and whoever an operator adds."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from imports import actions
from imports.actions import Place
from imports.models import home_team


def said(monkeypatch: pytest.MonkeyPatch, *words: str, password: str = "three quiet brown owls") -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("person", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_first_admin_is_added_and_listed(monkeypatch: pytest.MonkeyPatch, django_user_model: Any) -> None:
    said(monkeypatch, "add", "chief", "--role", "admin", "--every-team", "--password-stdin")
    chief = django_user_model.objects.get(username="chief")

    assert chief.check_password("three quiet brown owls")
    assert actions.place_of(chief) == Place("admin")
    assert "chief\tadmin\tevery team" in said(monkeypatch, "list")
    with pytest.raises(CommandError, match="last administrator"):
        said(monkeypatch, "off", "chief")


@pytest.mark.django_db
def test_a_role_is_changed_and_somebody_is_switched_off_and_on(
    monkeypatch: pytest.MonkeyPatch, anna: Any, boris: Any
) -> None:
    said(monkeypatch, "role", "anna", "--role", "approver", "--team", "marketing")
    assert actions.place_of(anna) == Place("approver", home_team(None))
    said(monkeypatch, "off", "anna")
    assert "anna\tapprover\tMarketing\toff" in said(monkeypatch, "list")
    said(monkeypatch, "on", "anna")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("off", "nobody"), "nobody called"),
        (("add", "x", "--role", "marketer", "--team", "None", "--password-stdin"), "no team"),
        (("add", "x", "--role", "marketer", "--every-team", "--password-stdin"), "belong to one team"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, words: Any, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        said(monkeypatch, *words)


@pytest.mark.django_db
def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="too short"):
        said(monkeypatch, "add", "x", "--role", "admin", "--every-team", "--password-stdin", password="short")
