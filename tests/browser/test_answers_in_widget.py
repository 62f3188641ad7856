"""What stands around an answer: clicks that help, how it was understood, opinions, people, and the past."""

import re
import uuid
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from core.language import Language
from tests.browser.backstage import Backstage
from tests.browser.conftest import Open
from tests.browser.robo import Robo
from tests.browser.served import DESKTOP, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@dataclass(frozen=True)
class Person:
    login: str
    language: Language
    question: str
    about: str
    follow_up: str
    customer: str
    understood: str
    wrong: str
    send_opinion: str
    ask_person: str
    to: str
    hand_over: str
    waits: str
    answer_of: str


PEOPLE = [
    Person(
        "anna",
        "hu",
        "Hogyan adok ki egy ajánlatot?",
        "Ki a kapcsolattartó a Kovács Kft.-nél?",
        "és mik a teendői?",
        "C0001",
        "Így értettem: ",
        "Hiányos",
        "Visszajelzés küldése",
        "Kérdezz meg egy embert",
        "Berényi Vera",
        "Átadás",
        "Még nem válaszolt",
        "Berényi Vera válasza",
    ),
    Person(
        "magda",
        "pl",
        "Co się dzieje przy wydaniu oferty?",
        "Kto jest osobą kontaktową w Nowak Transport?",
        "a jakie mają zadania?",
        "C0027",
        "Tak to rozumiem: ",
        "Niepełna",
        "Wyślij opinię",
        "Zapytaj człowieka",
        "Ákos Dobos",
        "Przekaż",
        "Nie ma jeszcze odpowiedzi",
        "Odpowiedź: Ákos Dobos",
    ),
    Person(
        "oliver",
        "en",
        "How do I issue an offer?",
        "Who is the contact at Baker & Sons?",
        "what about tasks?",
        "C0038",
        "Understood as: ",
        "Incomplete",
        "Send feedback",
        "Ask a person",
        "Ákos Dobos",
        "Hand over",
        "No answer yet",
        "The answer of Ákos Dobos",
    ),
]
EACH = pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.login)


def name() -> str:
    """A word nothing else is called by."""
    return f"Q{uuid.uuid4().hex[:8]}"


def tool(robo: Robo, label: str | re.Pattern[str]) -> Locator:
    """A button of the panel's head."""
    return robo.root.locator(".tools").get_by_role("button", name=label)


@SIZES
def test_a_click_that_helps_goes_there_without_leaving_the_page(
    signed_in: Open, backstage: Backstage, size: tuple[int, int]
) -> None:
    title = name()
    backstage.linked(
        "anna", title, "hu", ("Nyitott ajánlatok", "/offers?state=draft"), ("Súgó", "/help/hu/issuing-an-offer")
    )
    page = signed_in("anna", "/customers/C0001", size)
    robo = Robo(page).open()
    reply = robo.resume(title)
    page.evaluate("window.marked = true")
    reply.locator("[part~=link]").filter(has_text="Nyitott ajánlatok").click()
    page.wait_for_url("**/offers?state=draft")
    expect(page.locator("main h1")).to_have_text("Ajánlatok")
    assert page.evaluate("window.marked === true")
    # A phone's panel would cover the list; on a desktop the conversation stays beside it.
    expect(robo.part("panel")).to_have_count(0 if size == PHONE else 1)
    robo.open()
    with page.context.expect_page() as tab:
        robo.part("link").filter(has_text="Súgó").click()
    expect(tab.value.locator("h1").first).to_be_visible()


def test_in_a_foreign_page_a_click_opens_the_console_in_a_new_tab(
    fresh: object, host: int, backstage: Backstage
) -> None:
    title = name()
    backstage.linked("anna", title, "hu", ("Nyitott ajánlatok", "/offers?state=draft"), ("Ki", "javascript:alert(1)"))
    page = fresh().new_page()  # type: ignore[operator]
    page.goto(f"http://localhost:{host}/")
    robo = Robo(page).open()
    robo.resume(title)
    link = robo.part("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("href", re.compile(r"^http://127\.0\.0\.1:\d+/offers\?state=draft$"))


@EACH
def test_how_a_follow_up_was_understood_stands_above_its_answer(signed_in: Open, person: Person) -> None:
    robo = Robo(signed_in(person.login)).open()
    first = robo.say(person.about)
    expect(first.locator("[part~=asked-as]")).to_have_count(0)
    second = robo.say(person.follow_up)
    understood = second.locator("[part~=asked-as]")
    expect(understood).to_contain_text(person.understood)
    expect(understood).to_contain_text(person.customer)
    parts = second.locator("[part~=asked-as], [part~=answer]")
    assert [part.get_attribute("part") for part in parts.all()] == ["asked-as", "answer"]


@EACH
def test_an_opinion_with_a_reason_is_kept_changed_and_taken_back(signed_in: Open, person: Person) -> None:
    page = signed_in(person.login)
    robo = Robo(page).open()
    reply = robo.say(person.question)
    down = reply.locator(".opinion [aria-pressed]").nth(1)
    down.click()
    choice = reply.get_by_role("radio", name=person.wrong)
    expect(reply.get_by_role("radio").first).to_be_focused()
    choice.check()
    reply.locator("form.reason textarea").fill("Kettő kellene.")
    reply.get_by_role("button", name=person.send_opinion).click()
    expect(reply.get_by_role("button", name=person.ask_person)).to_be_visible()

    page.reload()
    reply = Robo(page).open().part("reply").last
    expect(reply.locator(".opinion [aria-pressed]").nth(1)).to_have_attribute("aria-pressed", "true")
    reply.locator(".opinion [aria-pressed]").nth(1).click()
    expect(reply.get_by_role("radio", name=person.wrong)).to_be_checked()
    expect(reply.locator("form.reason textarea")).to_have_value("Kettő kellene.")
    reply.locator("form.reason button").last.click()
    expect(reply.locator(".opinion [aria-pressed=true]")).to_have_count(0)
    page.reload()
    reply = Robo(page).open().part("reply").last
    expect(reply.locator(".opinion [aria-pressed=true]")).to_have_count(0)


@SIZES
@EACH
def test_a_badly_rated_answer_is_handed_to_a_person_whose_answer_comes_back(
    signed_in: Open, backstage: Backstage, person: Person, size: tuple[int, int]
) -> None:
    page = signed_in(person.login, "/", size)
    robo = Robo(page).open()
    reply = robo.say(person.question)
    reply.locator(".opinion [aria-pressed]").nth(1).click()
    reply.get_by_role("button", name=person.send_opinion).click()
    reply.get_by_role("button", name=person.ask_person).click()
    pick = robo.root.get_by_role("radio", name=person.to)
    pick.check()
    note, words = name(), name()
    robo.root.locator("#note").fill(note)
    robo.root.get_by_role("button", name=person.hand_over, exact=True).click()
    handed = robo.part("handed")
    expect(handed).to_be_focused()
    expect(handed).to_contain_text(person.waits)
    expect(handed).to_contain_text(note)

    backstage.answers("vera" if person.login == "anna" else "admin", f"A második lépés: **{words}**")
    tool(robo, re.compile(".")).last.click()
    robo.open()
    expect(handed).to_contain_text(person.answer_of)
    expect(handed.locator("strong").filter(has_text=words)).to_be_visible()


def test_earlier_conversations_are_found_renamed_continued_and_deleted(signed_in: Open, backstage: Backstage) -> None:
    old, new, other = name(), name(), name()
    for title in (other, old):
        backstage.answered("anna", title, f"Válasz erre: {title}", "hu")
    page = signed_in("anna")
    robo = Robo(page).open()
    tool(robo, "Korábbi beszélgetések").click()
    history = robo.part("history")
    search = history.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill(old.lower())
    expect(history.locator("li")).to_have_count(1)

    history.get_by_role("button", name=f"Átnevezés: {old}").click()
    expect(history.get_by_label("A beszélgetés címe")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(new)
    page.keyboard.press("Enter")
    expect(history.locator(".name")).to_have_text(new)

    history.locator("button.open").click()
    expect(robo.part("reply")).to_contain_text(old)
    robo.say("Hogyan adok ki egy ajánlatot?")
    tool(robo, "Korábbi beszélgetések").click()
    expect(history.locator(".name").first).to_have_text(new)

    history.get_by_role("button", name=f"Törlés: {new}").click()
    expect(history.get_by_role("button", name="Igen, törlöm")).to_be_focused()
    history.get_by_role("button", name="Mégse").click()
    expect(history.locator(".name").first).to_have_text(new)
    history.get_by_role("button", name=f"Törlés: {new}").click()
    history.get_by_role("button", name="Igen, törlöm").click()
    expect(history.locator(".name").filter(has_text=new)).to_have_count(0)
    # The one on show was it: it is gone there too, and does not come back by a reload.
    robo.root.locator(".top > .icon-button").click()
    expect(robo.part("reply")).to_have_count(0)
    page.reload()
    robo = Robo(page).open()
    expect(robo.part("suggestions")).to_be_visible()
    tool(robo, "Korábbi beszélgetések").click()
    expect(robo.part("history").locator(".name").filter(has_text=other)).to_have_count(1)
    expect(robo.part("history").locator(".name").filter(has_text=new)).to_have_count(0)


def test_a_long_history_comes_page_by_page(signed_in: Open, backstage: Backstage) -> None:
    word = name()
    for n in range(32):
        backstage.answered("lilla", f"{word} {n}", "→", "hu")
    robo = Robo(signed_in("lilla")).open()
    tool(robo, "Korábbi beszélgetések").click()
    history = robo.part("history")
    history.get_by_role("searchbox").fill(word)
    expect(history.locator("li")).to_have_count(30)
    history.get_by_role("button", name="Továbbiak").click()
    expect(history.locator("li")).to_have_count(32)
    expect(history.get_by_role("button", name="Továbbiak")).to_have_count(0)


def test_an_answer_that_was_not_found_offers_a_person(signed_in: Open, backstage: Backstage) -> None:
    title = name()
    backstage.answered("anna", title, "Ezt nem találom.", "hu", abstained=True)
    robo = Robo(signed_in("anna")).open()
    robo.resume(title).get_by_role("button", name="Kérdezz meg egy embert").click()
    expect(robo.part("handover").get_by_role("radio").first).to_be_focused()
    robo.root.locator(".top > .icon-button").click()
    expect(robo.part("input")).to_be_focused()


def held(page: Page, address: str) -> None:
    """Let calls to `address` fail as if the server were in trouble."""
    page.route(address, lambda route: route.fulfill(status=503, json={"error": {"message": "Próbáld újra később."}}))


def test_what_cannot_be_sent_is_said_and_what_was_typed_stays(signed_in: Open, backstage: Backstage) -> None:
    title = name()
    backstage.answered("anna", title, "Ezt nem találom.", "hu", abstained=True)
    page = signed_in("anna")
    robo = Robo(page).open()
    robo.resume(title).get_by_role("button", name="Kérdezz meg egy embert").click()
    robo.root.locator("#note").fill("A harmadik lépés.")
    held(page, "**/handover")
    robo.root.get_by_role("button", name="Átadás", exact=True).click()
    expect(robo.part("handover").get_by_role("alert")).to_have_text("Próbáld újra később.")
    expect(robo.root.locator("#note")).to_have_value("A harmadik lépés.")
