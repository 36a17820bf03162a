import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")


def test_a_wrong_password_is_a_sentence_and_the_right_one_opens_the_site(open_window: OpenWindow) -> None:
    window = open_window()
    window.sign_in("analyst", "wrong")
    expect(window.page.get_by_role("alert")).to_contain_text("do not belong together")

    window.sign_in("analyst")

    assert window.path == "/"
    expect(window.page.get_by_role("button", name="Sign out")).to_be_visible()
    window.page.get_by_role("button", name="Sign out").click()
    expect(window.page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def test_who_guesses_too_often_is_told_to_wait(open_window: OpenWindow) -> None:
    window = open_window()
    for _ in range(5):
        window.sign_in("forgetful", "wrong")

    expect(window.page.get_by_role("heading", level=1)).to_have_text("Too many attempts")
    expect(window.page.get_by_role("alert")).to_contain_text("Wait 15 minutes")
    window.photograph("locked-out")
    window.sign_in("forgetful")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Too many attempts")


def test_a_page_asked_for_first_opens_after_signing_in(open_window: OpenWindow) -> None:
    window = open_window()
    window.go("/playground/")
    assert window.path == "/sign-in/"

    window.page.get_by_label("Username").fill("agent")
    window.page.get_by_label("Password").fill("a password of these journeys")
    window.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(window.page.get_by_role("heading", level=1)).to_have_text("Playground")
