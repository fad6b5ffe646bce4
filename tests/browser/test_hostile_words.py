"""Words made to become markup, in every place a person or the platform can write: on every page, for every role, they
stay words. No alert, no violation of the policy, nothing left in the browser's storage."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from imports.models import Connection, ErrorNote, ImportJob, Preset, SourceFile, Team
from tests.factories import make_done_job

from .conftest import Open
from .test_every_page import as_role, expected

pytestmark = [pytest.mark.browser]

WORD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<a href=javascript:alert(3)>x</a>"
CELL = WORD.replace('"', '""')
TEXT = f'E-mail,First name,Phone,"<svg onload=alert(4)>{CELL}"\n' + "".join(
    f'person{number}@example.com,"{CELL}",+7900000000{number},"<iframe srcdoc=<script>alert(5)</script>>"\n'
    for number in range(8)
)
TELLS = (
    "document.addEventListener('securitypolicyviolation', told => console.error('policy: ' + told.violatedDirective));"
)
MADE = "img[src=x], iframe, [onload], [onerror], a[href^='javascript']"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


@pytest.fixture
def pages(site: str, sandbox: Any, anna: Any) -> dict[str, str]:
    """Every page of the scenes, with the words in every name; one import's rows were refused in such words too."""
    from .scenes import make_scenes

    scenes = make_scenes(sandbox, anna, TEXT, per_request=4)
    sandbox.desk.change({"fail_every": 2, "fail_code": 1013, "fail_text": WORD})
    refused = make_done_job(anna, scenes.account, TEXT)
    for model, field in ((ImportJob, "title"), (SourceFile, "name"), (Preset, "name"), (ErrorNote, "title_en")):
        model.objects.update(**{field: WORD})  # type: ignore[attr-defined]
    for number, one in enumerate([*Connection.objects.all(), *Team.objects.all()]):
        type(one).objects.filter(pk=one.pk).update(name=f"{WORD[:70]}{number}")
    User.objects.update(first_name=WORD, last_name=WORD)
    steps = ("job_check", "job_results", "job_columns", "job_file", "job_history")
    more = {f"{step}-refused": reverse(step, args=[refused.uuid]) for step in steps}
    more["job_row-refused"] = reverse("job_row", args=[refused.uuid, 2])
    return scenes.pages() | more


def test_words_stay_words_for_every_role(pages: dict[str, str], browse: Open, anna: Any) -> None:
    found = []
    for role in ("admin", "marketer", "approver", "auditor"):
        visit = browse(as_role(role, anna))
        visit.page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
        visit.page.add_init_script(TELLS)
        for name, address in pages.items():
            answer = visit.page.goto(visit.site + address)
            if not answer or answer.status != expected(role, name):
                found.append(f"{role}, {name}: {answer and answer.status}")
            if made := visit.page.locator(MADE).count():
                found.append(f"{role}, {name}: {made} elements made of words")
        kept, session = json.loads(visit.page.evaluate(STORED))
        assert set(kept) <= {"keys", "theme"} and session == {}

    assert found == []
