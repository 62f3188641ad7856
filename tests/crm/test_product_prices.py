"""Products and their prices: no day has two prices, and what was offered keeps the price it was offered at."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from assistant.context import Parts
from core.clock import today
from core.errors import AppError, Forbidden
from crm import product_changes, product_list
from crm.actor import SYSTEM, Actor
from crm.lists import found
from crm.product_changes import ProductFields
from crm.product_list import ProductFilters
from crm.session import unit
from crm.tables import Price, Product
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
D = Decimal
GOOD = ProductFields("Szék", "Krzesło", "Chair", "db", D(27), D(1), "Bútor")


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def rows_of(engine: Engine, sku: str, currency: str = "HUF") -> list[tuple[Decimal, date, date | None]]:
    with unit(engine, SYSTEM, writes=False) as session:
        rows = product_changes.price_rows(session, product_changes.find(session, sku))
        return [(row.unit_price, row.valid_from, row.valid_to) for row in rows if row.currency == currency]


def give(engine: Engine, actor: Actor, amount: Decimal, first: date, last: date | None = None) -> None:
    with unit(engine, actor) as session:
        product_changes.new_price(session, product_changes.find(session, "TOLL"), "HUF", amount, first, last)


def test_a_new_price_ends_the_former_the_day_before(engine: Engine, people: People, company: None) -> None:
    give(engine, people("mate"), D(13000), in_days(5))
    assert rows_of(engine, "TOLL") == [
        (D(12000), date(2020, 1, 1), in_days(4)),
        (D(13000), in_days(5), None),
    ]


def test_a_price_before_one_to_come_ends_where_that_begins(engine: Engine, people: People, company: None) -> None:
    mate = people("mate")
    give(engine, mate, D(15000), in_days(30))
    give(engine, mate, D(14000), in_days(10))
    assert rows_of(engine, "TOLL")[1:] == [
        (D(14000), in_days(10), in_days(29)),
        (D(15000), in_days(30), None),
    ]
    with pytest.raises(AppError) as refused:
        give(engine, mate, D(1), in_days(12), in_days(30))
    assert refused.value.code == "price_overlaps"


steps = st.tuples(
    st.integers(min_value=0, max_value=20),
    st.none() | st.integers(min_value=0, max_value=20),
    st.decimals(min_value=1, max_value=9, places=2),
)


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=8))
def test_whatever_is_given_no_day_has_two_prices_and_the_last_given_holds(
    engine: Engine, people: People, company: None, given: list[tuple[int, int | None, Decimal]]
) -> None:
    with unit(engine, SYSTEM) as session:
        session.execute(delete(Price).where(Price.valid_from >= today()))
        for row in product_changes.price_rows(session, product_changes.find(session, "TOLL")):
            row.valid_to = None
    mate = people("mate")
    for first, length, amount in given:
        last = in_days(first + length) if length is not None else None
        try:
            give(engine, mate, amount, in_days(first), last)
        except AppError as refused:
            assert refused.code == "price_overlaps"
            continue
        rows = rows_of(engine, "TOLL")
        for day in (in_days(n) for n in range(-1, 45)):
            holding = [amount for amount, start, end in rows if start <= day and (end is None or day <= end)]
            assert len(holding) <= 1
        assert next(a for a, start, _ in rows if start == in_days(first)) == amount


@pytest.mark.parametrize(
    ("amount", "first", "last", "code"),
    [
        (None, 0, None, "price_wrong"),
        (D(-1), 0, None, "price_wrong"),
        (D("NaN"), 0, None, "price_wrong"),
        (D("1.00001"), 0, None, "price_wrong"),
        (D(1), -1, None, "price_day_wrong"),
        (D(1), 3, 2, "price_end_wrong"),
    ],
)
def test_a_price_that_cannot_be_is_refused(
    engine: Engine,
    people: People,
    company: None,
    amount: Decimal | None,
    first: int,
    last: int | None,
    code: str,
) -> None:
    with pytest.raises(AppError) as refused, unit(engine, people("mate")) as session:
        toll = product_changes.find(session, "TOLL")
        end = in_days(last) if last is not None else None
        product_changes.new_price(session, toll, "HUF", amount, in_days(first), end)
    assert refused.value.code == code


def test_a_price_an_offer_was_made_at_is_not_corrected_but_followed(
    engine: Engine, people: People, parts: Parts
) -> None:
    mate = people("mate")
    give(engine, mate, D(12500), today())
    give(engine, mate, D(12600), today())
    edit = Edit((EditedLine("TOLL", D(1)),), in_days(9), 8)
    assert parts.offers.create(mate, "C0001", edit).totals.net == "12600"
    with pytest.raises(AppError) as refused:
        give(engine, mate, D(12700), today())
    assert refused.value.code == "price_in_use"
    give(engine, mate, D(12700), in_days(1))
    assert rows_of(engine, "TOLL")[1:] == [(D(12600), today(), today()), (D(12700), in_days(1), None)]


@pytest.mark.parametrize("login", ["nora", "rita"])
def test_products_and_prices_are_changed_by_right_only(
    engine: Engine, people: People, company: None, login: str
) -> None:
    with pytest.raises(Forbidden):
        give(engine, people(login), D(1), in_days(1))
    with pytest.raises(Forbidden), unit(engine, people(login)) as session:
        product_changes.create(session, "SZEK", GOOD)
    with pytest.raises(Forbidden), unit(engine, people(login)) as session:
        toll = product_changes.find(session, "TOLL")
        product_changes.change(session, toll, toll.version, GOOD)


def test_a_product_is_made_changed_and_told_when_it_was_changed_meanwhile(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("mate")) as session:
        made = product_changes.create(session, " szek-1 ", GOOD)
        assert (made.sku, made.category, made.active) == ("SZEK-1", "Bútor", True)
        read = made.version
        product_changes.change(session, made, read, ProductFields("Szék", "Krzesło", "Seat", "db", D(5), D(2)))
        assert (made.name_en, made.vat_percent, made.category) == ("Seat", D(5), None)
    with pytest.raises(AppError) as stale, unit(engine, people("ada")) as session:
        product_changes.change(session, product_changes.find(session, "SZEK-1"), read, GOOD)
    assert stale.value.code == "conflict"
    with pytest.raises(AppError) as taken, unit(engine, people("ada")) as session:
        product_changes.create(session, "szek-1", GOOD)
    assert taken.value.code == "product_sku_taken"


def test_every_wrong_field_is_told_by_its_name() -> None:
    bad = ProductFields(" ", "x" * 301, "Chair", "", D("0.27"), None)
    assert set(product_changes.wrong(bad)) == {"name_hu", "name_pl", "unit", "vat_percent", "minimum_quantity"}
    assert product_changes.wrong(GOOD) == {}


def test_the_list_finds_names_in_any_language_and_shows_what_holds_and_what_comes(
    engine: Engine, people: People, company: None
) -> None:
    give(engine, people("mate"), D(13000), in_days(5))
    with unit(engine, SYSTEM) as session:
        product_changes.find(session, "TEA").active = False
    with unit(engine, people("nora"), writes=False) as session:

        def skus(filters: ProductFilters, order: str = "sku") -> list[str]:
            query = product_list.query_for(session, filters, order, "en")
            return [p.sku for p in found(session, query, Product.id).rows]

        assert skus(ProductFilters(text="TOLTO")) == ["TOLL"]
        assert skus(ProductFilters(text="atrament")) == ["TINTA-K", "TINTA-P"]
        assert skus(ProductFilters(state=product_list.WITHDRAWN)) == ["TEA"]
        on_sale = skus(ProductFilters(state=product_list.ON_SALE), "-name")
        assert on_sale == ["TINTA-P", "TOLL", "VIGY", "TINTA-K"]
        toll = product_changes.find(session, "TOLL")
        shown = product_list.prices(session, [toll])[toll.id]["HUF"]
        assert shown.current is not None and shown.current.unit_price == 12000
        assert shown.coming is not None and shown.coming.valid_from == in_days(5)
