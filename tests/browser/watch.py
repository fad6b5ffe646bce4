"""Eyes on a page: what the browser complains about, whom it asks, whether it scrolls sideways, what axe finds."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REFUSED = "Failed to load resource"  # of the page itself: a 403 or a 404 that was asked for; tests look at the status
FORM_REFUSED = "status of 422"  # Chromium reports the answer to a form that has to be mended as an error
OTHERS = {"dark": "light", "light": "dark"}

_RUN_AXE = """async options => (await axe.run(document, options)).violations.map(
    found => `${found.id} (${found.nodes.length}): ` + found.nodes.slice(0, 3).map(
        node => node.html.slice(0, 160) + " " + node.any.concat(node.all, node.none).map(one => one.message).join(", ")
    ).join(" | "))"""

# Regions made for it may scroll: they are named, and the keyboard reaches them.
_SIDEWAYS = """() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const found = wide > 0 ? [`the page is ${wide} px too wide`] : [];
    for (const one of document.querySelectorAll("body *")) {
        const named = one.closest("[role=region][tabindex='0'], textarea, select");
        if (named || one.scrollWidth <= one.clientWidth + 1) continue;
        const scrolls = ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
        if (scrolls) found.push(`scrolls sideways: ${one.className}`);
    }
    return found;
}"""


class Watch:
    """Collects the faults of one page; `look` adds those of how it is now. Test that `faults` stays empty."""

    def __init__(self, page: Page, site_url: str, scheme: str) -> None:
        self.page, self.faults = page, list[str]()
        self._host, self._scheme = urlsplit(site_url).netloc, scheme
        page.on("console", self._heard)
        page.on("pageerror", lambda fault: self._note(f"page error: {fault}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def look(self, *, both_schemes: bool = False) -> None:
        """Judge the page as it stands: sideways scrolling and axe; in the other scheme what depends on colours."""
        self._add("", self.page.evaluate(_SIDEWAYS))
        self._add("axe: ", self._axe({"runOnly": TAGS}))
        if both_schemes:
            self.page.emulate_media(color_scheme=_as_scheme(OTHERS[self._scheme]))
            found = self._axe({"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
            self._add(f"axe, {OTHERS[self._scheme]}: ", found)
            self.page.emulate_media(color_scheme=_as_scheme(self._scheme))

    def look_sideways(self, width: int) -> None:
        """Judge only the width, at another one."""
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": 740})
        self._add(f"{width} px: ", self.page.evaluate(_SIDEWAYS))
        if before:
            self.page.set_viewport_size(before)

    def _axe(self, options: dict[str, Any]) -> list[str]:
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(_RUN_AXE, {"resultTypes": ["violations"], "preload": False, **options})
        return found

    def _heard(self, message: ConsoleMessage) -> None:
        refused = REFUSED in message.text and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not refused and FORM_REFUSED not in message.text:
            self._note(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and urlsplit(request.url).netloc != self._host:
            self._note(f"another host was asked: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"answer {response.status} of {response.url}")

    def _add(self, lead: str, found: list[str]) -> None:
        for text in found:
            self._note(lead + text)

    def _note(self, text: str) -> None:
        size = self.page.viewport_size
        self.faults.append(f"{urlsplit(self.page.url).path} ({size['width'] if size else '?'} px): {text}")


def _as_scheme(name: str) -> Any:
    return name
