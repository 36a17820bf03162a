"""What each person sees, and what nobody can reach by typing an address."""

import pytest
from playwright.sync_api import expect

from tests.journeys.apps import FAMILY
from tests.journeys.browser import Window
from tests.journeys.conftest import OpenWindow

pytestmark = pytest.mark.xdist_group("journeys")


def post(window: Window, path: str) -> int:
    """The status of a POST that this person's browser sends, with the token that its pages carry."""
    cookies = {cookie["name"]: cookie["value"] for cookie in window.context.cookies()}
    address = f"{window.site.address}{path}"
    headers = {"X-CSRFToken": cookies["csrftoken"], "Referer": address}
    return window.context.request.post(address, headers=headers, max_redirects=0).status


def test_home_says_what_is_live(open_window: OpenWindow) -> None:
    window = open_window("analyst")
    window.go("/")

    card = window.page.get_by_role("article").filter(has_text=FAMILY)
    expect(card).to_contain_text("champion")
    expect(card).to_contain_text("answers")
    window.photograph("home")


def test_an_auditor_looks_and_cannot_touch(open_window: OpenWindow) -> None:
    window = open_window("auditor")
    page = window.page
    window.go("/admin/registry/version/")
    page.get_by_role("link", name=f"{FAMILY} v2", exact=True).click()
    number = window.path.split("/")[-3]

    expect(page.get_by_role("heading", name="Runtimes")).to_be_visible()
    for words in ("Promote", "Archive", "Roll the champion back"):
        expect(page.get_by_text(words, exact=True)).to_have_count(0)
    assert post(window, f"/admin/registry/version/{number}/promote/") == 403
    assert post(window, f"/admin/registry/version/{number}/archive/") == 403
    assert post(window, "/admin/registry/dataset/snapshot/") == 403
    assert window.go("/admin/registry/dataset/") == 200
    expect(page.get_by_role("button", name="Take a snapshot")).to_have_count(0)
    assert window.go("/admin/registry/dataset/add/") == 403


def test_an_agent_has_no_model_desk(open_window: OpenWindow) -> None:
    window = open_window("agent")
    window.go("/")

    expect(window.page.get_by_role("link", name="Playground", exact=True)).to_be_visible()
    expect(window.page.get_by_role("link", name="Model desk")).to_have_count(0)
    window.go("/admin/registry/version/")
    assert window.path == "/sign-in/"
    expect(window.page.get_by_text("You are signed in as agent")).to_be_visible()


def test_who_has_no_role_is_told_whom_to_ask(open_window: OpenWindow) -> None:
    window = open_window("outsider")
    window.go("/")
    expect(window.page.get_by_text("You have no role yet")).to_be_visible()

    assert window.go("/playground/") == 403
    expect(window.page.get_by_role("main")).to_contain_text("Ask an administrator")
    window.photograph("forbidden")
