"""Setting up the second factor, and what opens before it is."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from dashboard.signin.sessions import BEGAN
from imports import actions
from imports.models import HistoryEvent, Policy
from tests.signing import PASSWORD, PROOF, code_of, with_factor

PAGE = "/second-factor/"


def secret_of(page: str) -> str:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def set_up(client: Any) -> str:
    """Returns the page with the recovery codes."""
    secret = secret_of(client.get(PAGE).content.decode())
    return str(client.post(PAGE, {"code": code_of(secret)}).content.decode())


def test_it_is_set_up_by_a_code_and_shows_ten_recovery_codes(as_anna: Any, anna: Any) -> None:
    text = set_up(as_anna)

    assert len(re.findall(r"<code>\d{5} \d{5}</code>", text)) == 10
    assert actions.has_second_factor(anna)
    assert HistoryEvent.objects.get(verb="second_factor_on").actor_id == anna.pk


def test_the_picture_and_the_text_are_the_same_key(as_anna: Any) -> None:
    text = as_anna.get(PAGE).content.decode()

    assert "<svg" in text
    assert "<?xml" not in text
    assert "style=" not in text[text.index("<main") : text.index("</main>")]
    assert secret_of(text) == secret_of(as_anna.get(PAGE).content.decode())


def test_nothing_of_it_lies_in_clear(as_anna: Any, anna: Any) -> None:
    secret = secret_of(as_anna.get(PAGE).content.decode())
    assert secret not in str(as_anna.session.items())
    text = as_anna.post(PAGE, {"code": code_of(secret)}).content.decode()

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    codes = [code.replace(" ", "") for code in re.findall(r"<code>(\d{5} \d{5})</code>", text)]
    assert not [one for one in [secret, *codes] if one in kept]


def test_a_wrong_code_sets_nothing_up(as_anna: Any, anna: Any) -> None:
    secret_of(as_anna.get(PAGE).content.decode())
    answer = as_anna.post(PAGE, {"code": "000000"})

    assert answer.status_code == 422
    assert "That code is not good" in answer.content.decode()
    assert not actions.has_second_factor(anna)


def test_the_code_that_set_it_up_does_not_open_again(as_anna: Any, anna: Any) -> None:
    secret = secret_of(as_anna.get(PAGE).content.decode())
    code = code_of(secret)
    as_anna.post(PAGE, {"code": code})

    assert actions.use_code(anna, code) == ""


def test_a_while_after_signing_in_a_proof_is_asked_too(as_anna: Any, anna: Any) -> None:
    session = as_anna.session
    session[BEGAN] -= 600
    session.save()
    secret = secret_of(as_anna.get(PAGE).content.decode())

    assert as_anna.post(PAGE, {"code": code_of(secret)}).status_code == 422
    assert as_anna.post(PAGE, {"code": code_of(secret)} | PROOF).status_code == 200
    assert actions.has_second_factor(anna)


def test_new_recovery_codes_close_the_old_ones(as_anna: Any, anna: Any) -> None:
    with_factor(anna)
    old = actions.new_recovery_codes(anna)

    assert as_anna.post("/second-factor/codes/", {"proof": "guess-work"}).status_code == 422
    assert "Keep these recovery codes" in as_anna.post("/second-factor/codes/", PROOF).content.decode()

    assert actions.use_code(anna, old[0]) == ""
    assert HistoryEvent.objects.filter(verb="recovery_codes_made").count() == 2


def test_it_is_taken_away_by_a_proof(as_anna: Any, anna: Any) -> None:
    with_factor(anna)

    assert as_anna.post("/second-factor/off/", {"proof": "guess-work"}).status_code == 422
    assert actions.has_second_factor(anna)
    as_anna.post("/second-factor/off/", PROOF)

    assert not Authenticator.objects.exists()
    assert HistoryEvent.objects.get(verb="second_factor_off").actor_id == anna.pk


def test_an_admin_resets_it(anna: Any, boris: Any) -> None:
    with_factor(anna)
    actions.reset_second_factor(anna, by=boris)

    assert not actions.has_second_factor(anna)
    event = HistoryEvent.objects.get(verb="second_factor_reset")
    assert (event.actor_id, event.object_text) == (boris.pk, "anna")
    with pytest.raises(actions.Refused, match="factor_off"):
        actions.reset_second_factor(anna, by=boris)


# --- who has to have one ---


@pytest.fixture
def asked_of_admins(db: None) -> None:
    Policy.objects.create(second_factor_roles=["admin", "approver"])


@pytest.mark.parametrize("address", ["/", "/connections/", "/imports/", "/settings/", "/history/", "/admin/"])
def test_whoever_has_to_have_one_sees_nothing_before(address: str, as_boris: Any, asked_of_admins: None) -> None:
    assert as_boris.get(address).url == PAGE
    assert as_boris.post(address).url == PAGE


def test_a_live_part_leads_its_whole_page_there(as_boris: Any, asked_of_admins: None) -> None:
    assert as_boris.get("/news/", headers={"HX-Request": "true"})["HX-Redirect"] == PAGE


def test_the_others_are_left_alone(as_anna: Any, asked_of_admins: None) -> None:
    assert as_anna.get("/").status_code == 200


def test_once_it_is_set_up_everything_opens(as_boris: Any, asked_of_admins: None) -> None:
    assert "Your role has to have a second factor." in as_boris.get(PAGE).content.decode()
    set_up(as_boris)

    assert as_boris.get("/connections/").status_code == 200


def test_who_has_to_have_one_cannot_take_it_away(as_boris: Any, boris: Any, asked_of_admins: None) -> None:
    with_factor(boris)
    as_boris.post("/second-factor/off/", PROOF)

    assert actions.has_second_factor(boris)


def test_out_language_and_password_stay_open_to_them(as_boris: Any, asked_of_admins: None) -> None:
    assert as_boris.get("/password/").status_code == 200
    assert as_boris.post("/language/", {"language": "ru", "next": PAGE}).url == PAGE
    assert as_boris.post("/logout/").url == "/login/"


def test_a_role_given_in_the_middle_of_a_session_counts_at_once(as_anna: Any, anna: Any, asked_of_admins: None) -> None:
    from django.contrib.auth.models import Group

    anna.groups.add(Group.objects.get_or_create(name="approver")[0])

    assert as_anna.get("/").url == PAGE


def test_signing_in_leads_there(client: Any, boris: Any, asked_of_admins: None) -> None:
    answer = client.post("/login/", {"username": "boris", "password": PASSWORD}, follow=True)

    assert answer.request["PATH_INFO"] == PAGE
