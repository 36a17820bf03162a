import os
from collections.abc import Callable, Generator, Iterator
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.journeys.browser import HEIGHT, WIDE, Window, find_browser, launch
from tests.journeys.site import Site, running_site

Colours = Literal["light", "dark"]
SITE = pytest.StashKey[Site]()
WINDOWS = pytest.StashKey[list[Window]]()
LOG_CHARACTERS = 4000
# Two cores run the site, the browser and other tests; who looks waits as long as that may take.
expect.set_options(timeout=20_000)


class OpenWindow(Protocol):
    """Open a window as somebody, or as nobody."""

    def __call__(
        self, name: str = "", *, width: int = WIDE, colours: Colours = "light", language: str = "en"
    ) -> Window: ...


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails shows what its person saw, and what the programs behind the pages said."""
    report = yield
    if report.when == "call" and report.failed:
        for window in item.stash.get(WINDOWS, []):
            seen = window.page.inner_text("body")[-LOG_CHARACTERS:]
            report.sections.append((f"Page {window.page.url}", seen))
        for log in sorted(item.config.stash[SITE].logs.glob("*.log")) if SITE in item.config.stash else []:
            report.sections.append((log.name, log.read_text(errors="replace")[-LOG_CHARACTERS:]))
    return report


@pytest.fixture(scope="package")
def site(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("journeys")) as running:
        pytestconfig.stash[SITE] = running
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = find_browser(playwright)
        if executable is None:
            # A gate that passes without anybody having looked at a page should say so in its command.
            leave_out = pytest.skip if os.environ.get("BERTH_NO_BROWSER") == "1" else pytest.fail
            leave_out("No Chromium is installed: run .ci/browser or install the package chromium.")
        running = launch(playwright, executable)
        yield running
        running.close()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, site: Site) -> Callable[[str], StorageState]:
    """The cookies of a person, who signs in once for all journeys."""
    states: dict[str, StorageState] = {}

    def state_of(name: str) -> StorageState:
        if name not in states:
            context = browser.new_context()
            Window(context, site).sign_in(name)
            states[name] = context.storage_state()
            context.close()
        return states[name]

    return state_of


@pytest.fixture
def open_window(
    browser: Browser, site: Site, signed_in: Callable[[str], StorageState], request: pytest.FixtureRequest
) -> Iterator[OpenWindow]:
    """No page in any of the windows may make the browser complain."""
    windows: list[Window] = []
    request.node.stash[WINDOWS] = windows

    def open_one(
        name: str = "", *, width: int = WIDE, colours: Colours = "light", language: str = "en"
    ) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            storage_state=signed_in(name) if name else None,
            color_scheme=colours,
            locale=language,
            reduced_motion="reduce",
        )
        windows.append(Window(context, site))
        return windows[-1]

    yield open_one
    for window in windows:
        window.context.close()
    assert [complaint for window in windows for complaint in window.complaints] == []
