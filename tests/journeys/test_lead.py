"""A lead's pages, and the loop: approve a correction, teach, compare, promote, and take it back."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import NARROW, WIDE
from tests.journeys.conftest import Colours, OpenWindow
from tests.journeys.support_lead import CORRECTION
from tests.journeys.test_accessibility import faults

pytestmark = pytest.mark.xdist_group("journeys")
SIDEWAYS = "[...document.querySelectorAll('.table-scroll')].some((box) => box.scrollWidth > box.clientWidth)"
LESSON_MILLISECONDS = 90_000
PAGES = (
    "knowledge/",
    "knowledge/?q=nothing-like-this",
    "knowledge/intents/refund_status/",
    "knowledge/intents/track_order/",
    "knowledge/examples/",
    "knowledge/suggestions/",
    "knowledge/conflicts/",
    "knowledge/articles/",
    "knowledge/articles/1/",
    "knowledge/placeholders/?name=parcel_number",
    "knowledge/imports/",
    "knowledge/imports/1/",
    "teach/",
    "teach/1/",
    "reports/",
    "reports/?from=2020-01-01&to=2020-01-02",
    "policy/",
)


@pytest.mark.parametrize(("width", "colours", "language"), [(WIDE, "light", "en"), (NARROW, "dark", "zh-CN")])
def test_a_leads_pages_are_for_everybody(
    open_window: OpenWindow, width: int, colours: Colours, language: str
) -> None:
    window = open_window("lead", width=width, colours=colours, language=language)
    found = {}
    for path in PAGES:
        assert window.go(f"/support/{path}") == 200
        window.settle()
        window.photograph(f"lead-{path.replace('/', '-')}-{width}")
        found[path] = faults(window)
        if width == NARROW and window.page.evaluate(SIDEWAYS):
            found[path].append("a table has to be pushed sideways")

    assert not any(found.values()), found


def test_on_a_phone_a_cell_of_a_table_says_which_column_it_is_of(open_window: OpenWindow) -> None:
    window = open_window("lead", width=NARROW)
    window.go("/support/knowledge/")
    cells = window.page.get_by_role("row", name="Refund status").get_by_role("cell")
    label = "(cell) => getComputedStyle(cell, '::before').content"

    assert [cell.evaluate(label) for cell in cells.all()][:2] == ['"Examples: "', '"Answer: "']


def approve_only(page: Page, text: str) -> None:
    page.get_by_role("checkbox", name="Choose all").uncheck()
    page.get_by_role("checkbox", name=text).check()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("1 example was judged.")).to_be_visible()


def teach_anew(page: Page) -> None:
    page.get_by_role("link", name="Teach", exact=True).click()
    page.get_by_label("Train anew").check()
    page.get_by_role("button", name="Teach", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()


def promote_with_losses(page: Page) -> None:
    for loss in page.get_by_role("group", name="Accept these losses").get_by_role("checkbox").all():
        loss.check()
    page.get_by_role("button", name="Promote").click()


def test_a_lead_approves_a_correction_teaches_it_compares_promotes_and_takes_it_back(
    open_window: OpenWindow,
) -> None:
    window = open_window("lead")
    page = window.page
    window.go("/support/knowledge/examples/")
    approve_only(page, CORRECTION)
    expect(page.get_by_role("checkbox", name=CORRECTION)).to_have_count(0)

    teach_anew(page)
    window.photograph("lesson-progress")
    progress = page.locator("#lesson").get_by_role("status")
    expect(progress).to_contain_text("answers in the shadow of the champion", timeout=LESSON_MILLISECONDS)
    expect(page.get_by_role("heading", name="What it changed")).to_be_visible()
    expect(page.get_by_role("region", name="Recall by intent").get_by_role("row")).not_to_have_count(1)
    window.photograph("lesson-ready")
    assert faults(window) == []

    promote_with_losses(page)
    expect(progress).to_contain_text("answers customers")
    page.get_by_role("link", name="Teach", exact=True).first.click()
    page.get_by_role("button", name="Roll back to v1").click()
    expect(page.get_by_text("Version 1 answers again.")).to_be_visible()
