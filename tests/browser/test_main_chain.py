"""The whole chain by clicks: a cited answer, an offer from a sentence, its PDF, issued, and the CRM knows."""

import re
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.robo import Robo
from tests.browser.served import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Person:
    login: str
    screen: str
    question: str
    page_id: str
    prompt: str
    firm: str
    net: str
    decision: str


PEOPLE = [
    Person(
        "anna",
        "/customers/C0001",
        "Hogyan adok ki egy ajánlatot?",
        "issuing-an-offer",
        "Kovácséknak kell egy ajánlat 2 prémium licencre",
        "Kovács Kft.",
        "129 800 Ft",
        "Döntéshozatal",
    ),
    Person(
        "magda",
        "/customers/C0027",
        "Co się dzieje przy wydaniu oferty?",
        "issuing-an-offer",
        "Oferta dla Nowaka na 2 licencje premium",
        "Nowak Transport Sp. z o.o.",
        "1 390,00 zł",
        "Decyzja",
    ),
    Person(
        "oliver",
        "/customers/C0038",
        "How do I issue an offer?",
        "issuing-an-offer",
        "An offer for Baker: 2 premium licences",
        "Baker & Sons Ltd",
        "325.00",
        "Decision",
    ),
]


def spaced(text: str | None) -> str:
    """`text` with every kind of space as a plain one."""
    return re.sub(r"\s+", " ", text or "")


def pdf_of(page: Page, robo: Robo) -> bytes:
    """Press the PDF button and fetch what its tab was sent to."""
    with page.context.expect_page() as opened:
        robo.part("document").filter(has_text="PDF").last.click()
    tab = opened.value
    tab.wait_for_url(re.compile("/api/v1/documents/"), wait_until="commit")
    answer = httpx.get(tab.url)
    tab.close()
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.login)
def test_from_a_question_to_an_issued_offer(signed_in: Open, person: Person, size: tuple[int, int]) -> None:
    page = signed_in(person.login, person.screen, size)
    robo = Robo(page).open()

    answer = robo.say(person.question)
    link = answer.locator(f"[part~=citation][href*='{person.page_id}']").first
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("h1").first).to_be_visible()
    opened.value.close()

    asked = robo.say(person.prompt)
    assert asked.locator("[part~=choice]").count() >= 2
    made = robo.pick(person.firm)
    offer = made.locator("[part~=offer]")
    number = offer.locator(".offer-number").inner_text()
    text = spaced(offer.inner_text())
    assert person.firm in text and person.net in text

    assert pdf_of(page, robo).startswith(b"%PDF-")

    made.locator("[part~=issue]").click()
    made.locator(".confirm .main").click()
    expect(made.locator(".done")).to_be_visible(timeout=30_000)

    page.goto(page.url.split("/customers")[0] + f"/offers/{number}")
    expect(page.locator("main")).to_contain_text(person.firm)
    href = page.locator("main a[href^='/opportunities/']").first.get_attribute("href")
    page.goto(page.url.split("/offers")[0] + str(href))
    expect(page.locator("main")).to_contain_text(person.decision)
    expect(page.locator("main")).to_contain_text(number)
