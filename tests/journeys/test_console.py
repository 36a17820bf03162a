"""An agent at the console, by keyboard; two agents at one conversation."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.browser import NARROW, Window
from tests.journeys.conftest import Colours, OpenWindow
from tests.journeys.test_accessibility import LOOKS, faults, faults_by_width

pytestmark = pytest.mark.xdist_group("journeys")


def open_by_keyboard(window: Window, name: str) -> Page:
    """Search, go down to the first found and open it, without a pointer."""
    page = window.page
    window.go("/support/?list=open")
    page.keyboard.press("/")
    page.keyboard.type("parcel")
    # Wim wrote of no parcel: once he is gone, the list holds what was found.
    expect(page.locator("[data-row]").filter(has_text="Wim")).to_have_count(0)
    page.keyboard.press("Escape")
    for _ in range(30):
        page.keyboard.press("j")
        # In one step, for the list may be read anew between two.
        if page.evaluate("name => document.activeElement.innerText.includes(name)", name):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page


def take(page: Page) -> None:
    page.keyboard.press("t")
    expect(page.locator("#talk-head")).to_contain_text("yours")


def test_an_agent_answers_by_keyboard_alone(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Nora")
    take(page)
    box = page.get_by_role("combobox", name="Your reply")
    with page.expect_response("**/draft/"):
        page.keyboard.press("1")
        expect(box).to_have_value(re.compile("^Hi {{customer_name}}, order {{order_id}} is on its way"))
        page.keyboard.press("Control+Enter")
    expect(page.locator("#draft-state")).to_have_text("Fill in what stands in braces first")
    page.keyboard.press("Control+a")
    page.keyboard.type("It arrives tomorrow.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#thread-entries .bubble-agent")).to_contain_text("It arrives tomorrow.")
    expect(page.locator("#pending li")).to_have_count(0)
    expect(box).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("1")
    expect(page.locator("#talk-head")).to_contain_text("resolved: answered")
    expect(page.locator("#send")).to_be_disabled()


def test_two_keys_correct_an_intent(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Omar")
    page.keyboard.press("c")
    page.keyboard.press("1")
    expect(page.locator("#why")).to_contain_text("agent says that it is “Return an item”")

    page.keyboard.press("c")
    page.keyboard.type("refund st")
    page.keyboard.press("Enter")
    expect(page.locator("#why")).to_contain_text("agent says that it is “Refund status”")
    expect(page.locator("#answer-1")).to_contain_text("Refund status")


def test_enter_that_ends_what_an_input_method_composed_chooses_nothing_in_safari(
    open_window: OpenWindow,
) -> None:
    page = open_by_keyboard(open_window("agent"), "Noel")
    taken = {"key": "Enter", "keyCode": 229, "isComposing": False}
    page.keyboard.press("c")
    page.keyboard.type("refund st")
    page.locator("#correct-q").dispatch_event("keydown", taken)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("r")
    page.keyboard.type("/th")
    page.locator("#reply").dispatch_event("keydown", taken)
    expect(page.locator("#reply")).to_have_value("/th")
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_have_value("Thank you for your patience.")


def test_two_agents_see_each_other_and_one_of_them_takes_it(open_window: OpenWindow) -> None:
    first = open_by_keyboard(open_window("agent"), "Petra")
    second = open_by_keyboard(open_window("agent2"), "Petra")
    expect(first.locator("#also-here")).to_contain_text("Looking at this conversation too: agent2")
    first.keyboard.press("r")
    first.keyboard.type("Hello Petra, ")
    expect(second.locator("#also-here")).to_contain_text("Writing to this customer right now: agent")

    take(second)

    expect(first.locator("#composer-state")).to_contain_text("agent2 has this conversation")
    expect(first.locator("#composer-state [data-draft]")).to_be_visible()
    expect(first.locator("#send")).to_be_disabled()
    first.keyboard.press("Control+Enter")
    expect(first.get_by_role("combobox", name="Your reply")).to_have_value("Hello Petra, ")
    expect(first.locator("#draft-state")).to_have_text("Draft saved")
    first.reload()
    expect(first.get_by_role("combobox", name="Your reply")).to_have_value("Hello Petra, ")


def test_a_draft_that_was_kept_only_after_the_page_was_read_is_in_it(open_window: OpenWindow) -> None:
    window = open_window("agent")
    page = open_by_keyboard(window, "Ulla")
    page.keyboard.press("r")
    page.keyboard.type("Half a thought")
    expect(page.locator("#draft-state")).to_have_text("Draft saved")

    def read_before(route: Route) -> None:
        response = route.fetch()
        is_page = route.request.resource_type == "document"
        body = response.text()
        route.fulfill(response=response, body=body.replace("Half a thought", "") if is_page else body)

    page.route("**/support/conversations/**", read_before)
    page.reload()
    expect(page.get_by_role("combobox", name="Your reply")).to_have_value("Half a thought")
    # Sockets that were being opened when the page went.
    window.forgive()


def test_t_says_who_has_it_and_what_is_said_covers_no_button(open_window: OpenWindow) -> None:
    take(open_by_keyboard(open_window("agent2"), "Xaver"))
    page = open_by_keyboard(open_window("agent"), "Xaver")
    expect(page.locator("#composer-state [data-draft]")).to_be_hidden()
    page.keyboard.press("t")

    says = page.locator("#desk-says")
    expect(says).to_have_text("agent2 has this conversation.")
    told, send = says.bounding_box(), page.locator("#composer").bounding_box()
    assert told is not None
    assert send is not None
    assert told["y"] + told["height"] <= send["y"]


def test_what_happens_elsewhere_is_shown_without_a_reload(open_window: OpenWindow) -> None:
    watching = open_window("agent2").page
    watching.goto(f"{open_window('agent2').site.address}/support/")
    row = watching.locator("[data-row]").filter(has_text="Samir")
    expect(row).to_be_visible()
    page = open_by_keyboard(open_window("agent"), "Samir")
    take(page)

    expect(row).to_have_count(0)
    page.keyboard.press("n")
    page.keyboard.type("The carrier knows of it.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bubble-note")).to_contain_text("The carrier knows of it.")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#people")).to_contain_text("agent2 here")
    page.keyboard.press("1")
    expect(page.locator("#talk-head")).to_contain_text("agent2")
    expect(watching.locator("#desk-says")).to_have_text("A conversation was given to you: it is under Mine.")


def tag_as(page: Page, name: str) -> None:
    page.keyboard.press("l")
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def test_canned_replies_tags_and_snoozing_have_keys(open_window: OpenWindow) -> None:
    page = open_by_keyboard(open_window("agent"), "Tove")
    take(page)
    page.keyboard.press("r")
    page.keyboard.type("/th")
    expect(
        page.get_by_role("listbox", name="Canned replies").get_by_role("option", selected=True)
    ).to_contain_text("/thanks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Your reply")).to_have_value("Thank you for your patience.")
    page.keyboard.press("Escape")
    tag_as(page, "Late parcel")
    expect(page.locator("#context")).to_contain_text("late-parcel")

    page.keyboard.press("s")
    page.keyboard.press("3")
    expect(page.locator("#talk-head")).to_contain_text("snoozed")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.locator("[data-row]").filter(has_text="Tove")).to_be_visible()


def test_the_original_is_one_key_away_and_stays_while_the_page_lives(open_window: OpenWindow) -> None:
    page = open_window("agent").page
    window = open_window("agent")
    page = window.page
    window.go("/support/?q=money")
    page.locator("[data-row]").filter(has_text="Vera Holm").click()
    expect(page.locator("#thread-entries")).to_contain_text("[CARD]")
    page.keyboard.press("o")
    expect(page.locator("#thread-entries")).to_contain_text("4111 1111 1111 1111")

    page.locator("#thread-live").evaluate("element => element.dispatchEvent(new Event('stream-grew'))")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#thread-entries")).to_contain_text("4111 1111 1111 1111")


def test_an_auditor_reads_masked_and_has_no_keys_that_act(open_window: OpenWindow) -> None:
    window = open_window("auditor")
    page = window.page
    window.go("/support/?list=open&q=money")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-entries")).to_contain_text("[CARD]")

    for key in "trnxsceo1":
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#talk-head")).to_contain_text("in the queue")


def test_on_a_phone_one_thing_is_shown_at_a_time_with_a_way_back(open_window: OpenWindow) -> None:
    window = open_window("agent", width=NARROW)
    page = window.page
    window.go("/support/?q=money")
    page.locator("[data-row]").filter(has_text="Vera Holm").click()
    expect(page.locator("#desk-list")).to_be_hidden()
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_role("heading", name="Nearest labelled questions")).to_be_visible()
    expect(page.locator("#thread")).to_be_hidden()

    page.get_by_role("button", name="Conversation").click()
    page.get_by_role("link", name="Lists").click()
    expect(page.locator("[data-row]").first).to_be_visible()
    assert not window.is_too_wide


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_console_is_for_everybody(open_window: OpenWindow, colours: Colours) -> None:
    language, width = LOOKS[colours]
    window = open_window("agent2", width=width, colours=colours, language=language)
    page = window.page
    window.go("/support/?list=open&q=money")
    found = faults_by_width(window, f"console-list-{colours}")
    page.locator("[data-row]").filter(has_text="Vera Holm").click()
    expect(page.locator("#thread")).to_contain_text("[CARD]")
    found |= faults_by_width(window, f"console-{colours}")
    for name in ("correct", "resolve", "tag", "keys"):
        page.locator(f"#dialog-{name}").evaluate("dialog => dialog.showModal()")
        found |= faults_by_width(window, f"console-{name}-{colours}")
        page.keyboard.press("Escape")
    window.resize(NARROW)
    page.locator("#do-details").click()
    found["details"] = faults(window)

    assert not any(found.values()), found


def test_question_mark_lists_the_keys(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.go("/support/")
    window.page.keyboard.press("?")
    expect(window.page.get_by_role("dialog", name="Keys")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("dialog", name="Keys")).to_be_hidden()
