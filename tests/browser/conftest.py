"""Chromium against real servers: the demo company served by `robo`, as a user meets it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.backstage import Backstage
from tests.browser.served import CHROMIUM, DESKTOP, FLAGS, ROOT, Served, free_port, sign_in


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
def backstage(served: Served) -> Backstage:
    """The served company's records, for what happens there beside the browser."""
    return Backstage(served)


@pytest.fixture(scope="session")
def host(served: Served) -> Iterator[int]:
    """The sample host application on a port of its own, allowed as `http://localhost:PORT`."""
    port = free_port()
    printed = served.robo("embed", "add", f"Harbour {port}", "--origin", f"http://localhost:{port}")
    key = re.search(r"[\w-]{40,}", printed)
    assert key is not None, printed
    environment = {**os.environ, "ROBO_URL": served.url, "ROBO_HOST_KEY": key.group()}
    command = [sys.executable, str(ROOT / "docs" / "embed" / "host.py"), "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://localhost:{port}/", timeout=2)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield port
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    assert CHROMIUM is not None, "Chromium is not installed: Debian's package is called chromium"
    # As patient with what is to be seen as with what is to be pressed: a busy machine is no fault of the page.
    expect.set_options(timeout=15_000)
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
