"""One person at one browser: the gestures of an import, told by ids and names, not by words of one language."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from .watch import Watch

SESSION = "session"
PATIENCE = 120_000  # milliseconds; only a failing test, or a very busy machine, ever waits so long
PRIMARY = ".actionbar .btn-primary"


@dataclass
class Visit:
    """A page of a browser with its `watch`; `step` names the part of an import's address after its number."""

    page: Page
    watch: Watch
    site: str

    def go(self, name: str, *args: Any, query: str = "") -> None:
        self.page.goto(self.site + reverse(name, args=args) + query)

    def at(self, step: str) -> None:
        """Wait until this step of an import is shown."""
        self.page.wait_for_url(re.compile(rf"/imports/[0-9a-f-]{{36}}/{step}/"))

    def uuid(self) -> str:
        found = re.search(r"/imports/([0-9a-f-]{36})/", self.page.url)
        assert found, self.page.url
        return found[1]

    def upload(self, name: str, content: bytes) -> None:
        self.go("job_new")
        self.page.set_input_files("#id_file", {"name": name, "mimeType": "text/csv", "buffer": content})
        self.page.click("#upload-go")

    def paste(self, text: str) -> None:
        self.go("job_new")
        self.page.fill("textarea[name=text]", text)
        self.page.click(f"form[action='{reverse('job_paste')}'] button")

    def on_from_file(self) -> None:
        """From the first rows to the columns."""
        self.at("file")
        self.page.click(PRIMARY)
        self.at("columns")

    def on_from_columns(self) -> None:
        """From the columns to what the check found."""
        self.at("columns")
        self.page.click(PRIMARY)
        self.at("check")
        expect(self.page.locator(".sum")).to_be_visible()
        self.page.wait_for_load_state()

    def send(self) -> None:
        self.at("check")
        self.page.click("button[form=start]")

    def sum(self) -> dict[str, int]:
        """The sum of the page: rows in all under "total", the outcomes under the names of their colours."""
        parts = self.page.locator(".sum > div").evaluate_all(
            "all => all.map(one => [one.className, one.querySelector('dd').innerText])"
        )
        named = {re.sub(r"^is-| nil$", "", name): int(re.sub(r"\D", "", text)) for name, text in parts}
        assert sum(count for name, count in named.items() if name != "total") == named["total"]
        return named

    def expect_closed(self) -> None:
        """The sum closes, and says so."""
        expect(self.page.locator(".sumline.closed")).to_be_visible()

    def rows_shown(self) -> list[str]:
        return self.page.locator("#rows tbody tr").all_inner_texts()

    def download(self, selector: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.click(selector)
        return Path(waiting.value.path()).read_bytes()


def open_visit(
    browser: Browser,
    site: str,
    *,
    session: str = "",
    lang: str = "en-GB",
    width: int = 1440,
    scheme: Any = "light",
    scripts: bool = True,
) -> Visit:
    """A browser of its own for one person; `session` is the cookie of somebody who has signed in."""
    context = browser.new_context(
        locale=lang, viewport={"width": width, "height": 900 if width > 600 else 740}, color_scheme=scheme,
        reduced_motion="reduce", java_script_enabled=scripts, has_touch=width < 600,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    if session:
        context.add_cookies([{"name": SESSION, "value": session, "url": site}])
    page = context.new_page()
    return Visit(page, Watch(page, site, scheme), site)
