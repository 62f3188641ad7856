"""Board, list and sheet of opportunities: what is shown, what may be done, and how a refusal is explained."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import Engine, select

from crm import opportunities
from crm.actor import SYSTEM, Actor
from crm.numbers import reserve
from crm.session import unit
from crm.tables import Activity, Customer, Grant, Opportunity
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]
HTMX = {"HX-Request": "true"}
EVIL = '<script>alert("1")</script>'


@pytest.fixture
def deals(engine: Engine, people: People, company: None) -> None:
    """O0001 of nora's in contact, O0002 of rita's in decision, O0003 of nora's won."""
    with unit(engine, SYSTEM) as session:
        firms = {firm.code: firm.id for firm in session.scalars(select(Customer))}
        for code, firm, stage, owner in [
            ("O0001", "C0001", "contact", "nora"),
            ("O0002", "C0002", "decision", "rita"),
            ("O0003", "C0005", "won", "nora"),
        ]:
            session.add(
                Opportunity(
                    code=code,
                    customer_id=firms[firm],
                    title=f"Üzlet {code}",
                    stage_code=stage,
                    owner_id=people(owner).user_id,
                    amount=Decimal(1_250_000),
                    currency="HUF",
                    opened_on=date(2026, 3, 1),
                )
            )
        reserve(session, "opportunity", 3)
        session.flush()
        deal = opportunities.by_code(session, "O0001")
        session.add(
            Activity(customer_id=deal.customer_id, opportunity_id=deal.id, type_code="call", subject="Egyeztetés")
        )


def in_column(page: str, stage: str) -> list[str]:
    """The codes of the cards in a column of the board."""
    column = re.search(
        rf'data-stage="{stage}">(.*?)</ul>\s*(<p class="board-empty|<a class="board-more|</section)', page, re.S
    )
    assert column is not None
    return re.findall(r'class="deal [^"]*" data-code="(\w+)"', column[1])


def stage_of(engine: Engine, code: str) -> str:
    with unit(engine, SYSTEM, writes=False) as session:
        return opportunities.by_code(session, code).stage_code


def test_a_card_shows_whose_it_is_what_it_is_worth_and_what_comes_next(console: Console, deals: None) -> None:
    page = unescape(console("nora").get("/opportunities").text).replace("\xa0", " ")
    assert in_column(page, "contact") == ["O0001"] and in_column(page, "decision") == ["O0002"]
    for shown in ("Bartók Kft.", "1 250 000 Ft", "Nora Teszt", "Egyeztetés"):
        assert shown in page


def test_nobody_sees_cards_beyond_their_rights(console: Console, deals: None) -> None:
    page = console("rita").get("/opportunities").text
    assert "O0002" in page and "O0001" not in page
    assert console("rita").get("/opportunities/O0001").status_code == 404
    assert console("rita").get("/opportunities?view=list").text.count('href="/opportunities/O') == 1


def test_a_legal_move_is_made_and_announced(console: Console, engine: Engine, deals: None) -> None:
    sent = {"stage": "request", "version": 1, "back": "/opportunities?owner=me&order=-opened"}
    answer = console("nora").post("/opportunities/O0001/move", sent, **HTMX)
    assert answer.status_code == 200
    assert in_column(answer.text, "request") == ["O0001"]
    assert "„Üzlet O0001” most „Ajánlatkérés” szakaszban van." in unescape(answer.text)
    assert "O0002" not in answer.text, "the board keeps its filters"
    assert stage_of(engine, "O0001") == "request"


def test_a_refused_move_says_why_and_offers_the_legal_steps(console: Console, engine: Engine, deals: None) -> None:
    sent = {"stage": "won", "version": 1, "back": "/opportunities"}
    for headers, status in ((HTMX, 409), ({}, 409)):
        answer = console("nora").post("/opportunities/O0001/move", sent, **headers)
        page = unescape(answer.text)
        assert answer.status_code == status
        assert "„Sikeres” szakaszba csak innen lehet jutni: Döntéshozatal." in page
        message = page[page.index('id="move-message"') : page.index('id="board"')]
        assert re.findall(r'name="stage" value="(\w+)"', message) == ["request", "offer"]
        assert in_column(page, "contact") == ["O0001"], "the card is where it truly is"
    assert stage_of(engine, "O0001") == "contact"


def test_of_two_who_move_one_card_the_second_is_told_and_sees_the_truth(
    console: Console, engine: Engine, deals: None
) -> None:
    first, second = console("nora"), console("mate")
    first.post("/opportunities/O0001/move", {"stage": "request", "version": 1})
    answer = second.post(
        "/opportunities/O0001/move", {"stage": "offer", "version": 1, "back": "/opportunities"}, **HTMX
    )
    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "közben valaki más módosította" in page and "„Ajánlatkérés” szakaszban" in page
    assert in_column(page, "request") == ["O0001"]
    assert stage_of(engine, "O0001") == "request"


def test_the_menu_of_a_card_offers_steps_and_gives_reasons(console: Console, deals: None) -> None:
    menu = unescape(console("nora").get("/opportunities/O0001/steps?back=/opportunities", **HTMX).text)
    assert re.findall(r'name="stage" value="(\w+)"', menu) == ["request", "offer"]
    assert menu.count('aria-disabled="true"') == menu.count('class="why"') == 3
    won = unescape(console("nora").get("/opportunities/O0003/steps", **HTMX).text)
    assert "külön jogosultság kell" in won and 'name="stage"' not in won


def test_winning_can_be_undone_by_those_with_the_right(console: Console, engine: Engine, deals: None) -> None:
    assert "külön jogosultság kell" in unescape(console("nora").get("/opportunities/O0003").text)
    refused = console("nora").post("/opportunities/O0003/move", {"stage": "decision", "version": 1})
    assert refused.status_code == 403 and "külön jogosultság kell" in unescape(refused.text)
    manager = console("mate")
    assert "Visszavonás: vissza ide: „Döntéshozatal”" in unescape(manager.get("/opportunities/O0003").text)
    back = "/opportunities/O0003"
    moved = manager.post("/opportunities/O0003/move", {"stage": "decision", "version": 1, "back": back})
    assert (moved.status_code, moved.headers["location"]) == (303, back)
    assert stage_of(engine, "O0003") == "decision"


def test_a_refusal_on_the_sheet_stays_on_the_sheet(console: Console, deals: None) -> None:
    sent = {"stage": "lost", "version": 1, "back": "/opportunities/O0001"}
    answer = console("nora").post("/opportunities/O0001/move", sent)
    assert answer.status_code == 409
    assert 'class="stepper"' in answer.text and "Az út odáig" in unescape(answer.text)


def test_a_move_leads_to_no_other_place_than_ours(console: Console, deals: None) -> None:
    sent = {"stage": "request", "version": 1, "back": "//evil.example/"}
    assert console("nora").post("/opportunities/O0001/move", sent).headers["location"] == "/"


FORM: dict[str, object] = {
    "title": "Bővítés",
    "amount": "2 500 000",
    "currency": "HUF",
    "owner": "nora",
    "source": "web",
    "campaign": "Ősz",
}


def test_a_new_opportunity_is_opened_for_a_customer_named_or_coded(
    console: Console, engine: Engine, deals: None
) -> None:
    browser = console("nora")
    for customer, origin, stage in [("C0005 · Green & Hill", "direct", "contact"), ("malinow", "external", "request")]:
        answer = browser.post("/opportunities/new", {**FORM, "customer": customer, "origin": origin})
        assert answer.status_code == 303
        assert stage_of(engine, answer.headers["location"].rsplit("/", 1)[1]) == stage


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "A lehetőségnek nincs címe"),
        ({"amount": "sok"}, "Az összeg nem olvasható számként: „sok”"),
        ({"amount": "-5"}, "Az összeg 0 és"),
        ({"amount": "24.000"}, "nem olvasható számként"),
        ({"currency": "USD"}, "Ez a pénznem nem használható"),
        ({"owner": "nobody-there"}, "Ez a felhasználó nem lehet felelős"),
        ({"customer": "bart"}, "Több ügyfélnek is ez a neve"),
        ({"customer": ""}, "Add meg, melyik ügyfélé"),
        ({"origin": "rumour"}, "Nincs ilyen rekord"),
    ],
)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(
    console: Console, engine: Engine, deals: None, typed: dict[str, str], said: str
) -> None:
    sent: dict[str, object] = {"customer": "C0001", **FORM, "source": EVIL, **typed}
    answer = console("nora").post("/opportunities/new", sent)
    assert answer.status_code in (404, 422)
    page = unescape(answer.text)
    assert said in page
    assert 'value="<script>alert("1")</script>"' in page and EVIL not in answer.text
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(session.scalars(select(Opportunity)).all()) == 3


def test_facts_are_changed_and_a_stale_form_loses_nothing(console: Console, engine: Engine, deals: None) -> None:
    first, second = console("nora"), console("mate")
    saved = first.post("/opportunities/O0001", {**FORM, "version": 1})
    assert (saved.status_code, saved.headers["location"]) == (303, "/opportunities/O0001")
    late = second.post("/opportunities/O0001", {**FORM, "version": 1, "title": "Az én címem", "amount": "7,00"})
    page = unescape(late.text)
    assert late.status_code == 409
    assert "Közben valaki más módosította" in page
    assert 'value="Az én címem"' in page and "Most mentve: Bővítés" in page
    with unit(engine, SYSTEM, writes=False) as session:
        deal = opportunities.by_code(session, "O0001")
        assert (deal.title, deal.amount, deal.campaign) == ("Bővítés", Decimal(2_500_000), "Ősz")


def test_correcting_a_fault_does_not_overwrite_what_a_colleague_saved(
    console: Console, engine: Engine, deals: None
) -> None:
    nora, path = console("nora"), "/opportunities/O0001"
    assert console("mate").post(path, {**FORM, "version": 1}).status_code == 303
    wrong = nora.post(path, {**FORM, "version": 1, "title": "Az én címem", "amount": "sok"})
    assert wrong.status_code == 422
    assert set(re.findall(r'name="version" value="(\d+)"', wrong.text)) == {"1"}
    told = nora.post(path, {**FORM, "version": 1, "title": "Az én címem"})
    assert told.status_code == 409
    with unit(engine, SYSTEM, writes=False) as session:
        assert opportunities.by_code(session, "O0001").title == "Bővítés"
    # Told of it, one may save over it.
    assert set(re.findall(r'name="version" value="(\d+)"', told.text)) == {"2"}
    assert nora.post(path, {**FORM, "version": 2, "title": "Az én címem"}).status_code == 303


def test_a_sheet_opens_for_a_reader_of_the_audit_who_sees_no_e_mail_addresses(
    console: Console, engine: Engine, deals: None
) -> None:
    with unit(engine, SYSTEM) as session:
        for grant in session.scalars(select(Grant).where(Grant.resource_name == "contact", Grant.action == "read")):
            grant.hidden_fields = ["email"]
    for login in ("ada", "mate", "nora"):
        assert console(login).get("/opportunities/O0001").status_code == 200, login


def test_a_level_that_does_not_see_amounts_is_not_asked_for_them(console: Console, engine: Engine, deals: None) -> None:
    with unit(engine, SYSTEM) as session:
        grant = session.scalars(
            select(Grant).where(
                Grant.role_code == "normal", Grant.resource_name == "opportunity", Grant.action == "read"
            )
        ).one()
        grant.hidden_fields = ["amount"]
    browser = console("nora")
    for path in (
        "/opportunities",
        "/opportunities?view=list&order=-amount&columns=amount",
        "/opportunities/O0001",
        "/",
    ):
        page = browser.get(path).text.replace("\xa0", " ")
        assert "1 250 000" not in page and "1250000" not in page and 'name="amount"' not in page
    assert browser.post("/opportunities/O0001", {**FORM, "version": 1, "amount": ""}).status_code == 303
    with unit(engine, SYSTEM, writes=False) as session:
        assert opportunities.by_code(session, "O0001").amount == 1_250_000


def test_what_people_type_is_never_markup(console: Console, engine: Engine, deals: None) -> None:
    browser = console("nora")
    browser.post("/opportunities/O0001", {**FORM, "version": 1, "title": EVIL, "campaign": EVIL})
    for path in (
        "/opportunities",
        "/opportunities?view=list&columns=campaign",
        "/opportunities/O0001",
        f"/opportunities?q={EVIL}",
        "/",
    ):
        assert EVIL not in browser.get(path).text
    refused = browser.post("/opportunities/O0001/move", {"stage": "won", "version": 2}, **HTMX)
    assert EVIL not in refused.text and "&lt;script" in refused.text


def test_the_list_shows_the_columns_asked_for(console: Console, deals: None) -> None:
    browser = console("nora")
    ticked = browser.get("/opportunities?view=list&column=source&column=customer&order=title")
    assert ticked.headers["location"] == "/opportunities?view=list&columns=customer%2Csource&order=title"
    head = re.findall(r"<th scope.*?</th>", browser.get(ticked.headers["location"]).text)
    assert [re.sub(r"<[^>]+>|[↑↓ ]", "", cell) for cell in head] == ["Cím", "Ügyfél", "Forrás"]


def test_nothing_found_says_what_to_do(console: Console, deals: None, engine: Engine) -> None:
    page = unescape(console("nora").get("/opportunities?view=list&q=semmi+ilyen").text)
    assert "Nincs a szűrőknek megfelelő lehetőség." in page and "Szűrők törlése" in page


def test_a_control_one_may_not_use_is_disabled_with_the_reason(console: Console, engine: Engine, deals: None) -> None:
    with unit(engine, SYSTEM) as session:
        taken = select(Grant).where(
            Grant.role_code == "normal", Grant.resource_name == "opportunity", Grant.action != "read"
        )
        for grant in session.scalars(taken):
            session.delete(grant)
    browser = console("nora")
    board, sheet = browser.get("/opportunities").text, unescape(browser.get("/opportunities/O0001").text)
    assert "data-movable" not in board and 'aria-disabled="true"' in board
    assert "Nincs jogosultságod lehetőséget léptetni." in sheet and 'name="title"' not in sheet
    assert browser.post("/opportunities/O0001", {**FORM, "version": 1}).status_code == 403
    assert browser.post("/opportunities/new", {**FORM, "customer": "C0001"}).status_code == 403
