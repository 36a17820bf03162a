"""A customer at the chat of a shop."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import Window

SHOP = "/support/demo/"


class Chat:
    """The widget in a customer's window; locators reach into its shadow root."""

    def __init__(self, window: Window, *, language: str = "", address: str = "") -> None:
        self.window = window
        self.page: Page = window.page
        self.element = self.page.locator("berth-support")
        self.launcher = self.element.locator(".launcher")
        self.panel = self.element.locator("dialog")
        self.log = self.element.get_by_role("log")
        self.text = self.element.locator(".composer textarea")
        self.status = self.element.locator("header .status")
        self.page.goto(address or f"{window.site.address}{SHOP}?chat={language}")

    def open(self) -> None:
        self.launcher.click()
        expect(self.text).to_be_focused()

    def say(self, body: str) -> None:
        self.text.fill(body)
        self.text.press("Enter")

    def mine(self, body: str) -> Locator:
        return self.log.locator(".line.mine").filter(has_text=body)

    def expect_sent(self, body: str) -> None:
        expect(self.mine(body)).to_have_count(1)
        expect(self.mine(body).locator(".state")).to_have_text("Sent")

    def open_while_nobody_is_there(self) -> None:
        """Whoever had the desk open in a journey before is gone after seconds."""
        for _ in range(15):
            self.open()
            expect(self.status).not_to_have_text("Connecting…")
            if self.status.inner_text() == "Nobody is here right now":
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError("Somebody is still at the desk.")
