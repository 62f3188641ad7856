"""Chromium against real servers: the demo company served by `robo`, as a user meets it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.served import CHROMIUM, DESKTOP, FLAGS, Served, free_port, sign_in


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo company, served. `ROBO_DEMO_HOME` names a home where `robo demo` was run before, to begin from a copy
    of it: indexing the help pages takes a minute."""
    server = Served(tmp_path_factory.mktemp("served") / "home", free_port())
    prepared = os.environ.get("ROBO_DEMO_HOME")
    if prepared:
        shutil.copytree(prepared, server.home, ignore=shutil.ignore_patterns("server.json", "robo.lock"))
    server.home.mkdir(exist_ok=True)
    server.start("demo")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    assert CHROMIUM is not None, "Chromium is not installed: Debian's package is called chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Seen:
    """What went wrong on a page while it was looked at."""

    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note uncaught errors and what the page's policy refused."""
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                self.faults.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )


Open = Callable[..., Page]


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Pages are watched; a fault on any of them fails the test."""
    watched = Seen()
    yield watched
    assert watched.faults == []


@pytest.fixture
def fresh(chromium: Browser, seen: Seen) -> Iterator[Callable[..., BrowserContext]]:
    """A browser that has never been anywhere: `fresh(size=PHONE, locale="pl-PL")`."""
    contexts: list[BrowserContext] = []

    def make(size: tuple[int, int] = DESKTOP, **options: object) -> BrowserContext:
        phone = size[0] < 600
        made = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=phone,
            accept_downloads=True,
            **options,  # type: ignore[arg-type]
        )
        made.set_default_timeout(15_000)
        made.on("page", seen.watch)
        contexts.append(made)
        return made

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(fresh: Callable[..., BrowserContext], served: Served) -> Open:
    """A page of the demo's console with somebody signed in: `signed_in("anna", "/customers", PHONE)`."""

    def open_page(login: str, path: str = "/", size: tuple[int, int] = DESKTOP, **options: object) -> Page:
        page = fresh(size, **options).new_page()
        sign_in(page, served.url, login, path)
        return page

    return open_page
