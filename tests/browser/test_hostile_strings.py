"""Two hundred attack strings in every field of every record: none becomes markup, none runs."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from api.app import create_app
from assistant.context import Parts
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.people import set_password
from crm.session import unit
from crm.tables import User
from knowledge.pages import help_pages
from offers.service import Offers
from retrieval.index import Knowledge
from tests.browser.hostile import A_CONVERSATION, ATTACKS, fill
from tests.browser.robo import Robo
from tests.browser.served import free_port
from tests.conftest import KEY, READ, WordEmbedder

pytestmark = pytest.mark.browser
PASSWORD = "admin-demo-2026"
# Every screen that shows records of others' making.
LISTS = [
    "/",
    "/customers?offset={}",
    "/opportunities",
    "/opportunities?view=list&offset={}",
    "/activities?offset={}",
    "/calendar",
    "/calendar?view=week",
    "/calendar?view=agenda",
    "/offers?offset={}",
    "/products?offset={}",
    "/help",
    "/help?q=script",
    "/profile",
    "/settings",
    "/settings/users",
    "/settings/teams",
    "/settings/levels",
    "/settings/pipeline",
    "/settings/activity-types",
    "/settings/company",
    "/settings/model",
    "/settings/embedding",
    "/settings/audit",
]
SHEETS = [
    "/customers/X{:04d}",
    "/opportunities/XO{:04d}",
    "/offers/XA-2026-{:05d}",
    "/offers/XA-2026-{:05d}/edit",
    "/products/XP{:04d}",
    "/help/hu/attack-{}",
    "/help/hu/attack-{}/edit",
]
# What the page would hold if an attack had become markup: in the document, or inside the widget.
FOUND = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)];
  const bad = 'a[href^="javascript:" i], a[href^="data:" i], a[href^="vbscript:" i], [data-xss]';
  const found = roots.flatMap((root) => [...root.querySelectorAll(bad)]);
  return [window.__xss ?? null, found.map((element) => element.outerHTML.slice(0, 200))];
}"""
PARSED = """async (paths) => {
  const bad = 'a[href^="javascript:" i], a[href^="data:" i], a[href^="vbscript:" i], [data-xss]';
  const faults = [];
  for (const path of paths) {
    const answer = await fetch(path, {headers: {Accept: 'text/html'}});
    const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.status !== 200) faults.push(path + ' answered ' + answer.status);
    for (const element of parsed.querySelectorAll(bad)) faults.push(path + ': ' + element.outerHTML.slice(0, 200));
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose company is all attacks."""
    settings = Settings(home=Path(tmp_path_factory.mktemp("attacked")))
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    with unit(engine, SYSTEM) as session:
        session.add(
            User(
                login="admin",
                family_name="A",
                given_name="B",
                email="a@b.example",
                role_code="administrator",
                language="hu",
            )
        )
    set_password(engine, "admin", PASSWORD)
    fill(engine, "admin")
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync([page for page in help_pages() if page.id in READ])
    parts = Parts(settings, engine, knowledge, Offers(engine, settings), None)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(parts, KEY), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    knowledge.close()
    engine.dispose()


@pytest.fixture
def page(attacked: str, fresh: object) -> Page:
    """A page signed in as the administrator who sees all of it; a dialog of a script fails the test."""
    opened = fresh().new_page()  # type: ignore[operator]
    opened.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    opened.goto(f"{attacked}/sign-in")
    opened.fill("[name=login]", "admin")
    opened.fill("[name=password]", PASSWORD)
    opened.click("button.primary")
    # The last thing the console's script does at its start is to bring the widget.
    opened.wait_for_selector("virtuo-robo", state="attached")
    return opened


def test_there_are_two_hundred_different_ones() -> None:
    assert len(set(ATTACKS)) == 200


@pytest.mark.parametrize("path", LISTS)
def test_no_attack_runs_on_a_list(page: Page, attacked: str, path: str) -> None:
    for offset in range(0, len(ATTACKS), 50) if "{}" in path else (0,):
        answer = page.goto(attacked + path.format(offset))
        assert answer is not None and answer.status == 200
        page.wait_for_timeout(150)
        assert page.evaluate(FOUND) == [None, []]


@pytest.mark.parametrize("path", SHEETS)
def test_no_attack_becomes_markup_on_a_record(page: Page, attacked: str, path: str) -> None:
    assert page.evaluate(PARSED, [path.format(place) for place in range(len(ATTACKS))]) == []
    page.goto(attacked + path.format(3))
    page.wait_for_timeout(150)
    assert page.evaluate(FOUND) == [None, []]


def test_no_attack_runs_in_the_finder(page: Page) -> None:
    for words in ("<img", "script", "javascript", "XA-2026"):
        page.keyboard.press("Control+k")
        page.fill("#finder input", words)
        page.wait_for_timeout(400)
        assert page.evaluate(FOUND) == [None, []]
        page.keyboard.press("Escape")


def test_no_attack_runs_in_the_widget(page: Page) -> None:
    robo = Robo(page).open()
    for place in range(len(ATTACKS) // A_CONVERSATION):
        robo.root.locator(".tools .icon-button").first.click()
        robo.root.locator(".history button.open").nth(place).click()
        expect(robo.part("reply")).to_have_count(A_CONVERSATION, timeout=30_000)
        for summary in robo.root.locator("summary").all()[:5]:
            summary.click()
        assert page.evaluate(FOUND) == [None, []]
        assert robo.root.locator("img, iframe, object, embed").count() == 0


def test_an_attack_typed_into_the_widget_comes_back_as_text(page: Page) -> None:
    robo = Robo(page).open()
    for attack in ATTACKS[:12]:
        robo.say(f"Hogyan adok ki egy ajánlatot? {attack}")
        assert page.evaluate(FOUND) == [None, []]
