import copy
import json
import pickle
from urllib.parse import quote

import pytest

from imports.altcraft import Secret
from imports.altcraft.secret import WireBody

VALUE = 'to"ken/with+odd&parts'


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(VALUE)
    assert {repr(secret), str(secret), f"{secret}", f"{secret:>3}", "%s" % secret} == {"***"}  # noqa: UP031
    assert secret.reveal() == VALUE


@pytest.mark.parametrize("keep", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_secret_is_not_kept_elsewhere(keep: object) -> None:
    with pytest.raises(TypeError):
        keep(Secret(VALUE))  # type: ignore[operator]


@pytest.mark.parametrize(
    "form", [VALUE, json.dumps(VALUE), json.dumps(VALUE).replace("/", "\\/"), quote(VALUE), quote(VALUE, safe="")]
)
def test_a_quoted_secret_is_hidden(form: str) -> None:
    hidden = Secret(VALUE).hide(f"before {form} after")
    assert "ken" not in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")


def test_too_short_a_secret_spoils_no_text() -> None:
    assert Secret("0").hide("10 of 100") == "10 of 100"


def test_a_body_on_its_way_prints_its_length_only() -> None:
    body = WireBody(b'{"token":', memoryview(b'"x"}'))
    assert repr(body) == str(body) == "<13 bytes>"
    assert b"".join(body) == b"".join(body) == b'{"token":"x"}'
