"""The price that is chosen is the one the rule says: nearest list, largest quantity, latest row, then the rate."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.errors import AppError
from core.money import MINOR_DIGITS, Currency
from crm import customers, exchange
from crm.actor import SYSTEM, Actor
from crm.session import CrmSession, unit
from crm.tables import Price
from offers.prices import ForWhom, Priced, priced
from tests.offers.price_samples import D, Listed, Row, edit, give_rate, product_of, put, worked_out

People = Callable[[str], Actor]
QUICK = hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEGMENT, CAMPAIGN = "Kiemelt", "Tavaszi megújulás"
LISTS = st.builds(
    Listed,
    st.none(),
    st.none(),
    st.none(),
    st.integers(-5, 2),
    st.none() | st.integers(-2, 5),
    st.booleans() | st.just(True),
).flatmap(
    lambda one: st.sampled_from(
        [
            Listed("C0001", None, None, one.first, one.last, one.active),
            Listed("C0002", None, None, one.first, one.last, one.active),
            Listed(None, "kiemelt", None, one.first, one.last, one.active),
            Listed(None, "Egyéb", None, one.first, one.last, one.active),
            Listed(None, None, "TAVASZI megujulas", one.first, one.last, one.active),
            Listed(None, None, "Őszi", one.first, one.last, one.active),
        ]
    )
)
WORLDS = st.lists(LISTS, max_size=4).flatmap(
    lambda lists: st.tuples(
        st.just(lists),
        st.lists(
            st.builds(
                Row,
                st.none() if not lists else st.none() | st.integers(0, len(lists) - 1),
                st.sampled_from(["HUF", "EUR"]),
                st.integers(1, 9999).map(Decimal),
                st.sampled_from([D(0), D(1), D(5), D("10.5")]),
                st.integers(-4, 2),
                st.none() | st.integers(-2, 4),
            ),
            max_size=10,
            unique_by=lambda row: (row.on_list, row.currency, row.least, row.first),
        ),
    )
)


def by_hand(
    lists: Sequence[Listed], rows: Sequence[Row], quantity: Decimal, currency: str, segment: str | None, campaign: bool
) -> set[Decimal]:
    """The amounts the rule allows, by trying every row against every other."""

    def nearness(row: Row) -> int | None:
        if row.on_list is None:
            return 0
        one = lists[row.on_list]
        if not one.active or one.first > 0 or (one.last is not None and one.last < 0):
            return None
        if one.customer:
            return 3 if one.customer == "C0001" else None
        if one.campaign:
            return 2 if campaign and one.campaign.startswith("TAVASZI") else None
        return 1 if segment is not None and one.segment == "kiemelt" else None

    def holds(row: Row) -> bool:
        in_time = row.first <= 0 and (row.last is None or row.last >= 0)
        return in_time and row.least <= quantity and row.currency == currency and nearness(row) is not None

    def beats(one: Row, other: Row) -> bool:
        if nearness(one) != nearness(other):
            return (nearness(one) or 0) > (nearness(other) or 0)
        if one.on_list != other.on_list:
            assert one.on_list is not None and other.on_list is not None
            mine, theirs = (lists[one.on_list].first, one.on_list), (lists[other.on_list].first, other.on_list)
            return mine > theirs
        return (one.least, one.first) > (other.least, other.first)

    good = [row for row in rows if holds(row)]
    return {row.amount for row in good if not any(beats(other, row) for other in good if other is not row)}


def ask(
    session: CrmSession,
    quantity: Decimal,
    currency: Currency,
    campaign: str | None = None,
    earlier: Price | None = None,
) -> Priced:
    whom = ForWhom(customers.by_code(session, "C0001"), campaign)
    return priced(session, product_of(session), quantity, currency, whom, earlier)


class Undone(Exception):
    """Takes a world back, so that the next one begins from the same company."""


@QUICK
@given(WORLDS, st.sampled_from([D("0.5"), D(1), D(5), D("10.5"), D(700)]), st.none() | st.just(SEGMENT), st.booleans())
def test_the_row_chosen_is_the_one_the_rule_says(
    engine: Engine,
    company: None,
    world: tuple[list[Listed], list[Row]],
    quantity: Decimal,
    segment: str | None,
    campaign: bool,
) -> None:
    lists, rows = world
    with pytest.raises(Undone), unit(engine, SYSTEM) as session:
        put(session, lists, rows)
        customers.by_code(session, "C0001").segment = segment
        session.flush()
        allowed = by_hand(lists, rows, quantity, "HUF", segment, campaign)
        try:
            found = ask(session, quantity, "HUF", CAMPAIGN if campaign else None)
        except AppError as error:
            assert error.code == "no_price" and not allowed
        else:
            assert {found.unit_price} == allowed and found.price.currency == "HUF"
        raise Undone


def half_up(value: Fraction, currency: Currency) -> Fraction:
    scale = 10 ** MINOR_DIGITS[currency]
    return Fraction(int(value * scale + Fraction(1, 2)), scale)


@given(
    st.decimals(min_value=0, max_value=10**7, places=4),
    st.decimals(min_value="0.0001", max_value=10**5, places=4),
    st.booleans(),
    st.sampled_from(["HUF", "EUR", "PLN"]),
)
def test_a_converted_price_is_rounded_half_up_to_the_least_coin(
    amount: Decimal, rate: Decimal, forwards: bool, currency: Currency
) -> None:
    exact = Fraction(amount) * Fraction(rate) if forwards else Fraction(amount) / Fraction(rate)
    assert Fraction(exchange.converted(amount, rate, forwards, currency)) == half_up(exact, currency)


def test_a_price_is_converted_only_by_a_rate_somebody_gave_and_says_so(engine: Engine, company: None) -> None:
    with unit(engine, SYSTEM) as session:
        put(session, [], [Row(None, "EUR", D("10.01"), D(0), -1, None)])
        with pytest.raises(AppError) as refused:
            ask(session, D(1), "HUF")
        assert refused.value.code == "no_price"
        give_rate(session, "EUR", "HUF", D("399.5"), first=1)
        with pytest.raises(AppError):
            ask(session, D(1), "HUF")
        give_rate(session, "HUF", "EUR", D("0.0025"), first=-3)
        assert ask(session, D(1), "HUF").unit_price == D(4004)
        given = give_rate(session, "EUR", "HUF", D("390.25"), first=-1)
        found = ask(session, D(1), "HUF")
        assert (found.unit_price, found.price.currency) == (D(3906), "EUR")
        assert found.provenance["rate"] == {
            "id": given.id,
            "base": "EUR",
            "quote": "HUF",
            "rate": "390.25",
            "on": given.valid_from.isoformat(),
        }


def test_a_price_in_the_wanted_currency_goes_before_any_conversion(engine: Engine, company: None) -> None:
    with unit(engine, SYSTEM) as session:
        mine = Listed("C0001", None, None, -1, None, True)
        put(session, [mine], [Row(0, "EUR", D(1), D(0), -1, None), Row(None, "HUF", D(5000), D(0), -1, None)])
        give_rate(session, "EUR", "HUF", D(400))
        found = ask(session, D(1), "HUF")
        assert found.unit_price == 5000 and found.provenance["rate"] is None


def test_an_earlier_row_stays_the_source_only_under_the_same_list_and_quantity(engine: Engine, company: None) -> None:
    with unit(engine, SYSTEM) as session:
        mine = Listed("C0001", None, None, -9, None, True)
        rows = [
            Row(None, "HUF", D(900), D(0), -9, -1),
            Row(0, "HUF", D(900), D(10), -9, -1),
            Row(None, "HUF", D(900), D(0), 0, None),
            Row(0, "HUF", D(900), D(10), 0, None),
        ]
        put(session, [mine], rows)
        product = product_of(session)
        order = (Price.valid_from, Price.price_list_id)
        kept = session.scalars(select(Price).where(Price.product_id == product.id).order_by(*order)).all()
        everybodys, on_list, _, newest = kept
        assert ask(session, D(1), "HUF", earlier=everybodys).price is everybodys
        assert ask(session, D(1), "HUF", earlier=on_list).price is not on_list
        assert ask(session, D(10), "HUF", earlier=on_list).price is on_list
        assert ask(session, D(10), "HUF", earlier=everybodys).price is newest


def test_one_offer_has_one_rate(engine: Engine, company: None, people: People) -> None:
    with unit(engine, SYSTEM) as session:
        put(session, [], [Row(None, "EUR", D(10), D(0), -1, None)], "TOLL")
        put(session, [], [Row(None, "PLN", D(40), D(0), -1, None)], "TEA")
        euro = give_rate(session, "EUR", "HUF", D(400))
        give_rate(session, "PLN", "HUF", D(90))
    made = worked_out(engine, people("nora"), edit(("TOLL", "1"), ("TINTA-K", "1"), ("TEA", "5")))
    errors = [line.error.code if line.error else "" for line in made.lines]
    assert errors == ["", "", "offer_rates_differ"] and not made.complete
    alone = worked_out(engine, people("nora"), edit(("TOLL", "1"), ("TINTA-K", "1")))
    assert alone.complete and alone.rate is not None and alone.rate["id"] == euro.id
    assert alone.version(edit(("TOLL", "1"))).rate == alone.rate
