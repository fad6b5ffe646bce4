"""What a page weighs on the wire: the first one with everything it needs, and each further one alone.

Sizes are what a browser gets from the product: texts compressed as WhiteNoise and Django do it, fonts as they are.
"""

import gzip
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Request

from .conftest import Open

pytestmark = [pytest.mark.browser]

FIRST_LOAD, FURTHER_PAGE, REQUESTS = 200_000, 15_000, 12  # bytes, bytes, of the first load
SCRIPTS, STYLES = 60_000, 45_000  # bytes
ROWS = "".join(f"person{n}@example.com,Daria,+7900000{n:04},Perm,{n:012},{n}\n" for n in range(1, 61))
TEXT = f"E-mail,First name,Phone,City,Card,Points\n{ROWS}broken,Daria,+79000000000,Perm,1,1\n"


def test_first_load_fits_its_bars(browse: Open, sandbox: Any, anna: Any) -> None:
    from .scenes import make_scenes

    pages = make_scenes(sandbox, anna, TEXT, per_request=25).pages()
    for name in ("home", "job_new", "job_columns", "job_results", "form_several"):
        loaded: list[Request] = []
        visit = browse(anna)
        visit.page.on("requestfinished", lambda one, kept=loaded: kept.append(one))
        visit.page.goto(visit.site + pages[name], wait_until="networkidle")
        visit.page.evaluate("document.fonts.ready")
        kinds = [(one.resource_type, _weight(one)) for one in loaded]
        assert len(kinds) <= REQUESTS, (name, [one.url for one in loaded])
        assert sum(size for _, size in kinds) <= FIRST_LOAD, (name, kinds)
        assert sum(size for kind, size in kinds if kind == "script") <= SCRIPTS, (name, kinds)
        assert sum(size for kind, size in kinds if kind == "stylesheet") <= STYLES, (name, kinds)


def _weight(request: Request) -> int:
    answer = request.response()
    body = answer.body() if answer else b""
    return len(body if request.resource_type == "font" else gzip.compress(body, 6))


def test_further_pages_are_light(sandbox: Any, anna: Any, transactional_db: None) -> None:
    from .scenes import make_scenes

    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(anna)
    heavy = {}
    for name, address in make_scenes(sandbox, anna, TEXT, per_request=25).pages().items():
        answer = client.get(address)
        if answer.status_code == 200 and len(answer.content) > FURTHER_PAGE:
            heavy[name] = len(answer.content)
    assert heavy == {}
