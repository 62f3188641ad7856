"""The customer's page: opened, an option chosen, signed and accepted, and what the seller's screen says of it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.clock import today
from core.settings import Settings
from crm import engine as crm_engine
from crm import offers as offer_records
from crm.actor import SYSTEM
from crm.people import actor_for
from crm.session import unit
from crm.tables import AcceptanceLink
from offers.accepting import make_link
from offers.figures import Edit, EditedLine
from offers.service import Offers
from tests.browser.conftest import Open
from tests.browser.served import DESKTOP, PHONE, Served

pytestmark = pytest.mark.browser
LINES = (
    EditedLine("LIC-PREM", Decimal(2)),
    EditedLine("SUP-NAPI", Decimal(1), option_group="support"),
    EditedLine("SUP-EJJEL", Decimal(1), optional=True, option_group="support"),
    EditedLine("SZO-OKT", Decimal(1), optional=True),
)


def issued_with_link(served: Served, login: str, customer: str) -> tuple[str, str]:
    """The number of a fresh issued offer and the path of its link, made beside the running server."""
    settings = Settings(home=served.home)
    engine = crm_engine.connect(settings)
    actor, offers = actor_for(engine, login), Offers(engine, settings)
    number = offers.create(actor, customer, Edit(LINES, today() + timedelta(days=14), 8)).number
    offers.issue(actor, number)
    with unit(engine, actor) as session:
        path = make_link(session, offer_records.by_number(session, number))
    engine.dispose()
    return number, path


def opened_at(served: Served, number: str) -> object:
    engine = crm_engine.connect(Settings(home=served.home))
    with unit(engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, number)
        found = session.scalars(select(AcceptanceLink).where(AcceptanceLink.offer_id == offer.id)).one().opened_at
    engine.dispose()
    return found


def sign(page: Page) -> None:
    """Draw on the field with the mouse."""
    field = page.locator("#pad")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    x, y = box["x"], box["y"]
    page.mouse.move(x + 20, y + 30)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(x + 20 + step * 15, y + 30 + (step % 3) * 12)
    page.mouse.up()


@pytest.mark.parametrize(
    ("login", "customer", "size", "accepted"),
    [
        ("anna", "C0001", DESKTOP, "Az ajánlatot elfogadták"),
        ("magda", "C0027", PHONE, "Oferta została przyjęta"),
        ("oliver", "C0038", PHONE, "The offer is accepted"),
    ],
    ids=["hu", "pl", "en"],
)
def test_a_customer_opens_chooses_signs_and_accepts(
    served: Served,
    fresh: object,
    signed_in: Open,
    login: str,
    customer: str,
    size: tuple[int, int],
    accepted: str,
) -> None:
    number, path = issued_with_link(served, login, customer)
    page = fresh(size).new_page()  # type: ignore[operator]
    page.goto(served.url + path)
    assert page.context.cookies() == []
    gross = page.locator("dd[data-sum=gross]")
    before = gross.inner_text()
    page.locator("input[type=checkbox][name=take]").check()
    expect(gross).not_to_have_text(before)
    page.locator("input[type=radio]").nth(1).check()
    page.locator("#name").fill("Kiss Éva")
    sign(page)
    expect(page.locator("#signature")).to_have_value(re.compile(r"^M\d+ \d+L"))
    page.locator("input[name=confirm]").check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("button[value=accept]").click()
    expect(page.locator(".outcome")).to_contain_text(accepted)
    expect(page.locator(".outcome")).to_contain_text("Kiss Éva")
    assert opened_at(served, number) is not None
    screen = signed_in(login, f"/offers/{number}")
    expect(screen.locator(".answer-card")).to_contain_text("Kiss Éva")
    expect(screen.locator(".answer-card svg.signature path")).to_have_count(1)
    assert page.request.get(f"{served.url}{path}/copy").headers["content-type"] == "application/pdf"


def test_it_works_without_a_script(served: Served, fresh: object) -> None:
    _, path = issued_with_link(served, "anna", "C0001")
    page = fresh(PHONE, java_script_enabled=False).new_page()  # type: ignore[operator]
    page.goto(served.url + path)
    before = page.locator("dd[data-sum=gross]").inner_text()
    page.locator("input[type=checkbox][name=take]").check()
    page.locator("section.totals button").click()
    assert page.locator("dd[data-sum=gross]").inner_text() != before
    page.locator("#name").fill("Kiss Éva")
    page.locator("summary").filter(has_text="Nem kéri?").click()
    page.locator("#reason").select_option("price")
    page.locator("button[value=decline]").click()
    expect(page.locator(".outcome")).to_contain_text("Az ajánlatot elutasították")
