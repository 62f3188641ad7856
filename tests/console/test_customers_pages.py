"""The screens of customers: lists by address, cells changed in place, sheets, forms that lose nothing."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from api.console.catalogue import messages
from api.console.render import words_of
from core.clock import today
from core.language import Language
from crm import customer_changes, customers
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Activity, Customer, Grant
from knowledge.pages import help_pages
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]
HTMX = {"HX-Request": "true"}


def names(text: str) -> set[str]:
    """The sample firms a page shows."""
    return {code for code in ("C0001", "C0002", "C0003", "C0004", "C0005") if f'href="/customers/{code}"' in text}


def stored(engine: Engine, code: str) -> Customer:
    with unit(engine, SYSTEM, writes=False) as session:
        return customers.by_code(session, code)


def test_the_list_holds_what_its_address_says_and_the_user_may_see(console: Console) -> None:
    assert names(console("nora").get("/customers").text) == {"C0001", "C0002", "C0003", "C0004", "C0005"}
    assert names(console("nora").get("/customers?q=bart&owner=me").text) == {"C0001"}
    assert names(console("nora").get("/customers?owner=unassigned").text) == {"C0003"}
    assert names(console("rita").get("/customers").text) == {"C0002", "C0003"}
    assert names(console("rita").get("/customers?q=malinowski").text) == set()


@pytest.mark.parametrize(
    "query",
    ["order=zzz", "offset=999999", "quiet=x", "open=maybe", "columns=nothing", "q=%F0%9F%A6%8A'%25_"],
)
def test_an_address_made_up_by_hand_is_still_a_list(console: Console, query: str) -> None:
    assert console("nora").get(f"/customers?{query}").status_code == 200


def test_columns_are_chosen_by_boxes_and_kept_in_the_address(console: Console) -> None:
    chosen = console("nora").get("/customers?q=b&column=city&column=tax_number&column=nonsense")
    assert chosen.status_code == 303
    assert chosen.headers["location"] == "/customers?q=b&columns=city%2Ctax_number&order=name"
    shown = console("nora").get(chosen.headers["location"]).text
    assert "12345671-2-41" in shown and 'data-label="Státusz"' not in shown


def test_a_hidden_field_is_no_column_no_fact_and_no_form_field(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        grant = session.scalars(
            select(Grant).where(Grant.role_code == "normal", Grant.resource_name == "customer", Grant.action == "read")
        ).one()
        grant.hidden_fields = ["employees", "sites"]
    browser = console("nora")
    for path in ("/customers?columns=employees", "/customers/C0001", "/customers/C0001/edit"):
        assert "Létszám" not in browser.get(path).text
    assert browser.get("/customers/C0001/cell/employees").status_code == 404


def test_a_cell_turns_into_a_form_and_back(console: Console, engine: Engine) -> None:
    browser = console("nora")
    form = browser.get("/customers/C0001/cell/city?edit=true", **HTMX).text
    assert '<input id="edit-C0001-city" name="value"' in form and 'name="version" value="1"' in form
    answer = browser.post("/customers/C0001/cell/city", {"version": "1", "value": "Vác"}, **HTMX)
    assert answer.status_code == 200 and "Vác" in answer.text and "<form" not in answer.text
    assert stored(engine, "C0001").city == "Vác"


def test_what_cannot_be_kept_comes_back_in_the_cell_as_typed_with_the_reason(console: Console, engine: Engine) -> None:
    browser = console("nora")
    refused = browser.post("/customers/C0001/cell/tax_number", {"version": "1", "value": "<b>12345672"}, **HTMX)
    assert refused.status_code == 422
    assert 'value="&lt;b&gt;12345672"' in refused.text and 'aria-invalid="true"' in refused.text
    assert "adószám" in refused.text
    assert stored(engine, "C0001").tax_number == "12345671-2-41"


def test_a_cell_that_somebody_else_changed_says_so_and_keeps_what_was_typed(
    console: Console, engine: Engine, people: People
) -> None:
    with unit(engine, people("mate")) as session:
        customer_changes.update(session, "C0001", 1, {"city": "Eger"})
    stale = console("nora").post("/customers/C0001/cell/city", {"version": "1", "value": "Vác"}, **HTMX)
    assert stale.status_code == 409 and 'value="Vác"' in stale.text and 'name="version" value="2"' in stale.text
    assert "valaki más módosította" in stale.text


def test_the_owner_is_chosen_from_those_the_user_could_give_it_to(console: Console) -> None:
    mine = console("rita").get("/customers/C0002/cell/owner?edit=true", **HTMX).text
    assert 'value="rita"' in mine and 'value="nora"' not in mine
    assert 'value="nora"' in console("nora").get("/customers/C0002/cell/owner?edit=true", **HTMX).text


@pytest.mark.parametrize(
    "path",
    [
        "/customers/{}",
        "/customers/{}/edit",
        "/customers/{}/history",
        "/customers/{}/contacts",
        "/customers/{}/cell/city",
    ],
)
def test_not_found_and_not_allowed_look_the_same(console: Console, path: str) -> None:
    browser = console("rita")
    hidden, missing = browser.get(path.format("C0001")), browser.get(path.format("C0009"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("C0001", "C0009") == missing.text


def test_who_may_not_read_customers_has_no_such_screens(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        for grant in session.scalars(
            select(Grant).where(Grant.role_code == "normal", Grant.resource_name == "customer")
        ):
            session.delete(grant)
    for path in ("/customers", "/customers/new", "/customers/export.xlsx", "/customers/C0001"):
        assert console("nora").get(path).status_code == 404


def test_who_may_not_change_customers_is_offered_no_change(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        for grant in session.scalars(
            select(Grant).where(
                Grant.role_code == "normal", Grant.resource_name.in_(("customer", "contact")), Grant.action != "read"
            )
        ):
            session.delete(grant)
    browser = console("nora")
    for path in ("/customers", "/customers/C0001"):
        page = browser.get(path).text
        assert "cell-open" not in page and 'aria-disabled="true"' in page
        assert "Ehhez a szintednek nincs joga" in page or "nincs jog" in page
    assert browser.post("/customers/C0001/cell/city", {"version": "1", "value": "Vác"}).status_code == 403
    assert browser.post("/customers/new", {"name": "x"}).status_code == 403


NEW = {
    "name": "Körte Kft.",
    "country": "HU",
    "currency": "HUF",
    "language": "hu",
    "payment_days": "8",
    "status": "active",
}


def test_a_new_customer_is_added_and_its_sheet_opens(console: Console, engine: Engine) -> None:
    browser = console("nora")
    added = browser.post("/customers/new", {**NEW, "owner": "nora"})
    assert (added.status_code, added.headers["location"]) == (303, "/customers/C0006")
    sheet = browser.get("/customers/C0006").text
    assert "Körte Kft." in sheet and '"type": "customer"' in sheet


def test_a_form_that_is_refused_comes_back_as_typed(console: Console) -> None:
    refused = console("nora").post("/customers/new", {**NEW, "name": " ", "city": "Vác", "employees": "sok"})
    assert refused.status_code == 422
    assert (
        'value="Vác"' in refused.text
        and 'value="sok"' in refused.text
        and refused.text.count('aria-invalid="true"') == 2
    )


def test_a_firm_that_may_be_there_is_shown_before_it_is_added_again(console: Console, engine: Engine) -> None:
    browser = console("nora")
    warned = browser.post("/customers/new", {**NEW, "name": "bartok KFT"})
    assert warned.status_code == 409 and 'href="/customers/C0001"' in warned.text and 'name="anyway"' in warned.text
    assert browser.post("/customers/new", {**NEW, "name": "bartok KFT", "anyway": "yes"}).status_code == 303


def test_a_stale_form_loses_nothing_and_shows_what_is_saved_now(
    console: Console, engine: Engine, people: People
) -> None:
    with unit(engine, people("mate")) as session:
        customer_changes.update(session, "C0001", 1, {"city": "Eger"})
    stale = console("nora").post("/customers/C0001/edit", {**NEW, "city": "Vác", "version": "1"})
    assert stale.status_code == 409 and 'value="Vác"' in stale.text and "Eger" in stale.text
    again = console("nora").post("/customers/C0001/edit", {**NEW, "city": "Vác", "version": "2"})
    assert again.status_code == 303 and stored(engine, "C0001").city == "Vác"


def test_contacts_are_added_changed_and_removed_in_their_card(console: Console, engine: Engine) -> None:
    browser = console("nora")
    card = browser.post(
        "/customers/C0001/contacts", {"family_name": "Nagy", "given_name": "Anna", "email": "anna@x.example"}, **HTMX
    ).text
    assert "Nagy Anna" in card and "anna@x.example" in card
    contact_id = card.split('id="edit-contact-')[-1].split('"')[0]
    wrong = browser.post(
        f"/customers/C0001/contacts/{contact_id}",
        {"family_name": "Nagy", "given_name": "Anna", "email": "anna", "version": "1"},
        **HTMX,
    )
    assert wrong.status_code == 422 and 'value="anna"' in wrong.text
    gone = browser.post(f"/customers/C0001/contacts/{contact_id}/remove", {"version": "1"}, **HTMX)
    assert gone.status_code == 200 and "Nagy Anna" not in gone.text


def test_the_sheet_tells_to_dos_apart_from_history(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0001")
        for subject, state in (("Nyitott teendő", "open"), ("Régi hívás", "done")):
            session.add(Activity(customer_id=firm.id, type_code="call", subject=subject, due=today(), state=state))
    sheet = console("nora").get("/customers/C0001").text
    to_dos, history = sheet.split('id="tasks-title"')[1].split('id="history-title"')
    assert "Nyitott teendő" in to_dos and "Régi hívás" not in to_dos
    assert "Régi hívás" in history and "Nyitott teendő" not in history


def test_the_history_goes_on_by_pages(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0001")
        for n in range(30):
            session.add(
                Activity(customer_id=firm.id, type_code="call", subject=f"Hívás {n:02}", due=today(), state="done")
            )
    browser = console("nora")
    first = browser.get("/customers/C0001").text
    assert "/customers/C0001/history?offset=20" in first
    second = browser.get("/customers/C0001/history?offset=20", **HTMX).text
    assert sum(f"Hívás {n:02}" in first for n in range(30)) + sum(f"Hívás {n:02}" in second for n in range(30)) == 30


def test_handing_over_takes_the_open_work_along(console: Console, engine: Engine, people: People) -> None:
    nora = people("nora").user_id
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0001")
        session.add(Activity(customer_id=firm.id, type_code="task", subject="x", due=today(), assignee_id=nora))
    given = console("nora").post("/customers/C0001/owner", {"version": "1", "owner": "rita", "open_work": "yes"})
    assert given.status_code == 303
    assert stored(engine, "C0001").owner_id == people("rita").user_id
    refused = console("rita").post("/customers/C0001/owner", {"version": "2", "owner": "nora"})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text


def test_the_list_as_a_workbook_holds_the_same_rows_and_no_formula(console: Console, engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0002")
        firm.name, firm.city, firm.employees = '=HYPERLINK("http://x.example")', "+36", 12
    made = console("rita").get("/customers/export.xlsx?columns=city%2Cemployees&order=code")
    assert made.headers["content-type"].startswith("application/vnd.openxmlformats")
    sheet = load_workbook(BytesIO(made.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == ["Kód", "Név", "Város", "Létszám"]
    assert [row[0].value for row in rows[1:]] == ["C0002", "C0003"]
    assert rows[1][1].value == '=HYPERLINK("http://x.example")' and rows[1][3].value == 12
    assert "f" not in {cell.data_type for row in rows for cell in row}
    assert rows[1][1].quotePrefix and rows[1][2].quotePrefix


def test_views_are_saved_shown_renamed_and_deleted(console: Console) -> None:
    browser = console("nora")
    saved = browser.post("/views/customers", {"name": "Enyéim", "query": "owner=me&order=-name"})
    assert saved.headers["location"] == "/customers?owner=me&order=-name"
    page = browser.get("/customers?owner=me&order=-name").text
    assert 'aria-current="true">' in page and "Enyéim" in page
    view_id = page.split('action="/views/')[1].split("/")[0]
    assert "Enyéim" not in console("mate").get("/customers").text
    assert console("mate").post(f"/views/{view_id}/delete").status_code == 404
    assert browser.post(f"/views/{view_id}/rename", {"name": "Saját"}).status_code == 303
    assert "Saját" in browser.get("/customers").text
    assert browser.post(f"/views/{view_id}/delete").status_code == 303
    assert "Saját" not in browser.get("/customers").text
    assert browser.post("/views/nowhere", {"name": "x", "query": ""}, **HTMX).status_code == 422


@pytest.mark.parametrize("login", ["nora", "rita"])
def test_names_are_shown_as_text(console: Console, engine: Engine, login: str) -> None:
    evil = '<img src=x onerror="alert(1)">{{7*7}}'
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0003")
        firm.name, firm.city, firm.industry = evil, evil, evil
        session.add(Activity(customer_id=firm.id, type_code="call", subject=evil, note=evil, due=today(), state="done"))
    browser = console(login)
    for path in ("/customers?columns=city,industry", "/customers/C0003", "/customers/C0003/edit"):
        assert "<img src=x" not in browser.get(path).text


@pytest.mark.parametrize("language", ["hu", "pl", "en"])
def test_the_help_page_of_the_list_names_what_stands_on_it(language: Language) -> None:
    page = next(p for p in help_pages() if p.id == "lists-and-views" and p.language == language)
    named = set(re.findall("[“„]([^”“„]+)”", page.body))
    english = {text for _area, text in messages() if isinstance(text, str)}
    assert len(named) >= 7
    assert named <= {words_of(language)(text) for text in english}
