"""VAT of buyers abroad: only by a rule that is switched on, and only with a number that can be right."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.errors import say
from core.language import LANGUAGES
from crm import customers
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.company import Company
from crm.session import unit
from crm.tables import Customer
from offers import editing
from offers.provenance import require_sources
from offers.to_sheet import offer_sheet
from offers.vat import buyer_vat
from tests.offers.price_samples import D, edit, set_vat, worked_out

People = Callable[[str], Actor]
# Numbers whose check digits are right, of a country each.
VALID = {
    "PL": "5252344078",
    "DE": "DE136695976",
    "AT": "ATU13585627",
    "GR": "EL094259216",
    "SK": "SK2022749619",
    "HU": "12345676-2-41",
}
OUTSIDE = ("GB", "CH", "US", "RS", "XI")


@settings(deadline=None)
@given(
    st.sampled_from([*VALID, *OUTSIDE, ""]),
    st.sampled_from(["valid", "wrong", "none", "of another country"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["HU", "PL", "GB"]),
)
def test_the_rule_holds_only_where_it_is_on_and_its_conditions_are_met(
    country: str, number: str, reverse: bool, export: bool, seller: str
) -> None:
    other = next(code for code in VALID if code != country)
    numbers = {"valid": VALID.get(country, "GB123456782"), "wrong": "1234567890", "none": None}
    buyer = Customer(code="C1", name="X", country=country, tax_number=numbers.get(number, VALID[other]))
    found = buyer_vat(Company(country=seller, vat_reverse_charge=reverse, vat_export=export), buyer)
    in_union, seller_in_union = country in VALID, seller != "GB"
    if not seller_in_union or not country or country == seller:
        expected = ""
    elif not in_union:
        expected = "export" if export else ""
    else:
        expected = "reverse_charge" if reverse and number == "valid" else ""
    assert found.rule == expected
    nearly = reverse and in_union and seller_in_union and country != seller and number != "valid"
    assert (found.warning is not None) == nearly


def test_switched_off_everybody_pays_ordinary_vat(engine: Engine, company: None, people: People) -> None:
    with unit(engine, SYSTEM) as session:
        customers.by_code(session, "C0004").country = "PL"
        customers.by_code(session, "C0004").tax_number = VALID["PL"]
    made = worked_out(engine, people("nora"), edit(("TOLL", "1")), "C0004", "PLN")
    assert made.vat_rule == "" and [row.percent for row in made.vat] == [D(27)]


@pytest.mark.parametrize(
    ("country", "number", "rule"),
    [("PL", VALID["PL"], "reverse_charge"), ("GB", None, "export"), ("PL", "123", ""), ("HU", None, "")],
)
def test_an_offer_by_a_rule_has_no_vat_and_says_by_which(
    engine: Engine, company: None, people: People, country: str, number: str | None, rule: str
) -> None:
    set_vat(engine, vat_reverse_charge=True, vat_export=True)
    nora = people("nora")
    with unit(engine, SYSTEM) as session:
        buyer = customers.by_code(session, "C0004")
        buyer.country, buyer.tax_number = country, number
    with unit(engine, nora) as session:
        buyer = customers.by_code(session, "C0004")
        stored = editing.store_new(session, buyer, None, None, edit(("TOLL", "2"), ("TEA", "5")))
        number_of = stored.number
    with unit(engine, nora, writes=False) as session:
        offer = offer_records.by_number(session, number_of)
        version = offer.latest
        assert version.vat_rule == rule
        assert ("warn_vat_number" in str(version.warnings)) == (country == "PL" and not rule)
        assert {line.vat_percent for line in version.lines} == ({D(0)} if rule else {D(27), D(18)})
        assert (version.gross == version.net) == bool(rule)
        kept = [line.provenance for line in version.lines]
        assert all(one is not None and one["vat"]["rule"] == rule for one in kept)  # type: ignore[index]
        require_sources(offer_sheet(session, offer))


def test_every_rule_has_its_note_in_every_language() -> None:
    notes = {say(f"vat_note_{rule}", language) for rule in ("reverse_charge", "export") for language in LANGUAGES}
    assert len(notes) == 6 and all("2006/112" in note for note in notes)


def test_nothing_is_asked_of_a_buyer_who_is_not_known() -> None:
    assert buyer_vat(Company(vat_reverse_charge=True, vat_export=True), None).rule == ""
