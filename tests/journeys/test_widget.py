"""A customer at the chat of the shop: what is said arrives, once, whatever happens on the way."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.browser import NARROW, WIDE
from tests.journeys.chat import Chat
from tests.journeys.conftest import Colours, OpenWindow
from tests.journeys.other_site import SIGNED_IN, other_site
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.xdist_group("journeys")
LOST = "No connection"


def test_a_customer_writes_with_the_keyboard_alone(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.text).to_be_focused()
    chat.page.keyboard.type("Where is my parcel?")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("It was due on Monday.")
    chat.page.keyboard.press("Enter")

    chat.expect_sent("Where is my parcel?\nIt was due on Monday.")
    expect(chat.text).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_a_double_click_sends_once(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.text.fill("One teapot, please.")
    chat.panel.get_by_role("button", name="Send", exact=True).dblclick()

    chat.expect_sent("One teapot, please.")
    chat.page.reload()
    chat.open()
    chat.expect_sent("One teapot, please.")


def test_what_is_written_without_a_connection_arrives_with_it_and_in_order(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("before")
    chat.expect_sent("before")
    chat.window.context.set_offline(True)
    expect(chat.status).to_contain_text(LOST)
    chat.say("during, one")
    chat.say("during, two")
    expect(chat.log.locator(".waiting")).to_have_count(2)
    chat.window.photograph("widget-offline")

    chat.window.context.set_offline(False)

    expect(chat.log.locator(".waiting")).to_have_count(0)
    expect(chat.status).not_to_contain_text(LOST)
    chat.window.forgive()
    chat.page.reload()
    chat.open()
    expect(chat.log.locator(".mine .bubble")).to_have_text(["before", "during, one", "during, two"])


def test_what_was_not_acknowledged_survives_a_reload(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    refuse = re.compile("/support/widget/messages$")
    chat.page.route(refuse, lambda route: route.fulfill(status=503, json={}))
    chat.say("Do you keep this?")
    expect(chat.log.locator(".waiting")).to_have_count(1)
    chat.page.unroute(refuse)

    chat.page.reload()
    # Only now: until it was left, the page may have tried once more.
    chat.window.forgive()
    chat.open()

    chat.expect_sent("Do you keep this?")


def test_what_is_refused_comes_before_what_was_begun_meanwhile(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    refusal = {"error": {"code": "bad_body", "message": "No."}}
    chat.page.route(re.compile("/messages$"), lambda route: route.fulfill(status=400, json=refusal))
    chat.say("first")
    chat.text.fill("second")
    chat.log.get_by_role("button").click()

    expect(chat.text).to_have_value("first\nsecond")
    chat.window.forgive()


def test_without_websockets_the_chat_goes_on(open_window: OpenWindow) -> None:
    window = open_window()
    window.page.route_web_socket("**/ws/support/visitor/", lambda socket: socket.close())
    chat = Chat(window)
    chat.open()
    for body in ("first", "second", "third"):
        chat.say(body)
        chat.expect_sent(body)

    expect(chat.log.locator(".mine .bubble")).to_have_text(["first", "second", "third"])


def test_an_event_that_was_lost_on_the_way_is_asked_for_again(open_window: OpenWindow) -> None:
    window, way = open_window(), LossyWay()
    window.page.route_web_socket("**/ws/support/visitor/", way.lead)
    chat = Chat(window)
    chat.open()
    chat.say("first")
    chat.expect_sent("first")
    # The first message makes the conversation over HTTP; what follows comes through the socket.
    wait_until(window.page, lambda: way.is_live)
    for body in ("second", "third"):
        chat.say(body)
        chat.expect_sent(body)

    expect(chat.log.locator(".mine[data-seq] .bubble")).to_have_text(["first", "second", "third"])
    assert way.events.count(way.events[0]) == 2


class LossyWay:
    """From the server to a page: the first event is lost on it."""

    def __init__(self) -> None:
        self.is_live = False
        self.events: list[int] = []

    def lead(self, socket: WebSocketRoute) -> None:
        socket.connect_to_server().on_message(lambda frame: self._pass_on(socket, frame))

    def _pass_on(self, socket: WebSocketRoute, frame: str | bytes) -> None:
        message = json.loads(frame)
        self.is_live |= message["type"] == "caught_up"
        if message["type"] == "event":
            self.events.append(message["seq"])
            if len(self.events) == 1:
                return
        socket.send(frame)


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "It did not come about."
        page.wait_for_timeout(50)


def test_a_revoked_token_begins_a_new_conversation(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("before")
    chat.expect_sent("before")
    chat.page.evaluate("""() => {
      const key = Object.keys(localStorage).find((name) => name.endsWith(":token"));
      localStorage.setItem(key, "revoked");
    }""")
    chat.page.reload()
    chat.open()
    chat.say("after")

    chat.expect_sent("after")
    expect(chat.log.locator(".mine")).to_have_count(1)
    chat.window.forgive()


def test_what_anybody_writes_is_text_and_addresses_are_links(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("<img src=x onerror=alert(1)> see https://shop.example/a?b=1. javascript:alert(1)")

    chat.expect_sent("<img src=x onerror=alert(1)>")
    bubble = chat.log.locator(".mine .bubble")
    expect(bubble.locator("img")).to_have_count(0)
    expect(bubble.get_by_role("link")).to_have_count(1)
    expect(bubble.get_by_role("link")).to_have_attribute("href", "https://shop.example/a?b=1")


def test_a_text_that_is_too_long_says_by_how_much(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    send = chat.panel.get_by_role("button", name="Send", exact=True)
    chat.text.fill("a" * 9_500)
    expect(chat.panel.get_by_text("Characters left: 500")).to_be_visible()
    chat.text.fill("a" * 10_001)

    expect(chat.panel.get_by_text("Too long by 1 characters")).to_be_visible()
    expect(send).to_be_disabled()
    chat.text.fill("a" * 10_000)
    chat.text.press("Enter")
    chat.expect_sent("a" * 10_000)


def test_the_conversation_can_be_kept_as_a_file(open_window: OpenWindow, tmp_path: Path) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Please write this down.")
    chat.expect_sent("Please write this down.")

    with chat.page.expect_download() as download:
        chat.panel.get_by_role("button", name="Download the conversation").click()
    download.value.save_as(tmp_path / "kept.txt")

    assert "Please write this down." in (tmp_path / "kept.txt").read_text()


@pytest.mark.parametrize(("width", "height"), [(NARROW, 800), (800, NARROW)])
def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(
    open_window: OpenWindow, width: int, height: int
) -> None:
    chat = Chat(open_window())
    chat.page.set_viewport_size({"width": width, "height": height})
    chat.open()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": width, "height": height}
    for _ in range(8):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.localName") in ("berth-support", "body")

    chat.page.keyboard.press("Escape")

    expect(chat.launcher).to_be_focused()


def test_arabic_runs_from_right_to_left(open_window: OpenWindow) -> None:
    chat = Chat(open_window(), language="ar")
    expect(chat.launcher).to_have_accessible_name("تحدث معنا")
    launcher = chat.launcher.bounding_box()
    assert launcher is not None
    assert launcher["x"] < 100
    chat.open()
    chat.say("أين طلبي؟")

    expect(chat.mine("أين طلبي؟").locator(".state")).to_have_text("أُرسلت")
    mine, panel = chat.mine("أين طلبي؟").bounding_box(), chat.panel.bounding_box()
    assert mine is not None
    assert panel is not None
    assert mine["x"] - panel["x"] < 40
    chat.window.photograph("widget-arabic")


def test_another_site_with_a_strict_policy_carries_it(open_window: OpenWindow) -> None:
    window = open_window()
    with other_site(window.site.address) as address:
        chat = Chat(window, address=address)
        chat.open()
        chat.say("Hello from elsewhere")
        chat.expect_sent("Hello from elsewhere")
        chat.say("and over the socket")

        chat.expect_sent("and over the socket")
        assert chat.launcher.evaluate("button => getComputedStyle(button).position") == "fixed"


def test_signing_in_keeps_the_conversation_and_signing_out_leaves_nothing(open_window: OpenWindow) -> None:
    window = open_window()
    with other_site(window.site.address) as address:
        chat = Chat(window, address=address)
        chat.open()
        chat.say("Before I signed in")
        chat.expect_sent("Before I signed in")

        for place, count in ((SIGNED_IN, 1), ("", 0), (SIGNED_IN, 1)):
            chat = Chat(window, address=f"{address}{place}")
            chat.open()
            expect(chat.status).to_have_text(re.compile("here"))
            expect(chat.log.locator(".mine")).to_have_count(count)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_open_chat_is_for_everybody(open_window: OpenWindow, colours: Colours, width: int) -> None:
    language = {"light": "en", "dark": "ar"}[colours]
    chat = Chat(open_window(width=width, colours=colours), language=language)
    found = {"closed": violations(chat.window)}
    chat.open()
    found["open"] = violations(chat.window)
    for place, body in enumerate(("Where is my refund?", "https://shop.example/lamp does not glow")):
        chat.say(body)
        expect(chat.log.locator(".line, .note:not(.day)")).to_have_count(2 + 2 * place)
        found[body] = violations(chat.window)
        chat.window.photograph(f"widget-{place}-{colours}-{width}")

    assert not any(found.values()), found
    assert not chat.window.is_too_wide
