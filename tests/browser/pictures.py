"""Pictures of every screen in three languages: `python -m tests.browser.pictures [--best]`.

They go to `build/pictures/LANGUAGE/SCREEN-WIDTH.png`, to be looked at; `--best` also renews the README's six.
`ROBO_DEMO_HOME` names a home where `robo demo` was run before, to begin from a copy of it.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.robo import Robo
from tests.browser.served import CHROMIUM, DESKTOP, FLAGS, PHONE, ROOT, Served, free_port, sign_in

PICTURES = ROOT / "build" / "pictures"
BEST = ROOT / "docs" / "images"
# login, a customer and an opportunity of theirs, a prompt, whom it means
PEOPLE = {
    "hu": (
        "anna",
        "C0001",
        "Kovácséknak kell egy ajánlat 2 prémium licencre",
        "Kovács Kft.",
        "Hogyan adok ki egy ajánlatot?",
    ),
    "pl": (
        "magda",
        "C0027",
        "Oferta dla Nowaka na 2 licencje premium",
        "Nowak Transport",
        "Co się dzieje przy wydaniu oferty?",
    ),
    "en": ("oliver", "C0038", "An offer for Baker: 2 premium licences", "Baker & Sons", "How do I issue an offer?"),
}
SCREENS = {
    "dashboard": "/?period=year",
    "customers": "/customers",
    "customer": "/customers/{customer}",
    "board": "/opportunities",
    "opportunities": "/opportunities?view=list",
    "activities": "/activities",
    "calendar": "/calendar",
    "offers": "/offers",
    "products": "/products",
    "product": "/products/LIC-PREM",
    "help": "/help",
    "page": "/help/{language}/making-an-offer",
    "profile": "/profile",
    "settings": "/settings/users",
    "levels": "/settings/levels/normal",
    "pipeline": "/settings/pipeline",
}


def _take(page: Page, language: str, name: str, size: tuple[int, int], *, whole: bool = False) -> None:
    folder = PICTURES / language
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=folder / f"{name}-{size[0]}.png", full_page=whole)


def _screens(page: Page, url: str, language: str, size: tuple[int, int]) -> None:
    customer = PEOPLE[language][1]
    for name, path in SCREENS.items():
        page.goto(url + path.format(customer=customer, language=language))
        _take(page, language, name, size)


def _chain(page: Page, url: str, language: str, size: tuple[int, int]) -> None:
    """The widget's states, and the offer it made on the console's screens."""
    _login, customer, prompt, firm, question = PEOPLE[language]
    page.goto(f"{url}/customers/{customer}")
    robo = Robo(page).open()
    _take(page, language, "widget", size)
    robo.say(question)
    _take(page, language, "widget-answer", size)
    robo.say(prompt)
    _take(page, language, "widget-choices", size)
    robo.pick(firm)
    _take(page, language, "widget-offer", size)
    number = robo.part("offer").locator(".offer-number").inner_text()
    page.evaluate("window.robo('close')")
    page.goto(f"{url}/offers/{number}")
    _take(page, language, "offer", size)
    page.goto(f"{url}/offers/{number}/edit")
    _take(page, language, "offer-editor", size)


def take(browser: Browser, url: str) -> None:
    """Every screen and state of the widget, in three languages, on a desktop and on a phone in the dark."""
    for language, (login, *_rest) in PEOPLE.items():
        for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme="dark" if scheme == "dark" else "light",
                has_touch=size == PHONE,
                locale=language,
            )
            page = context.new_page()
            page.goto(f"{url}/sign-in?language={language}")
            _take(page, language, "sign-in", size)
            sign_in(page, url, login)
            _screens(page, url, language, size)
            _chain(page, url, language, size)
            context.close()


def keep_best() -> None:
    """Copy the six that the README shows to `docs/images`."""
    chosen = {
        "customer-hu": "hu/widget-answer-1280",
        "widget-offer-pl": "pl/widget-offer-1280",
        "board-en": "en/board-1280",
        "dashboard-hu": "hu/dashboard-1280",
        "offer-editor-hu": "hu/offer-editor-1280",
        "phone-dark-en": "en/widget-offer-390",
    }
    for name, source in chosen.items():
        shutil.copy(PICTURES / f"{source}.png", BEST / f"{name}.png")


def main() -> None:
    """Serve a demo, take the pictures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--best", action="store_true", help="renew the README's six")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = Served(Path(folder) / "home", free_port())
        if prepared := os.environ.get("ROBO_DEMO_HOME"):
            shutil.copytree(prepared, served.home, ignore=shutil.ignore_patterns("server.json", "robo.lock"))
        served.home.mkdir(exist_ok=True)
        served.start("demo")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            take(browser, served.url)
            browser.close()
        finally:
            served.stop()
    if given.best:
        keep_best()
    count = len(list(PICTURES.rglob("*.png")))
    sys.stdout.write(f"{count} pictures in {PICTURES}\n")


if __name__ == "__main__":
    main()
