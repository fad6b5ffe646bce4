"""A new key is put first, everything is sealed anew, the old key is taken away."""

from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from imports import actions
from imports.models import Connection, Destruction, HistoryEvent, LastingSecret
from imports.vault import Sealed, open_text
from tests.factories import fresh, looked_for, make_connection, make_job
from tests.signing import code_of, with_factor

pytestmark = pytest.mark.django_db
NEW = Fernet.generate_key().decode()


def test_after_it_the_old_key_can_go(settings: Any, sandbox: Any, anna: Any) -> None:
    token, job = make_connection(sandbox, look=False).token, make_job(anna)
    job.vault.put("kept", b"as it was")
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    found = actions.rotate_keys(by=anna)
    assert (found.tokens, found.jobs, found.already, found.unopened) == (1, 1, 0, [])
    settings.FIELD_KEYS = [NEW]
    assert Connection.objects.get().token == token
    assert fresh(job).vault.get("kept") == b"as it was"
    told = HistoryEvent.objects.get(verb="keys_rotated").details
    assert told == {"tokens": 1, "jobs": 1, "secrets": 1, "factors": 0, "already": 0, "unopened": 0}


def test_twice_changes_nothing(settings: Any, anna: Any) -> None:
    job = make_job(anna)
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    actions.rotate_keys()
    sealed = fresh(job).sealed_key
    again = actions.rotate_keys()
    assert (again.jobs, again.already) == (0, 2)  # the import's key, and the secret headers are hashed with
    assert fresh(job).sealed_key == sealed


def test_before_it_the_old_key_is_needed(settings: Any, sandbox: Any) -> None:
    make_connection(sandbox, look=False)
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(Sealed):
        _ = Connection.objects.get().token


def test_the_command_names_what_no_key_opens_and_leaves_it_alone(settings: Any, sandbox: Any, anna: Any) -> None:
    lost = make_connection(sandbox, look=False)
    settings.FIELD_KEYS = [NEW]
    make_job(anna)
    sealed = Connection.objects.get().sealed_token
    out = StringIO()
    with pytest.raises(CommandError, match=f"connection “{lost.name}”.*take no key away") as refused:
        call_command("rotate_keys", stdout=out)
    assert refused.value.returncode == 3
    assert Connection.objects.get().sealed_token == sealed
    assert (
        "the keys of 0 imports are sealed with the newest key now, and 0 secrets of second factors; 2 were"
        in out.getvalue()
    )


def test_what_is_sealed_says_nothing_of_itself(settings: Any, sandbox: Any) -> None:
    connection = make_connection(sandbox, look=False)
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert connection.token not in out.getvalue() + str(HistoryEvent.objects.last().details)


def test_whom_a_search_and_an_act_are_about_is_sealed_anew(settings: Any, boris: Any) -> None:
    kept = actions.look_for_person("daria@example.org", by=boris)
    ended = looked_for("kamila@example.com", by=boris)
    actions.ask_erasure(ended, team=None, by=boris, reason="Asked")
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]

    actions.rotate_keys()
    settings.FIELD_KEYS = [NEW]

    kept.refresh_from_db()
    assert actions.asked_person(kept) == "daria@example.org"
    assert "kamila@example.com" in open_text(Destruction.objects.get().sealed_person)


def test_a_lasting_secret_stays_the_same(settings: Any) -> None:
    secret = LastingSecret.objects.of("people sent")
    assert LastingSecret.objects.of("people sent") == secret != LastingSecret.objects.of("rows")
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    assert actions.rotate_keys().secrets == 2
    settings.FIELD_KEYS = [NEW]
    assert LastingSecret.objects.of("people sent") == secret


def test_second_factors_open_with_the_new_key_alone(settings: Any, anna: Any) -> None:
    secret = with_factor(anna)
    recovery = actions.new_recovery_codes(anna)[0]
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]

    assert actions.rotate_keys().factors == 2

    settings.FIELD_KEYS = [NEW]
    assert actions.use_code(anna, code_of(secret)) == "code"
    assert actions.use_code(anna, recovery) == "recovery"


def test_a_second_factor_no_key_opens_is_named(settings: Any, anna: Any) -> None:
    with_factor(anna)
    settings.FIELD_KEYS = [NEW]

    assert actions.rotate_keys().unopened == [f"second factor of user {anna.pk}"]
