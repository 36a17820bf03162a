"""The console while what is clicked changes under the hand, and a customer who is erased."""

import re

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.journeys.browser import NARROW
from tests.journeys.chat import Chat
from tests.journeys.conftest import OpenWindow
from tests.journeys.test_accessibility import violations
from tests.journeys.test_console import open_by_keyboard, tag_as
from tests.journeys.test_support import open_row

pytestmark = pytest.mark.xdist_group("journeys")
ONE_CONVERSATION = re.compile(r"/conversations/[0-9a-f-]{36}/\?")


def grow(page: Page, line: str) -> None:
    """As if there were news on that line."""
    page.locator(line).evaluate("element => element.dispatchEvent(new Event('stream-grew'))")


def hold_the_first(page: Page, address: re.Pattern[str]) -> list[Route]:
    """Of the requests to there the first gets no answer before the journey lets it go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(address, hold)
    return held


def test_a_click_that_waits_for_a_refresh_is_not_lost_with_its_button(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Yara")
    held = hold_the_first(page, re.compile("/live/"))
    with page.expect_request("**/live/*"):
        grow(page, "#thread-live")
    page.keyboard.press("t")
    held[0].continue_()

    expect(page.locator("#talk-head")).to_contain_text("yours")


def test_a_correction_that_waits_for_a_refresh_is_not_lost_with_its_form(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Dora")
    held = hold_the_first(page, re.compile("/live/"))
    with page.expect_request("**/live/*"):
        grow(page, "#thread-live")
    page.keyboard.press("c")
    page.keyboard.press("1")
    held[0].continue_()

    expect(page.locator("#why")).to_contain_text("agent says that it is “Return an item”")
    expect(page.get_by_role("dialog")).to_have_count(0)


def correct_while_the_customer_goes_on(open_window: OpenWindow, question: str) -> Page:
    """What it was is searched for while another message is judged."""
    chat = Chat(open_window())
    chat.open()
    chat.say(question)
    expect(chat.log).to_contain_text("You are in the queue.")
    desk = open_row(open_window("agent"), question)
    desk.keyboard.press("c")
    desk.keyboard.type("refund")
    chat.say("Where is my refund?")
    expect(desk.locator(".why-said")).to_contain_text("Where is my refund?")
    return desk


def test_a_correction_is_of_the_message_that_it_was_begun_for(open_window: OpenWindow) -> None:
    desk = correct_while_the_customer_goes_on(open_window, "Is the butter dish heavy?")
    expect(desk.get_by_role("dialog")).to_contain_text("Is the butter dish heavy?")
    desk.keyboard.press("Enter")
    expect(desk.locator("#correct-form")).to_contain_text("Where is my refund?")

    desk.locator("[data-why]").first.click()
    expect(desk.locator("#why")).to_contain_text("agent says that it is “Refund status”")


def test_a_correction_that_was_not_made_leaves_the_latest_message_to_correct(open_window: OpenWindow) -> None:
    desk = correct_while_the_customer_goes_on(open_window, "Is the milk jug light?")
    desk.keyboard.press("Escape")

    expect(desk.locator("#correct-form")).to_contain_text("Where is my refund?")


def test_the_focus_stays_near_a_button_that_is_gone(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Edda")
    expect(page.locator(".talk .desk-due")).to_have_attribute("title", re.compile(r"\d"))
    expect(page.locator(".desk-row .desk-due").first).to_have_attribute(
        "title", re.compile(r"^answer due: .*\d")
    )
    page.locator("#do-take").press("Enter")
    expect(page.locator("#thread")).to_be_focused()

    tag_as(page, "Late parcel")
    page.get_by_role("button", name="Remove the tag late-parcel").press("Enter")
    expect(page.locator("#do-tag")).to_be_focused()


def test_the_focus_stays_where_the_row_was_that_is_gone(open_window: OpenWindow) -> None:
    window = open_window("agent2")
    window.go("/support/?list=open&q=parcel")
    page = window.page
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    gone = rows.nth(1).get_attribute("data-row")

    def without_it(route: Route) -> None:
        route.fulfill(
            body=route.fetch().text().replace(f'data-row="{gone}"', "hidden").replace(f"row-{gone}", "x")
        )

    page.route("**/support/conversations/?*", without_it)
    grow(page, "#desk-live")

    expect(page.locator(f'[data-row="{gone}"]')).to_have_count(0)
    expect(rows.nth(1)).to_be_focused()


def test_what_is_open_is_read_where_it_is_on_the_screen(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Ivar")
    row = page.locator('[data-row][aria-current="true"]')
    with page.expect_response("**/support/conversations/?*"):
        grow(page, "#desk-live")
    expect(row).to_be_visible()
    expect(row).not_to_have_class(re.compile("is-unread"))

    page.set_viewport_size({"width": NARROW, "height": 844})
    page.get_by_role("link", name="Lists").click()
    grow(page, "#desk-live")
    expect(row).to_have_class(re.compile("is-unread"))


def test_a_row_that_waits_opens_though_its_list_was_read_anew(open_window: OpenWindow) -> None:
    window = open_window("agent2")
    window.go("/support/?list=open&q=parcel")
    page = window.page
    rows, held = page.locator("[data-row]"), hold_the_first(page, ONE_CONVERSATION)
    with page.expect_request(ONE_CONVERSATION):
        rows.filter(has_text="Uma").click()
    rows.filter(has_text="Bela").click()
    with page.expect_response("**/support/conversations/?*"):
        grow(page, "#desk-live")
    held[0].continue_()

    expect(page.get_by_role("heading", name="Bela")).to_be_visible()


def test_what_is_typed_while_a_conversation_comes_is_in_it(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Ivar")
    held = hold_the_first(page, ONE_CONVERSATION)
    with page.expect_request(ONE_CONVERSATION):
        page.locator("[data-row]").filter(has_text="Gero").click()
    page.keyboard.press("n")
    page.keyboard.type("Call them")
    held[0].continue_()

    expect(page.locator("#reply")).to_have_value("Call them")


def test_the_console_is_as_long_as_its_window(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.go("/support/?list=open")

    assert window.page.evaluate("document.documentElement.scrollHeight === innerHeight")


def test_replies_and_notes_arrive_in_the_order_in_which_they_were_written(open_window: OpenWindow) -> None:
    window = open_window("agent")
    page = open_by_keyboard(window, "Cleo")
    page.keyboard.press("t")
    expect(page.locator("#talk-head")).to_contain_text("yours")
    page.route("**/reply/", lambda route: route.abort(), times=1)

    for mode, text in (("r", "First."), ("n", "Between."), ("r", "Last.")):
        page.keyboard.press("Escape")
        page.keyboard.press(mode)
        page.keyboard.type(text)
        page.keyboard.press("Control+Enter")

    expect(page.locator("#pending li")).to_have_count(0)
    told = page.locator("#thread-entries").locator(".bubble-agent, .bubble-note").locator(".bubble-text")
    expect(told).to_have_text(["First.", "Between.", "Last."])
    window.complaints.clear()


def test_what_an_answer_became_is_told_though_one_looked_elsewhere_meanwhile(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Jona")
    page.keyboard.press("t")
    expect(page.locator("#talk-head")).to_contain_text("yours")
    with page.expect_response("**/draft/"):
        page.keyboard.press("2")
    for name in ("Hana", "Jona"):
        page.locator("[data-row]").filter(has_text=name).click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()

    page.keyboard.press("r")
    page.keyboard.type(" Bye!")
    with page.expect_request("**/reply/") as told:
        page.keyboard.press("Control+Enter")
    assert "intent=return_item&inserted=You+have+30+days" in (told.value.post_data or "")


def test_what_was_sent_from_another_window_is_a_draft_no_more(open_window: OpenWindow) -> None:
    first = open_by_keyboard(open_window("agent"), "Kaia")
    first.keyboard.press("t")
    expect(first.locator("#talk-head")).to_contain_text("yours")
    first.keyboard.press("r")
    first.keyboard.type("It left today.")
    expect(first.locator("#draft-state")).to_have_text("Draft saved")
    second = open_by_keyboard(open_window("agent"), "Kaia")
    second.keyboard.press("r")
    second.keyboard.press("Control+Enter")

    expect(first.locator("#thread-entries .bubble-agent")).to_have_count(1)
    expect(first.locator("#reply")).to_have_value("")
    expect(first.locator("#draft-state")).to_have_text("")


def test_earlier_messages_come_above_what_one_reads(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.go("/support/?list=resolved&q=ladder")
    page = window.page
    page.locator("[data-row]").filter(has_text="Lena").click()
    page.locator("#thread").evaluate("thread => { thread.scrollTop = 0; }")
    read = page.get_by_text("Rung 20 of the ladder")
    before = read.bounding_box()
    page.get_by_role("button", name="Show earlier messages").click()

    expect(page.get_by_text("Rung 0 of the ladder")).to_be_attached()
    assert read.bounding_box() == before


def test_a_lead_erases_a_customer_by_keyboard(open_window: OpenWindow) -> None:
    window = open_window("lead")
    page = open_by_keyboard(window, "Zoe")
    page.locator("#do-erase").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Erase this customer?")
    expect(dialog).to_contain_text("what was said in 1 conversation")
    expect(dialog.get_by_role("button", name="Keep the customer")).to_be_focused()
    assert violations(window) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#erased")).to_be_focused()
    expect(page.locator(".desk-main")).not_to_contain_text("Where is my parcel?")
    assert violations(window) == []


def test_a_note_that_was_begun_is_there_again_and_is_not_lost_with_the_page(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Gero")
    page.keyboard.press("n")
    page.keyboard.type("Ask the carrier")
    page.locator("[data-row]").filter(has_text="Hana").click()
    expect(page.get_by_role("heading", name="Hana")).to_be_visible()
    expect(page.locator("#reply")).to_have_value("")
    page.locator("[data-row]").filter(has_text="Gero").click()
    expect(page.locator("#reply")).to_have_value("Ask the carrier")

    asked: list[str] = []

    def go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go)
    page.reload()
    assert asked == ["beforeunload"]


def test_no_list_is_cut_off_on_a_full_desk(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.go("/support/?list=open")
    tabs = window.page.locator(".desk-tabs")
    full = """(tabs, counts) => tabs.querySelectorAll("a").forEach((tab, place) => {
        tab.innerHTML = `${tab.childNodes[0].textContent} ${counts[place]}`;
    })"""
    count = '<span class="desk-count number">{}</span>'.format
    tabs.evaluate(full, [count(12), count(23), count(4), count(85), ""])
    assert tabs.evaluate("tabs => new Set([...tabs.children].map(tab => tab.offsetTop)).size") == 1

    tabs.evaluate(full, [count(128)] * 5)
    assert tabs.evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth")
