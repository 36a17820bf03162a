"""The chat on pages that other people wrote: their rules, their shortcuts, their ways to turn a page."""

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.chat import Chat
from tests.journeys.conftest import OpenWindow
from tests.journeys.other_site import MODULE, WITHOUT_SOCKETS, other_site
from tests.journeys.test_widget import LOST, wait_until

pytestmark = pytest.mark.xdist_group("journeys")
ROUGH_RULES = """() => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(`* { letter-spacing: 4px; text-transform: uppercase; user-select: none }
    body { display: flex; flex-direction: column; gap: 40px }
    body > * { padding: 30px; border: 3px solid; transform: translateY(0) }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
}"""
SEARCH_SHORTCUT = """() => document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !["INPUT", "TEXTAREA"].includes(event.target.tagName)) event.preventDefault();
})"""
# As Turbo does: the page is kept as a copy, and the next one's body takes the place of this one's.
TURN = """() => {
  window.kept = document.body.cloneNode(true);
  document.body.replaceWith(Object.assign(document.createElement("body"), { textContent: "Next" }));
}"""
# As htmx does: the contents change, and the scripts among them run.
FILL = """(address) => {
  document.body.replaceChildren(Object.assign(document.createElement("script"), { src: address }));
}"""
COUNT_PAUSES = """() => {
  const wait = window.setTimeout;
  window.pauses = 0;
  window.setTimeout = (...what) => ((window.pauses += 1), wait(...what));
}"""


def test_rules_for_any_element_of_the_page_do_not_reach_it(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.page.evaluate(ROUGH_RULES)
    chat.open()
    looks = chat.panel.locator("h2").evaluate("""(title) => {
      const { letterSpacing, textTransform, userSelect } = getComputedStyle(title);
      return [letterSpacing, textTransform, userSelect];
    }""")
    height = "document.body.scrollHeight"
    with_chat = chat.page.evaluate(height)
    chat.element.evaluate("(element) => element.remove()")

    assert looks == ["normal", "none", "text"]
    assert with_chat == chat.page.evaluate(height)


def test_shortcuts_of_the_page_take_nothing_of_what_is_typed(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.page.evaluate(SEARCH_SHORTCUT)
    chat.open()
    chat.page.keyboard.type("130 km/h")

    expect(chat.text).to_have_value("130 km/h")


def test_enter_that_ends_what_an_input_method_composed_sends_nothing_in_safari(
    open_window: OpenWindow,
) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.text.fill("nihao")
    chat.text.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": False})

    expect(chat.text).to_have_value("nihao")
    chat.text.press("Enter")
    chat.expect_sent("nihao")


def test_it_comes_along_where_a_page_swaps_its_body(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    script = chat.page.locator("script[src$='widget.js']").get_attribute("src")
    chat.open()
    chat.say("before")
    chat.expect_sent("before")

    for turn in (TURN, "() => document.body.replaceWith(window.kept)", FILL):
        chat.page.evaluate(turn, script)
        expect(chat.mine("before")).to_be_visible()
    expect(chat.element).to_have_count(1)
    chat.say("after")
    chat.expect_sent("after")


def test_a_module_of_the_page_carries_it(open_window: OpenWindow) -> None:
    window = open_window()
    with other_site(window.site.address) as address:
        chat = Chat(window, address=f"{address}{MODULE}")
        chat.open()
        chat.say("Out of a module")

        chat.expect_sent("Out of a module")


def test_where_the_page_forbids_sockets_the_chat_goes_on(open_window: OpenWindow) -> None:
    window = open_window()
    with other_site(window.site.address) as address:
        chat = Chat(window, address=f"{address}{WITHOUT_SOCKETS}")
        chat.open()
        for body in ("first", "second"):
            chat.say(body)
            chat.expect_sent(body)
        window.page.goto("about:blank")  # which tries no other socket
        window.forgive()


def test_what_is_told_on_the_way_to_the_socket_is_marked_as_read(open_window: OpenWindow) -> None:
    window, frames = open_window(), list[str]()
    window.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame)))
    )
    chat = Chat(window)
    chat.open()
    chat.say("first")
    chat.expect_sent("first")

    wait_until(chat.page, lambda: any('"read"' in frame for frame in frames))


def test_another_conversation_is_told_from_its_beginning(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    site = f"{chat.window.site.address}/support/widget"
    chat.open()
    chat.say("of before")
    chat.expect_sent("of before")
    chat.window.context.set_offline(True)
    token = chat.page.request.post(f"{site}/session", data={}).json()["token"]
    for number in range(4):
        data = {"client_id": f"c-{number}", "body": f"number {number}"}
        chat.page.request.post(f"{site}/messages", data=data, headers={"Authorization": f"Bearer {token}"})
    chat.page.evaluate(f"""() => {{
      const key = Object.keys(localStorage).find((name) => name.endsWith(":token"));
      localStorage.setItem(key, {json.dumps(token)});
    }}""")
    chat.window.context.set_offline(False)

    expect(chat.log.locator(".mine .bubble")).to_have_text([f"number {number}" for number in range(4)])
    chat.window.forgive()


def test_a_page_that_the_site_keeps_for_no_network_is_no_receipt(open_window: OpenWindow) -> None:
    chat, answered = Chat(open_window()), list[str]()

    def answer(route: Route) -> None:
        answered.append(route.request.method)
        route.fulfill(content_type="text/html", body="<h1>You are offline</h1>")

    messages = re.compile("/support/widget/messages$")
    chat.page.route(messages, answer)
    chat.open()
    chat.say("Do you keep this?")
    wait_until(chat.page, lambda: bool(answered))
    chat.page.unroute(messages)
    chat.page.reload()
    chat.open()

    chat.expect_sent("Do you keep this?")


def test_without_a_network_it_says_so_and_rests(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.page.evaluate(COUNT_PAUSES)
    chat.window.context.set_offline(True)
    chat.open()
    expect(chat.status).to_contain_text(LOST)
    chat.say("Until there is one")
    chat.page.wait_for_timeout(300)

    assert chat.page.evaluate("window.pauses") < 10
    chat.window.forgive()


def test_where_an_app_has_no_storage_it_works_as_long_as_the_page(open_window: OpenWindow) -> None:
    window = open_window()
    window.page.add_init_script("Object.defineProperty(window, 'localStorage', { value: null })")
    chat = Chat(window)
    chat.open()
    chat.say("From an app")

    chat.expect_sent("From an app")
    chat.page.route(re.compile("/support/widget/transcript$"), lambda route: route.abort())
    chat.panel.get_by_role("button", name="Download the conversation").click()
    expect(chat.log.get_by_text("That did not work. Try again in a moment.")).to_be_visible()
    window.forgive()


def test_a_message_bears_the_time_at_which_it_arrived_whatever_the_device_says(
    open_window: OpenWindow,
) -> None:
    chat = Chat(open_window())
    chat.page.clock.set_fixed_time(datetime.now(UTC) - timedelta(days=40, hours=3))
    wrong = chat.page.evaluate("new Date().toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })")
    chat.open()
    chat.say("What time is it?")
    chat.expect_sent("What time is it?")

    expect(chat.mine("What time is it?").locator("time")).not_to_have_text(wrong)
    day = chat.page.evaluate(
        "(time) => new Date(time).toLocaleDateString('en', { month: 'long' })", time.time() * 1000
    )
    expect(chat.log.locator(".day")).to_have_count(1)
    expect(chat.log.locator(".day")).to_contain_text(day)


def test_texts_that_could_not_be_loaded_are_asked_for_again(open_window: OpenWindow) -> None:
    window, asked = open_window(), list[str]()

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        elif len(asked) == 2:
            route.fulfill(status=503, json={"error": {"code": "busy"}})
        else:
            route.fallback()

    window.page.route(re.compile("/support/widget/texts/"), answer)
    chat = Chat(window)
    chat.open()

    assert len(asked) == 3
    window.forgive()
