"""A person's window on the site, and what a person would not see in it: complaints of the browser."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

from tests.journeys.site import PASSWORD, Site
from tests.waiting import wait_until

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE, NARROW, HEIGHT = 1280, 390, 800
SETTLED_SECONDS = 15.0
TWICE_PAINTED = "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))"
SCREENSHOTS = os.environ.get("JOURNEY_SCREENSHOTS", "")


def find_browser(playwright: Playwright) -> str | None:
    """Playwright's own Chromium, else the system's; None without either."""
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else next(filter(None, map(shutil.which, PROGRAMS)), None)


def launch(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=list(QUIET))


class Window:
    """One person's browser window. Paths are of the site; `complaints` is what its console reported."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self._under_way: set[Request] = set()
        self.page.on("request", lambda request: self._under_way.add(request))
        for ended in ("requestfinished", "requestfailed"):
            self.page.on(ended, lambda request: self._under_way.discard(request))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> int:
        response = self.page.goto(f"{self.site.address}{path}")
        assert response is not None
        return response.status

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.go("/sign-in/")
        self.page.locator("#id_username").fill(name)
        self.page.locator("#id_password").fill(password)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_load_state()

    def settle(self) -> None:
        """Wait until the page asks for nothing more and shows what it got."""
        wait_until(self._is_settled, seconds=SETTLED_SECONDS, otherwise=lambda: str(self._under_way))

    def _is_settled(self) -> bool:
        self.page.evaluate(TWICE_PAINTED)
        return not self._under_way

    @property
    def width(self) -> int:
        size = self.page.viewport_size
        assert size is not None
        return size["width"]

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate(TWICE_PAINTED)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def photograph(self, name: str) -> None:
        """Keep a picture below the folder that JOURNEY_SCREENSHOTS names."""
        if SCREENSHOTS:
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)

    def forgive(self) -> None:
        """The journey itself has broken something: what the browser said of that is no complaint."""
        self.complaints.clear()

    def _note(self, message: ConsoleMessage) -> None:
        # A page that answers 4xx on purpose is reported as a resource that failed; that is its own address.
        is_the_page = message.text.startswith("Failed to load resource") and (
            message.location.get("url") == self.page.url
        )
        is_refused = message.type == "error" or "Content Security Policy" in message.text
        if is_refused and not is_the_page:
            self.complaints.append(f"on {self.path}: {message.text} {message.location.get('url')}")
