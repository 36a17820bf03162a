"""A customer and the people behind the chat: an answer, a person, a rating; in both languages."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import Window
from tests.journeys.chat import Chat
from tests.journeys.conftest import OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")
PATIENT_MILLISECONDS = 15_000
REFUND = "Refunds reach your account within five working days."


def test_a_customer_gets_an_answer_says_that_it_helped_and_rates_it(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Where is my refund?")
    expect(chat.log.locator(".bot .bubble")).to_have_text(REFUND)
    chat.window.photograph("widget-answer")

    chat.panel.get_by_role("group", name="Did this answer your question?").get_by_text("Yes").click()

    rating = chat.panel.get_by_role("radiogroup", name="How did we do?")
    expect(rating).to_be_visible()
    chat.window.photograph("widget-rating")
    chat.say("Thank you!")
    expect(chat.mine("Thank you!")).to_be_visible()
    rating.get_by_label("4 of 5").check(force=True)
    chat.panel.get_by_label("What should we know?").fill("Quick.")
    chat.panel.get_by_role("button", name="Send the rating").click()
    expect(chat.log).to_contain_text("Thank you for your rating.")
    expect(rating).to_have_count(0)


def open_row(window: Window, text: str) -> Page:
    """An agent goes down the queue to the conversation with this text, and opens it, by keyboard."""
    window.go("/support/")
    row = window.page.locator("[data-row]").filter(has_text=text)
    expect(row).to_be_visible()
    for _ in range(30):
        window.page.keyboard.press("j")
        if row.evaluate("element => element === document.activeElement"):
            break
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#thread-entries")).to_contain_text(text)
    return window.page


def take_and_reply(desk: Page) -> None:
    desk.keyboard.press("t")
    expect(desk.locator("#talk-head")).to_contain_text("yours", timeout=PATIENT_MILLISECONDS)
    desk.keyboard.press("r")
    expect(desk.get_by_role("combobox", name="Your reply")).to_be_focused()


def open_chat_with_a_question_for_people(window: Window) -> Chat:
    chat = Chat(window)
    chat.open()
    chat.say("Does the teapot like dishwashers?")
    expect(chat.log).to_contain_text("You are in the queue.")
    return chat


def test_what_the_bot_does_not_know_goes_to_a_person_who_answers_by_keyboard(open_window: OpenWindow) -> None:
    chat = open_chat_with_a_question_for_people(open_window())
    desk = open_row(open_window("agent"), "teapot")
    take_and_reply(desk)
    expect(chat.log).to_contain_text("agent has joined the conversation.")
    expect(chat.status).to_have_text("agent is here")
    desk.keyboard.type("It does, on the upper rack.")
    expect(chat.panel).to_contain_text("agent is typing…")
    chat.window.photograph("widget-agent")
    desk.keyboard.press("Control+Enter")

    reply = chat.log.locator(".agent .bubble")
    expect(reply).to_have_text("It does, on the upper rack.")
    expect(chat.mine("teapot").locator(".state")).to_have_text("Read")
    expect(desk.locator("[data-seen]:visible")).to_have_count(1)
    chat.say("Thank you!")
    expect(desk.locator("#thread-entries")).to_contain_text("Thank you!")
    chat.say("Where is my refund?")
    expect(desk.locator("#answer-1")).to_contain_text(REFUND)
    expect(chat.log.locator(".bot .bubble")).to_have_count(0)


def test_only_who_answers_is_said_to_be_here(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Is the ash stool varnished?")
    owner, colleague = open_window("agent"), open_window("agent2")
    take_and_reply(open_row(owner, "ash stool"))
    expect(chat.status).to_have_text("agent is here")
    colleague.go(owner.path)
    expect(owner.page.locator("#also-here")).to_contain_text("agent2")
    owner.go("/")

    expect(chat.status).to_have_text("We are here for you")
    expect(colleague.page.locator("#customer-here")).to_be_visible()


def test_after_a_person_the_customer_is_asked_whether_it_is_solved(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Is the sugar bowl glazed?")
    desk = open_row(open_window("agent"), "sugar bowl")
    take_and_reply(desk)
    desk.keyboard.type("It is.")
    desk.keyboard.press("Control+Enter")
    expect(chat.log.locator(".agent .bubble")).to_have_text("It is.")
    desk.keyboard.press("Escape")
    desk.keyboard.press("e")
    desk.keyboard.press("1")
    solved = chat.panel.get_by_role("group", name="Did this answer your question?")
    expect(chat.panel.get_by_role("radiogroup", name="How did we do?")).to_be_visible()
    chat.window.photograph("widget-resolved")
    solved.get_by_text("Yes").click()
    expect(solved).to_have_count(0)
    expect(chat.panel.get_by_role("radiogroup", name="How did we do?")).to_be_visible()


def test_while_nobody_is_there_a_form_becomes_a_ticket(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open_while_nobody_is_there()
    chat.panel.get_by_role("button", name="Talk to a person").click()
    form = chat.panel.locator("form.card")
    expect(form.get_by_role("heading")).to_be_focused()
    chat.window.photograph("widget-form")
    fill_form(form, "Ines", "The walnut table wobbles.")

    expect(chat.panel.get_by_role("status").filter(has_text="ines@shop.example")).to_be_visible()
    desk = open_row(open_window("agent"), "walnut")
    expect(desk.get_by_role("heading", name="Ines")).to_be_visible()


def test_a_form_stays_while_the_customer_writes_on_and_after_a_reload_until_it_is_left(
    open_window: OpenWindow,
) -> None:
    chat = Chat(open_window())
    chat.open_while_nobody_is_there()
    chat.say("Is the oak bench waxed?")
    expect(chat.log).to_contain_text("You are in the queue.")
    chat.panel.get_by_role("button", name="Talk to a person").click()
    form = chat.panel.locator("form.card")
    form.get_by_label("Your name").fill("Olga")
    chat.say("Are you there?")
    chat.expect_sent("Are you there?")
    expect(form.get_by_label("Your name")).to_have_value("Olga")

    chat.page.reload()
    chat.open()
    fill_form(form, "Olga", "The oak bench, please.")
    expect(chat.panel.get_by_role("status").filter(has_text="olga@shop.example")).to_be_visible()
    expect(chat.panel.get_by_role("button", name="Talk to a person")).to_be_hidden()
    chat.page.reload()
    chat.open()
    chat.expect_sent("The oak bench, please.")
    expect(form).to_have_count(0)


def test_what_was_typed_into_the_form_is_in_the_composer_once_somebody_comes(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open_while_nobody_is_there()
    chat.say("Is the pine shelf oiled?")
    expect(chat.log).to_contain_text("You are in the queue.")
    chat.panel.get_by_role("button", name="Talk to a person").click()
    form = chat.panel.locator("form.card")
    form.get_by_label("Your message").fill("And how deep is it?")
    open_row(open_window("agent"), "pine shelf").keyboard.press("t")

    expect(chat.log).to_contain_text("agent has joined the conversation.")
    expect(form).to_have_count(0)
    expect(chat.text).to_have_value("And how deep is it?")


def fill_form(form: Locator, name: str, body: str) -> None:
    form.get_by_label("Your name").fill(name)
    form.get_by_label("Your e-mail address").fill(f"{name.lower()}@shop.example")
    form.get_by_label("Your message").fill(body)
    form.get_by_role("button", name="Leave the message").click()


def test_an_answer_that_did_not_help_brings_a_person(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Hello, where is my refund?")
    chat.panel.get_by_role("group", name="Did this answer your question?").get_by_text("No").click()

    expect(chat.log).to_contain_text("You are in the queue.")


def test_a_reply_to_a_closed_chat_is_counted_on_its_button(open_window: OpenWindow) -> None:
    chat = Chat(open_window())
    chat.open()
    chat.say("Do you ship saucers to Malta?")
    expect(chat.log).to_contain_text("You are in the queue.")
    chat.page.keyboard.press("Escape")
    desk = open_row(open_window("agent2"), "saucers")
    take_and_reply(desk)
    desk.keyboard.type("We do.")
    desk.keyboard.press("Control+Enter")

    button = chat.page.get_by_role("button", name="Chat with us. New messages: 1")
    expect(button).to_be_visible()
    button.click()
    expect(chat.log.locator(".agent .bubble")).to_have_text("We do.")
    expect(chat.launcher).to_have_accessible_name("Chat with us")


def test_the_chat_speaks_chinese_where_the_page_does(open_window: OpenWindow) -> None:
    window = open_window(language="zh-CN")
    chat = Chat(window)
    expect(chat.launcher).to_have_accessible_name("在线咨询")
    chat.open()
    expect(chat.text).to_have_attribute("placeholder", "请输入消息")
    chat.say("我想退货")

    expect(chat.log).to_contain_text("您已进入排队")
    expect(chat.mine("我想退货").locator(".state")).to_have_text("已发送")
    window.photograph("widget-chinese")
