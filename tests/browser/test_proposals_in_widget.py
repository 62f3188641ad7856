"""Changes that the chat proposes, decided about by clicks: what the card says happens, once, or nothing does."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core.clock import now, today
from core.language import Language
from crm.proposals import NewActivity, SetField
from crm.tables import Customer
from tests.browser.backstage import Backstage
from tests.browser.conftest import Open
from tests.browser.robo import Robo
from tests.browser.served import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Person:
    login: str
    language: Language
    customer: str
    prompt: str
    confirm: str
    done: str
    undone: str


PEOPLE = [
    Person("anna", "hu", "C0001", "Új feladat Kovács Kft.-nél holnapra: ", "Megerősítés", "Megtörtént", "Visszavonva"),
    Person("magda", "pl", "C0027", "Dodaj zadanie na jutro dla Nowak Transport: ", "Potwierdź", "Wykonano", "Cofnięto"),
    Person("oliver", "en", "C0038", "Add a task for tomorrow at Baker & Sons: ", "Confirm", "Done", "Undone"),
]
ANNA = PEOPLE[0]


def name() -> str:
    """A word nothing else is called by."""
    return f"Q{uuid.uuid4().hex[:8]}"


def task(subject: str, customer: str = ANNA.customer) -> NewActivity:
    """A task to be added."""
    return NewActivity(customer=customer, type_code="task", subject=subject, due=today() + timedelta(days=1))


def city(value: str, customer: str = ANNA.customer) -> SetField:
    """A customer's city to be changed."""
    return SetField(resource="customer", record=customer, field="city", value=value)


def opened(page: Page, title: str) -> Locator:
    """The proposal's card in the conversation of this title."""
    return Robo(page).open().resume(title).locator("[part~=proposal]")


def mark(page: Page) -> None:
    """Note on the page that it is this one: a page that is loaded anew forgets."""
    page.evaluate("window.marked = true")


def marked(page: Page) -> bool:
    """Whether the page is still the one that was marked."""
    return bool(page.evaluate("window.marked === true"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.login)
def test_a_change_is_confirmed_seen_on_the_record_and_undone(
    signed_in: Open, backstage: Backstage, person: Person, size: tuple[int, int]
) -> None:
    town, title = name(), name()
    code = backstage.proposed(person.login, title, person.language, city(town, person.customer))
    page = signed_in(person.login, f"/customers/{person.customer}", size)
    before = page.locator("main .muted, main p").first.inner_text()
    card = opened(page, title)
    mark(page)
    expect(card.locator("td.after")).to_have_text(town)
    expect(card.locator("td.before")).not_to_be_empty()

    card.get_by_role("button", name=person.confirm).click()
    expect(card.locator("p.done")).to_contain_text(person.done)
    # The keyboard is where the result is, and the screen shows the record anew without being loaded.
    expect(card.locator("p.done")).to_be_focused()
    expect(page.locator("main")).to_contain_text(town)
    assert marked(page) and backstage.state(person.login, code) == "confirmed"

    card.locator("[part~=undo]").click()
    expect(card.locator("header .state")).to_have_text(person.undone)
    expect(page.locator("main")).not_to_contain_text(town)
    expect(page.locator("main")).to_contain_text(before)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.login)
def test_what_is_asked_for_in_a_sentence_waits_for_a_click(
    signed_in: Open, backstage: Backstage, person: Person
) -> None:
    subject = name()
    page = signed_in(person.login, "/activities")
    card = Robo(page).open().say(person.prompt + subject).locator("[part~=proposal]")
    expect(card).to_contain_text(subject)
    assert backstage.activities(person.login, subject) == 0
    card.get_by_role("button", name=person.confirm).click()
    expect(card.locator("p.done")).to_be_visible()
    assert backstage.activities(person.login, subject) == 1
    card.locator("[part~=record]").first.click()
    page.wait_for_url(re.compile(r"/activities/\d+"))
    expect(page.locator("main")).to_contain_text(subject)


def test_words_of_a_proposal_are_words_and_nothing_else(signed_in: Open, backstage: Backstage) -> None:
    hostile, title = f'<img src=x onerror="window.hurt=1">{name()}', name()
    backstage.proposed("anna", title, "hu", task(hostile))
    page = signed_in("anna", "/customers/C0001")
    card = opened(page, title)
    expect(card.locator("table")).to_contain_text(hostile)
    card.locator("[part~=edit]").click()
    expect(card.get_by_label("Tárgy")).to_have_value(hostile)
    assert page.evaluate("window.hurt") is None


def test_what_is_corrected_is_what_happens(signed_in: Open, backstage: Backstage) -> None:
    meant, wanted, title = name(), name(), name()
    backstage.proposed("anna", title, "hu", task(meant))
    page = signed_in("anna", "/customers/C0001")
    card = opened(page, title)
    card.locator("[part~=edit]").click()
    subject = card.get_by_label("Tárgy")
    expect(card.locator(":focus")).to_have_count(1)
    subject.fill("")
    card.get_by_role("button", name="Megerősítés").click()
    expect(subject).to_be_focused()
    expect(subject).to_have_attribute("aria-invalid", "true")
    subject.fill(wanted)
    card.get_by_label("Határidő").fill((today() + timedelta(days=40)).isoformat())
    card.get_by_role("button", name="Kész").click()
    expect(card.locator(".edited")).to_have_count(2)
    expect(card.locator("[part~=edit]")).to_be_focused()
    card.get_by_role("button", name="Megerősítés").click()
    expect(card.locator("p.done")).to_be_visible()
    expect(card.locator("table")).to_contain_text(wanted)
    assert (backstage.activities("anna", wanted), backstage.activities("anna", meant)) == (1, 0)


def test_two_quick_clicks_do_it_once(signed_in: Open, backstage: Backstage) -> None:
    subject, title = name(), name()
    backstage.proposed("anna", title, "hu", task(subject))
    card = opened(signed_in("anna", "/customers/C0001"), title)
    card.get_by_role("button", name="Megerősítés").dblclick()
    expect(card.locator("p.done")).to_be_visible()
    assert backstage.activities("anna", subject) == 1


def test_a_rejected_change_does_not_happen_and_stays_rejected(signed_in: Open, backstage: Backstage) -> None:
    subject, title = name(), name()
    code = backstage.proposed("anna", title, "hu", task(subject))
    page = signed_in("anna", "/customers/C0001")
    card = opened(page, title)
    card.locator("[part~=reject]").click()
    expect(card.get_by_label(re.compile("Miért nem jó"))).to_be_focused()
    page.keyboard.type("Már megtettem")
    card.get_by_role("button", name="Elvetem").click()
    expect(card.locator("header .state")).to_have_text("Elvetve")
    page.reload()
    card = Robo(page).open().part("proposal")
    expect(card.locator("header .state")).to_have_text("Elvetve")
    expect(card.get_by_role("button")).to_have_count(0)
    assert backstage.state("anna", code) == "rejected" and backstage.activities("anna", subject) == 0


def test_a_change_runs_out_before_the_eyes_and_can_be_asked_for_again(signed_in: Open, backstage: Backstage) -> None:
    subject, title = name(), name()
    code = backstage.proposed("anna", title, "hu", task(subject))
    page = signed_in("anna", "/customers/C0001")
    Robo(page).open()
    backstage.expires(code, now() + timedelta(seconds=8))
    card = opened(page, title)
    expect(card.locator("[data-until]")).to_have_text(re.compile(r"még 0:0\d"))
    expect(card.locator("[data-warn]")).to_have_text("1 perced van megerősíteni.")
    expect(card.locator("header .state")).to_have_text("Lejárt", timeout=20_000)
    expect(card.get_by_role("button", name="Megerősítés")).to_have_count(0)
    assert backstage.state("anna", code) == "expired"

    card.locator("[part~=ask-again]").click()
    expect(card.locator("header .state")).to_have_text("Rád vár")
    page.reload()
    card = Robo(page).open().part("proposal")
    card.get_by_role("button", name="Megerősítés").click()
    expect(card.locator("p.done")).to_be_visible()
    assert backstage.activities("anna", subject) == 1


def test_of_several_changes_only_the_ticked_ones_happen(signed_in: Open, backstage: Backstage) -> None:
    first, second, title = name(), name(), name()
    backstage.proposed("anna", title, "hu", task(first), task(second))
    page = signed_in("anna", "/customers/C0001", PHONE)
    card = opened(page, title)
    card.get_by_role("checkbox").nth(1).uncheck()
    card.get_by_role("button", name="Megerősítés (1)").click()
    expect(card.locator(".item .state")).to_have_text(["Végrehajtva", "Kihagyva"])
    assert (backstage.activities("anna", first), backstage.activities("anna", second)) == (1, 0)


def test_a_record_changed_meanwhile_is_not_overwritten(signed_in: Open, backstage: Backstage) -> None:
    mine, theirs, title = name(), name(), name()
    backstage.proposed("anna", title, "hu", city(mine))
    card = opened(signed_in("anna", "/customers/C0001"), title)
    with backstage.unit("vera") as session:
        customer = session.query(Customer).filter_by(code="C0001").one()
        before, customer.city = customer.city, theirs
    card.get_by_role("button", name="Megerősítés").click()
    expect(card.locator(".note")).to_contain_text("Közben valaki módosította")
    expect(card.locator("header .state")).to_have_text("Nem sikerült")
    card.locator("[part~=ask-again]").click()
    expect(card.locator("td.before")).to_have_text(theirs)
    card.get_by_role("button", name="Megerősítés").click()
    expect(card.locator("p.done")).to_be_visible()
    card.locator("[part~=undo]").click()
    expect(card.locator("header .state")).to_have_text("Visszavonva")
    with backstage.unit("vera") as session:
        customer = session.query(Customer).filter_by(code="C0001").one()
        assert customer.city == theirs
        customer.city = before


def test_what_is_typed_on_the_screen_survives_a_confirmed_change(signed_in: Open, backstage: Backstage) -> None:
    subject, title = name(), name()
    backstage.proposed("anna", title, "hu", task(subject))
    page = signed_in("anna", "/customers/C0001/edit")
    page.locator("main [name=city]").fill("félig beírt")
    card = opened(page, title)
    card.get_by_role("button", name="Megerősítés").click()
    expect(card.locator("p.done")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator("main [name=city]")).to_have_value("félig beírt")


FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element ? (element.getAttribute('aria-label') || element.innerText || element.id || element.tagName) : '';
}"""


def test_by_keyboard_alone_a_change_is_corrected_and_confirmed(signed_in: Open, backstage: Backstage) -> None:
    subject, title = name(), name()
    backstage.proposed("anna", title, "hu", task("Hívás"))
    page = signed_in("anna", "/customers/C0001")
    opened(page, title)
    robo, keys = Robo(page), page.keyboard
    robo.part("input").focus()

    def back_to(wanted: str) -> None:
        for _ in range(30):
            if re.match(wanted, page.evaluate(FOCUSED)):
                return
            keys.press("Shift+Tab")
        pytest.fail(f"the keyboard does not reach {wanted}")

    back_to("Szerkesztés")
    keys.press("Enter")
    keys.press("Escape")
    # Escape gives up the correction, not the panel.
    assert re.match("Szerkesztés", page.evaluate(FOCUSED))
    keys.press("Enter")
    keys.press("Control+a")
    keys.type(subject)
    keys.press("Enter")
    expect(robo.part("proposal").locator(".edited")).to_have_count(1)
    robo.part("input").focus()
    back_to("Megerősítés")
    keys.press("Enter")
    expect(robo.part("proposal").locator("p.done")).to_be_focused()
    assert backstage.activities("anna", subject) == 1
