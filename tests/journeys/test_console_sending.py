"""What an agent sends from the console is not lost and not sent twice; how a thread reads; keys."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.journeys.conftest import OpenWindow
from tests.journeys.test_console import open_by_keyboard, take
from tests.journeys.test_console_turns import hold_the_first
from tests.journeys.test_widget import wait_until

pytestmark = pytest.mark.xdist_group("journeys")
REPLY = re.compile("/reply/$")
REFUSAL = "This conversation is resolved. Reopen it first."


def send(page: Page, text: str) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def try_again_at_once(page: Page) -> None:
    """The page tries three times more, and waits longer each time: its clock runs ahead."""
    for _ in range(3):
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/reply/")):
            page.clock.fast_forward("00:10")


def test_a_reply_that_fails_says_so_and_is_sent_when_asked_again(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.page.clock.install()
    page = open_by_keyboard(window, "Quentin")
    take(page)
    page.route("**/reply/", lambda route: route.abort())
    send(page, "On its way.")
    expect(page.locator("#pending")).to_contain_text("On its way.")
    try_again_at_once(page)
    expect(page.locator("#pending")).to_contain_text("Not sent. Check the connection.")
    assert window.complaints
    window.complaints.clear()

    page.unroute("**/reply/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#thread-entries .bubble-agent")).to_contain_text("On its way.")


def refuse(route: Route) -> None:
    route.fulfill(json={"code": "resolved", "refusal": REFUSAL})


def test_a_reply_that_was_refused_is_a_draft_again_and_sent_once_by_its_author(
    open_window: OpenWindow,
) -> None:
    page = open_by_keyboard(open_window("agent"), "Levi")
    take(page)
    page.route(REPLY, refuse, times=1)
    send(page, "It left today.")
    expect(page.locator("#draft-state")).to_have_text(REFUSAL)
    expect(page.locator("#reply")).to_have_value("It left today.")
    expect(page.locator("#pending li")).to_have_count(0)

    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread-entries .bubble-agent")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('online'))")
    send(page, "Anything else?")
    expect(page.locator("#thread-entries .bubble-agent .bubble-text")).to_have_text(
        ["It left today.", "Anything else?"]
    )


def test_what_was_refused_while_one_writes_on_waits_and_comes_before_that(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Milo")
    take(page)
    held = hold_the_first(page, REPLY)
    send(page, "It left today.")
    page.keyboard.type("And it is")
    refuse(held[0])
    expect(page.locator("#pending")).to_contain_text(REFUSAL)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#pending")).to_contain_text(REFUSAL)

    page.get_by_role("button", name="Edit").click()
    expect(page.locator("#reply")).to_have_value("It left today.\nAnd it is")
    expect(page.locator("#pending li")).to_have_count(0)


def test_an_answer_that_was_lost_on_the_way_is_not_sent_twice(open_window: OpenWindow) -> None:
    window = open_window("agent")
    page = open_by_keyboard(window, "Rosa")
    take(page)
    tried = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        tried.append(answer.status)
        route.abort() if len(tried) == 1 else route.fulfill(response=answer)

    page.route("**/reply/", lose_the_first_answer)
    send(page, "Only once.")

    expect(page.locator("#thread-entries .bubble-agent")).to_have_count(1)
    expect(page.locator("#pending li")).to_have_count(0)
    assert tried == [200, 200]
    window.complaints.clear()


class BrokenLine:
    """From a page to the server: nothing passes before it is mended."""

    def __init__(self) -> None:
        self.is_mended = False
        self.told: list[str] = []

    def lead(self, socket: WebSocketRoute) -> None:
        if not self.is_mended:
            socket.close()
            return
        server = socket.connect_to_server()
        socket.on_message(lambda frame: self._pass_on(server, frame))

    def _pass_on(self, server: WebSocketRoute, frame: str | bytes) -> None:
        self.told.append(str(frame))
        server.send(frame)


def test_what_was_read_without_a_line_is_told_once_there_is_one(open_window: OpenWindow) -> None:
    window, line = open_window("agent"), BrokenLine()
    window.page.route_web_socket("**/ws/streams/conversation:**", line.lead)
    page = open_by_keyboard(window, "Otto")
    take(page)
    # It looks each second for what is read.
    page.wait_for_timeout(1500)
    line.is_mended = True

    wait_until(page, lambda: any('"read"' in frame for frame in line.told))


def test_single_keys_can_be_switched_off_for_who_speaks_to_the_computer(open_window: OpenWindow) -> None:
    window = open_window("agent")
    page, keys = window.page, window.page.get_by_role("dialog", name="Keys")
    window.go("/support/")
    page.locator(".desk-help button").click()
    keys.get_by_label("Single keys act as shortcuts").uncheck()
    page.reload()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()

    page.locator(".desk-help button").click()
    keys.get_by_label("Single keys act as shortcuts").check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(keys).to_be_visible()


def test_a_thread_tells_the_day_and_runs_from_right_to_left_where_its_words_do(
    open_window: OpenWindow,
) -> None:
    window = open_window("agent")
    window.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=2))
    page = open_by_keyboard(window, "Pola")
    expect(page.locator("#thread-entries time").first).to_have_text(re.compile(r"^\d+ \w+ \d{4}, \d\d:\d\d$"))
    stop, word = page.locator(".bubble-text").first.evaluate("""(bubble) => {
      bubble.textContent = "שלום!";
      const place = (from) => {
        const range = new Range();
        range.setStart(bubble.firstChild, from);
        range.setEnd(bubble.firstChild, from + 1);
        return range.getBoundingClientRect().left;
      };
      return [place(4), place(0)];
    }""")

    assert stop < word
