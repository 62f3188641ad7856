"""The arithmetic of an offer against the rules it is built on."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, MINOR_DIGITS, Currency
from offers.pricing import line_net, totals, vat_rows

quantities = st.decimals(min_value="0.0001", max_value=10**6, places=4)
prices = st.decimals(min_value=0, max_value=10**7, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
rates = st.sampled_from([Decimal(27), Decimal(18), Decimal(5), Decimal(23), Decimal(0)])


def half_up(value: Fraction, currency: Currency) -> Fraction:
    scale = 10 ** MINOR_DIGITS[currency]
    return Fraction(int(value * scale + Fraction(1, 2)), scale)


@given(quantities, prices, percents, st.sampled_from(CURRENCIES))
def test_a_line_is_quantity_times_price_less_discount_rounded_half_up(
    quantity: Decimal, price: Decimal, percent: Decimal, currency: Currency
) -> None:
    expected = half_up(Fraction(quantity) * Fraction(price) * (100 - Fraction(percent)) / 100, currency)
    assert Fraction(line_net(quantity, price, percent, currency)) == expected


@given(st.lists(st.tuples(prices, rates), min_size=1, max_size=30), st.sampled_from(CURRENCIES))
def test_vat_is_rounded_once_a_rate_and_the_totals_add_up(
    lines: list[tuple[Decimal, Decimal]], currency: Currency
) -> None:
    rows = vat_rows(lines, currency)
    assert len(rows) == len({rate for _, rate in lines})
    for row in rows:
        net = sum((net for net, rate in lines if rate == row.percent), Decimal(0))
        assert row.net == net
        assert Fraction(row.vat) == half_up(Fraction(net) * Fraction(row.percent) / 100, currency)
    sums = totals(rows)
    assert sums.gross == sums.net + sums.vat
    assert sums.net == sum((net for net, _ in lines), Decimal(0))


def test_the_readme_example() -> None:
    net = line_net(Decimal(10), Decimal(59900), Decimal(5), "HUF")
    assert net == 569050
    sums = totals(vat_rows([(net, Decimal(27))], "HUF"))
    assert (sums.vat, sums.gross) == (Decimal(153644), Decimal(722694))
