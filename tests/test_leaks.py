"""The eyes that look for tokens do see: in statements, log lines, letters, pages and files."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from imports.altcraft import Secret
from imports.models import Preset
from tests.factories import make_connection
from tests.leaks import WATCH

TOKEN = "a-token-planted-to-be-found-1312"


@pytest.fixture(autouse=True)
def planted() -> Any:
    Secret(TOKEN)
    assert WATCH.take() == []
    yield
    WATCH.tokens.discard(TOKEN)


@pytest.mark.django_db
def test_a_token_in_a_statement_is_seen() -> None:
    assert list(Preset.objects.filter(name=f"before {TOKEN} after")) == []
    assert any(where.startswith("statement: SELECT") for where in WATCH.take())


def test_a_token_in_a_log_line_is_seen_with_its_traceback() -> None:
    logging.getLogger("imports.anything").warning("sent with %s", TOKEN)
    assert WATCH.take() == ["log of imports.anything, WARNING"]
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logging.getLogger("imports.anything").exception("it failed")
    assert WATCH.take() == ["log of imports.anything, ERROR"]


def test_a_token_in_a_letter_is_seen() -> None:
    letter = EmailMultiAlternatives("Subject", "Text", to=["anna@example.com"])
    letter.attach_alternative(f"<p>{TOKEN}</p>", "text/html")
    letter.send()
    assert WATCH.take() == ["a letter"]


@pytest.mark.django_db
def test_a_token_on_a_page_is_seen() -> None:
    page = Client().get(f"/login/?next=/{TOKEN}")
    assert TOKEN in page.text
    assert WATCH.take() == ["answer to GET /login/"]


def test_a_token_in_a_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "body").write_bytes(b'{"token":"%s"}' % TOKEN.encode())
    WATCH.look_at_files(tmp_path)
    assert WATCH.take() == ["file deep/body"]


@pytest.mark.django_db
def test_the_tokens_of_connections_are_known_and_seen_nowhere(sandbox: Any) -> None:
    make_connection(sandbox, look=False)
    assert sandbox.token in WATCH.tokens
    assert WATCH.take() == []
