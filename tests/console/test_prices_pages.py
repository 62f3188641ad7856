"""The screens of price lists, rates, bundles, costs and margins: by right, and wrong forms come back as typed."""

from collections.abc import Callable
from html import unescape

from assistant.context import Parts
from core.clock import today
from crm.actor import SYSTEM
from crm.people import actor_for
from crm.session import unit
from crm.settings_company import present
from tests.conftest import ConsoleClient
from tests.offers.price_samples import edit

Console = Callable[[str], ConsoleClient]
DAY = today().isoformat()
LIST = {"code": "bartok", "name": "Bartók 2026", "customer": "C0001", "valid_from": DAY, "active": "yes"}


def plain(text: str) -> str:
    return unescape(text).replace("\xa0", " ")


def test_a_list_is_made_gets_prices_and_an_offer_takes_them(console: Console, parts: Parts) -> None:
    mate = console("mate")
    wrong = mate.post("/price-lists/new", {**LIST, "segment": "A"})
    assert wrong.status_code == 422 and 'value="Bartók 2026"' in unescape(wrong.text)
    assert mate.post("/price-lists/new", LIST).headers["location"] == "/price-lists/BARTOK"
    price = {"sku": "TOLL", "currency": "HUF", "unit_price": "9 900", "minimum_quantity": "5", "valid_from": DAY}
    assert mate.post("/price-lists/BARTOK/prices", price).status_code == 303
    assert "9 900 Ft" in plain(mate.get("/price-lists/BARTOK").text)
    assert mate.post("/price-lists/BARTOK/prices", {**price, "sku": "NINCS"}).status_code == 422
    assert "BARTOK" in mate.get("/price-lists").text and "Bartók 2026" in plain(mate.get("/products/TOLL").text)
    made = parts.offers.create(actor_for(parts.engine, "nora"), "C0001", edit(("TOLL", "5")))
    assert made.lines[0].unit_price == "9900"


def test_who_may_only_read_changes_no_list_no_rate_and_no_bundle(console: Console, parts: Parts) -> None:
    nora = console("nora")
    assert nora.get("/price-lists").status_code == 200 and nora.get("/price-lists/new").status_code == 403
    assert nora.post("/price-lists/new", LIST).status_code == 403
    assert nora.post("/products/TOLL/contents", {"part": "TEA", "part_quantity": "1"}).status_code == 403
    cost = {"cost_currency": "HUF", "unit_cost": "1", "cost_from": DAY}
    assert nora.post("/products/TOLL/costs", cost).status_code == 403
    rate = {"base": "EUR", "quote": "HUF", "rate": "400", "valid_from": DAY}
    assert nora.post("/settings/rates", rate).status_code == 403
    assert console("mate").post("/settings/rates", rate).status_code == 403


def test_an_administrator_gives_and_withdraws_a_rate(console: Console, parts: Parts) -> None:
    ada = console("ada")
    wrong = ada.post("/settings/rates", {"base": "EUR", "quote": "EUR", "rate": "400", "valid_from": DAY})
    assert wrong.status_code == 422 and 'value="400"' in wrong.text
    given = {"base": "EUR", "quote": "HUF", "rate": "395,5", "valid_from": DAY, "source": "Minta Bank"}
    assert ada.post("/settings/rates", given).status_code == 303
    assert "1 EUR = 395,5 HUF" in plain(ada.get("/settings/rates").text)
    assert ada.post("/settings/rates/1/withdraw", {"version": "1"}).status_code == 303
    assert "395,5" not in ada.get("/settings/rates").text


def test_vat_rules_are_switched_on_and_off(console: Console, parts: Parts) -> None:
    ada = console("ada")

    def save(**boxes: str) -> int:
        with unit(parts.engine, SYSTEM, writes=False) as session:
            company, version = present(session)
        names = ("name", "address", "tax_number", "email", "phone", "bank_account", "website", "offer_series")
        typed = {name: str(getattr(company, name)) for name in (*names, "offer_valid_days", "follow_up_days")}
        return ada.post("/settings/company", {**typed, "version": str(version), "country": "hu", **boxes}).status_code

    assert save(vat_reverse_charge="yes") == 303
    with unit(parts.engine, SYSTEM, writes=False) as session:
        kept = present(session)[0]
    assert (kept.vat_reverse_charge, kept.vat_export, kept.country) == (True, False, "HU")
    assert save() == 303
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert not present(session)[0].vat_reverse_charge


def test_costs_and_margins_are_shown_to_those_with_the_right_alone(console: Console, parts: Parts) -> None:
    ada, mate, nora = console("ada"), console("mate"), console("nora")
    cost = {"cost_currency": "HUF", "unit_cost": "8765", "cost_from": DAY}
    assert ada.post("/products/TOLL/costs", cost).status_code == 303
    number = parts.offers.create(actor_for(parts.engine, "nora"), "C0001", edit(("TOLL", "2"))).number
    assert "8 765 Ft" in plain(mate.get("/products/TOLL").text) and "8 765" not in plain(
        nora.get("/products/TOLL").text
    )
    margin = mate.get(f"/offers/{number}/margin")
    assert margin.status_code == 200 and "6 470 Ft" in plain(margin.text)
    assert nora.get(f"/offers/{number}/margin").status_code == 403
    assert "/margin" in mate.get(f"/offers/{number}").text and "/margin" not in nora.get(f"/offers/{number}").text
    assert "12 000 Ft" in plain(nora.get(f"/offers/{number}/figures").text)
