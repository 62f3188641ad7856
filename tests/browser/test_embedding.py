"""The widget in somebody else's application, and what it survives there."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from api.tokens import mint
from tests.browser.robo import Robo
from tests.browser.served import PHONE, Served

pytestmark = pytest.mark.browser
QUESTION = "Hogyan adok ki egy ajánlatot?"
Fresh = Callable[..., BrowserContext]


@pytest.fixture
def page(fresh: Fresh, host: int) -> Page:
    """The host's page, anna at it."""
    opened = fresh().new_page()
    opened.goto(f"http://localhost:{host}/customers/C0001")
    return opened


def test_a_foreign_page_gets_answers_and_offers(page: Page) -> None:
    robo = Robo(page).open()
    answer = robo.say(QUESTION)
    assert answer.locator("[part~=citation][href*='/help/hu/issuing-an-offer']").count() > 0
    made = robo.say("10 prémium licenc a Kovács Kft.-nek 5% kedvezménnyel")
    expect(made.locator("[part~=offer]")).to_contain_text("Kovács Kft.")
    assert page.evaluate("Object.keys(window).filter((name) => /^(robo|lit)/i.test(name))") == ["robo"]


def test_moving_on_inside_the_host_tells_the_widget_without_a_reload(page: Page) -> None:
    Robo(page).open()
    sent: list[dict[str, object]] = []
    page.on("request", lambda r: sent.append(r.post_data_json) if r.url.endswith("/api/v1/agui") else None)
    page.locator("[data-place=orders]").click()
    Robo(page).say(QUESTION)
    context = sent[-1]["context"]
    assert isinstance(context, list) and json.loads(context[0]["value"])["id"] == "orders"


def test_on_a_phone_the_panel_fills_the_screen(fresh: Fresh, host: int) -> None:
    page = fresh(PHONE).new_page()
    page.goto(f"http://localhost:{host}/")
    box = Robo(page).open().part("panel").bounding_box()
    assert box is not None and (box["width"], box["x"]) == (PHONE[0], 0)


def test_an_origin_that_is_not_allowed_is_told_so(fresh: Fresh, host: int) -> None:
    page = fresh().new_page()
    page.goto(f"http://127.0.0.1:{host}/")
    robo = Robo(page).open()
    robo.part("input").fill(QUESTION)
    robo.part("input").press("Enter")
    expect(robo.part("error").last).to_contain_text(f"http://127.0.0.1:{host}", timeout=20_000)
    assert robo.part("reply").count() == 0


def test_an_expired_token_is_renewed_and_nothing_is_noticed(fresh: Fresh, host: int, served: Served) -> None:
    page = fresh().new_page()
    given: list[int] = []
    stale = mint((served.home / "secret.key").read_text().strip().encode(), "anna", -5)

    def answer(route: Route) -> None:
        given.append(1)
        if len(given) == 1:
            route.fulfill(json={"access_token": stale, "token_type": "bearer", "expires_in": 900})
        else:
            route.continue_()

    page.route("**/assistant-token", answer)
    page.goto(f"http://localhost:{host}/")
    assert Robo(page).open().say(QUESTION).locator("[part~=citation]").count() > 0
    assert len(given) == 2


def test_a_reload_keeps_the_conversation_and_what_was_typed(page: Page) -> None:
    robo = Robo(page).open()
    robo.say(QUESTION)
    robo.part("input").fill("és ha elr")
    page.reload()
    robo = Robo(page)
    expect(robo.part("reply")).to_have_count(1, timeout=20_000)
    expect(robo.part("input")).to_have_value("és ha elr")


def test_a_restarted_server_is_waited_for_and_the_message_sent_again(page: Page, served: Served) -> None:
    robo = Robo(page).open()
    robo.say(QUESTION)
    served.stop()
    robo.part("input").fill("Hogyan mozgatok egy lehetőséget?")
    robo.part("input").press("Enter")
    again = robo.root.locator("[part~=error] button, .trouble button").last
    expect(again).to_be_visible(timeout=30_000)
    served.start()
    again.click()
    expect(robo.part("reply")).to_have_count(2, timeout=60_000)
    expect(robo.part("question").last).to_contain_text("Hogyan mozgatok egy lehetőséget?")


def test_a_network_that_comes_back_brings_the_answer(page: Page) -> None:
    robo = Robo(page).open()
    robo.say(QUESTION)
    page.context.set_offline(True)
    robo.part("input").fill("Hogyan mozgatok egy lehetőséget?")
    robo.part("input").press("Enter")
    expect(robo.part("error").last).to_be_visible(timeout=30_000)
    page.context.set_offline(False)
    robo.root.locator("[part~=error] button").last.click()
    expect(robo.part("reply")).to_have_count(2, timeout=60_000)
