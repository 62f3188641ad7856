"""Money is exact, rounded half up, and printed the way its readers write it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, MINOR_DIGITS, Currency, exact, plain, print_money, round_money

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@given(amounts, st.sampled_from(CURRENCIES))
def test_rounding_moves_by_at_most_half_a_minor_unit_and_ties_go_away_from_zero(
    amount: Decimal, currency: Currency
) -> None:
    unit = Decimal(1).scaleb(-MINOR_DIGITS[currency])
    rounded = round_money(amount, currency)
    assert abs(rounded - amount) <= unit / 2
    assert rounded % unit == 0
    if abs(rounded - amount) == unit / 2:
        assert abs(rounded) > abs(amount)


def test_half_a_forint_becomes_a_whole_one() -> None:
    assert round_money(Decimal("0.5"), "HUF") == 1
    assert round_money(Decimal("2.5"), "HUF") == 3
    assert round_money(Decimal("1.005"), "EUR") == Decimal("1.01")


def test_forints_have_no_decimals_and_each_language_its_own_separators() -> None:
    assert print_money(Decimal(722694), "HUF", "hu").replace("\u00a0", " ") == "722 694 Ft"
    assert print_money(Decimal("1806.74"), "EUR", "en").replace("\u00a0", " ") == "1,806.74 EUR"
    assert print_money(Decimal("15957.04"), "PLN", "pl").replace("\u00a0", " ") == "15 957,04 zł"


@given(amounts)
def test_the_api_form_is_never_in_exponent_form_and_loses_nothing(amount: Decimal) -> None:
    assert "E" not in exact(amount).upper()
    assert Decimal(exact(amount)) == amount
    assert Decimal(plain(amount)) == amount
