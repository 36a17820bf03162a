"""Languages, colours, the keyboard, and pages with nothing on them."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import NARROW
from tests.journeys.conftest import OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")


def test_the_site_speaks_chinese_and_english_again(open_window: OpenWindow) -> None:
    window = open_window("analyst")
    page = window.page
    window.go("/")
    page.get_by_label("Language").select_option("zh-hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("让每个模型配得上它的泊位")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    window.go("/playground/")
    expect(page.get_by_role("button", name="询问模型")).to_be_visible()

    page.get_by_label("语言").select_option("en")
    expect(page.get_by_role("button", name="Ask the models")).to_be_visible()


def test_dark_stays_after_a_reload(open_window: OpenWindow) -> None:
    window = open_window()
    page = window.page
    window.go("/")
    button = page.get_by_role("button", name="Colours")
    button.click()
    button.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_a_page_in_the_dark_is_printed_on_white_paper(open_window: OpenWindow) -> None:
    window = open_window("lead", colours="dark")
    page = window.page
    window.go("/support/policy/")
    page.get_by_role("button", name="Colours").click(click_count=2)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(246, 248, 249)"
    expect(page.get_by_role("navigation").first).to_be_hidden()


def skip_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def type_and_leave(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def test_the_keyboard_alone_signs_in_and_asks_the_models(open_window: OpenWindow) -> None:
    window = open_window()
    page = window.page
    window.go("/")
    skip_to_the_content(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    type_and_leave(page, "shopper")
    page.keyboard.type("a password of these journeys")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    window.go("/playground/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    type_and_leave(page, "where is my card")
    page.keyboard.press("Enter")
    expect(page.locator("#answers article").first).to_contain_text("card")


def test_an_empty_list_says_so(open_window: OpenWindow) -> None:
    window = open_window("owner")
    window.go("/admin/registry/run/?state=failed")
    expect(window.page.get_by_role("heading", name="No results found")).to_be_visible()
    expect(window.page.get_by_role("link", name="Reset filters")).to_be_visible()
    window.photograph("empty-list")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_missing_page_says_where_to_start_again(open_window: OpenWindow, language: str) -> None:
    window = open_window(width=NARROW, language=language)

    assert window.go("/no/such/page/") == 404
    wanted = {"en": "There is no such page", "zh-hans": "没有这个页面"}[language]
    expect(window.page.get_by_role("heading", level=1)).to_have_text(wanted)
    window.photograph(f"missing-{language}")
