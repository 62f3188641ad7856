"""The widget as a person handles it."""

import re

from playwright.sync_api import Locator, Page, expect


class Robo:
    """The widget on `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("virtuo-robo")

    def part(self, name: str) -> Locator:
        """What bears this `part`."""
        return self.root.locator(f"[part~={name}]")

    def open(self) -> "Robo":
        """Open the panel, if it is not open."""
        self.part("launcher").or_(self.part("panel")).first.wait_for()
        if not self.part("panel").is_visible():
            self.part("launcher").click()
        self.part("panel").wait_for()
        return self

    def start_anew(self) -> None:
        """Begin another conversation."""
        self.root.locator(".tools .icon-button").nth(1).click()

    def say(self, message: str) -> Locator:
        """Send `message`, and wait for the reply; gives the reply."""
        before = self.part("reply").count()
        self.part("input").fill(message)
        expect(self.part("send")).to_have_attribute("aria-disabled", "false")
        self.part("input").press("Enter")
        expect(self.part("reply")).to_have_count(before + 1, timeout=30_000)
        return self.part("reply").last

    def pick(self, label: str) -> Locator:
        """Press the choice named so; gives the reply that follows."""
        before = self.part("reply").count()
        self.part("choice").filter(has_text=re.compile(rf"^\s*{re.escape(label)}")).last.click()
        expect(self.part("reply")).to_have_count(before + 1, timeout=60_000)
        return self.part("reply").last

    def resume(self, title: str) -> Locator:
        """Open the earlier conversation of this title; gives its last reply."""
        self.root.locator(".tools .icon-button").first.click()
        self.part("history").locator("button.open").filter(has_text=title).first.click()
        self.part("reply").last.wait_for()
        return self.part("reply").last
