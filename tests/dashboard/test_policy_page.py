"""What the house asks of everybody who signs in."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from imports import actions
from imports.models import HistoryEvent, Person, Policy, Team
from tests.signing import PROOF

PAGE = "/policy/"
GIVEN: dict[str, Any] = {
    "second_factor_roles": ["admin", "approver"],
    "idle_minutes": "15",
    "session_hours": "8",
    "invitation_days": "3",
}


def test_it_is_changed_with_a_proof_and_told(as_boris: Any, boris: Any) -> None:
    assert as_boris.post(PAGE, GIVEN | PROOF).url == PAGE

    kept = Policy.now()
    assert (kept.second_factor_roles, kept.idle_minutes, kept.session_hours) == (["approver", "admin"], 15, 8)
    assert kept.changed_by_name == "boris"
    event = HistoryEvent.objects.get(verb="policy_changed")
    assert event.actor_id == boris.pk
    assert event.details["invitation_days"] == 3


def test_without_a_proof_nothing_changes(as_boris: Any) -> None:
    assert as_boris.post(PAGE, GIVEN).status_code == 422
    assert as_boris.post(PAGE, GIVEN | {"proof": "guess-work"}).status_code == 422

    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"idle_minutes": "4"}, {"idle_minutes": "721"}, {"session_hours": "0"}, {"session_hours": "73"},
     {"invitation_days": "31"}, {"idle_minutes": "soon"}, {"second_factor_roles": ["owner"]}],
)  # fmt: skip
def test_what_is_out_of_range_is_told(wrong: dict[str, Any], as_boris: Any) -> None:
    answer = as_boris.post(PAGE, GIVEN | PROOF | wrong)

    assert answer.status_code == 422
    assert "Please look at this first" in answer.content.decode()
    assert not Policy.objects.exists()


@pytest.mark.parametrize("wrong", [{"idle_minutes": 4}, {"session_hours": 99}])
def test_the_action_itself_refuses(wrong: dict[str, int], boris: Any) -> None:
    given: dict[str, Any] = {"second_factor_roles": [], "idle_minutes": 30, "session_hours": 12, "invitation_days": 7}
    with pytest.raises(actions.Refused, match="policy_out_of_range"):
        actions.change_policy(by=boris, **given | wrong)
    with pytest.raises(actions.Refused, match="role_unknown"):
        actions.change_policy(by=boris, **given | {"second_factor_roles": ["owner"]})


def test_an_admin_of_one_team_may_not(as_boris: Any, boris: Any) -> None:
    Person.objects.filter(user=boris).update(team=Team.objects.order_by("pk")[0], every_team=False)

    assert as_boris.get(PAGE).status_code == 403
    assert as_boris.post(PAGE, GIVEN | PROOF).status_code == 403


def test_nobody_needs_a_second_factor_unless_somebody_says_so(db: None) -> None:
    with pytest.raises(ObjectDoesNotExist):
        Policy.objects.get()
    assert Policy.now().second_factor_roles == []
