"""A model owner's work, from a file to a live version and back."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.apps.registry.factories import WORDS_OF
from tests.journeys.apps import FAMILY
from tests.journeys.browser import Window
from tests.journeys.conftest import OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")
FIT_MILLISECONDS = 90_000
LIVE_SECONDS = 5.0


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    lines = [f"{words} number {i},{label}" for i in range(30) for label, words in WORDS_OF.items()]
    path.write_text("\n".join(["text,label", *lines]))
    return path


def upload(window: Window, file: Path, name: str) -> None:
    window.go("/admin/registry/dataset/add/")
    page = window.page
    page.get_by_label("Family").select_option(FAMILY)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Upload", exact=True).click()


def start_run(window: Window) -> None:
    window.page.get_by_label("Backbone").fill(window.site.backbone)
    window.page.get_by_role("button", name="Start the run").click()
    expect(window.page.locator("#run-live")).to_be_visible()


def open_version(window: Window, number: int) -> None:
    window.go(f"/admin/registry/version/?family={FAMILY}")
    window.page.get_by_role("link", name=f"{FAMILY} v{number}", exact=True).click()


def frames_told(page: Page) -> list[str]:
    """What the page's websockets receive from now on; it grows."""
    told: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(str(frame))))
    return told


def wait_for_the_whole_bar(page: Page) -> None:
    bar = page.locator("#run-live progress")
    expect(bar).to_have_js_property("value", 100, timeout=FIT_MILLISECONDS)


def expect_a_finished_run(page: Page) -> None:
    expect(page.locator("[data-stream]")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Finished")
    expect(page.get_by_role("img", name="Training curve")).to_be_visible()


def upload_questions(window: Window, questions: Path) -> None:
    upload(window, questions, "Questions of the desk")
    expect(window.page.get_by_text("90 rows are in.")).to_be_visible()
    expect(window.page.get_by_text("Rows by label")).to_be_visible()
    window.photograph("dataset")


def open_run_without_websockets(window: Window, address: str) -> Page:
    page = window.page
    page.route_web_socket("**/ws/streams/**", lambda socket: socket.close())
    page.goto(address)
    # Opened in time: it has still to get there.
    expect(page.locator("#run-live progress")).not_to_have_js_property("value", 100)
    return page


def test_a_file_becomes_a_version_and_the_page_follows_its_run_with_websockets_or_without(
    open_window: OpenWindow, questions: Path
) -> None:
    window = open_window("owner")
    page = window.page
    told = frames_told(page)
    upload_questions(window, questions)

    start_run(window)
    page.evaluate("window.isTheSamePage = true")
    deaf = open_run_without_websockets(open_window("owner"), page.url)
    wait_for_the_whole_bar(page)

    assert page.evaluate("window.isTheSamePage")
    assert sum('"event"' in frame for frame in told) > 2  # more than that it was queued and begun
    expect_a_finished_run(page)
    window.photograph("run")
    wait_for_the_whole_bar(deaf)
    page.locator("#run-live").get_by_role("link", name=FAMILY).click()
    expect(page.get_by_role("heading", name="Runtimes")).to_be_visible()
    expect(page.get_by_text("not live")).to_be_visible()
    window.photograph("version")


def test_a_file_that_cannot_be_used_is_a_sentence_at_its_field(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("question,intent\nwhere is my card,card\n")
    window = open_window("owner")

    upload(window, wrong, "Wrong columns")

    expect(window.page.get_by_role("alert")).to_contain_text("text")
    assert window.path == "/admin/registry/dataset/add/"


def test_two_versions_stand_side_by_side(open_window: OpenWindow) -> None:
    window = open_window("owner")
    page = window.page
    window.go("/admin/registry/version/")
    page.get_by_label("Compare").select_option(f"{FAMILY} v1")
    page.get_by_label("with", exact=True).select_option(f"{FAMILY} v2")
    page.get_by_role("button", name="Side by side").click()

    expect(page.get_by_text("points against v1 on the same examples")).to_be_visible()
    expect(page.get_by_role("heading", name="Examples on which they disagree")).to_be_visible()
    page.get_by_role("link", name="v2 right").click()
    expect(page.locator("#examples tbody tr")).to_have_count(3)
    window.photograph("compare")


def live_version(window: Window, text: str) -> str:
    page = window.page
    window.go("/playground/")
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Ask the models").click()
    card = page.locator("#answers article").filter(has_text=FAMILY)
    expect(card.get_by_role("listitem").first).to_contain_text("refund")
    return str(card.inner_text())


def wait_for_version(window: Window, number: int, clicked_at: float) -> str:
    while f"version {number} " not in (answer := live_version(window, "refund please")):
        assert time.monotonic() - clicked_at < LIVE_SECONDS, answer
    return answer


def test_a_promotion_is_judged_then_live_within_seconds_and_taken_back(open_window: OpenWindow) -> None:
    window = open_window("owner")
    page = window.page
    open_version(window, 2)
    page.get_by_role("link", name="Promote").click()
    expect(page.get_by_role("heading", name="The gate")).to_be_visible()
    expect(page.get_by_text("may become the champion")).to_be_visible()
    window.photograph("promote")

    page.get_by_label("Reason").fill("It confuses fewer questions.")
    page.get_by_role("button", name="Promote").click()
    expect(page.get_by_text("is the champion now")).to_be_visible()
    answer = wait_for_version(window, 2, time.monotonic())
    assert "%" in answer
    assert "ms" in answer
    window.photograph("playground")

    open_version(window, 2)
    page.get_by_role("button", name="Roll the champion back").click()
    expect(page.get_by_text("is back at its earlier version")).to_be_visible()
    wait_for_version(window, 1, time.monotonic())
