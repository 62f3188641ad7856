"""Money: exact decimals, rounded half up to a currency's minor unit, printed the local way."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, get_args

from babel.numbers import format_decimal

from core.language import Language

Currency = Literal["HUF", "EUR", "PLN"]
CURRENCIES: tuple[Currency, ...] = get_args(Currency)

# The business rounds forints to whole ones, although ISO 4217 gives HUF two digits.
MINOR_DIGITS: dict[Currency, int] = {"HUF": 0, "EUR": 2, "PLN": 2}
_SYMBOL: dict[Currency, str] = {"HUF": "Ft", "EUR": "EUR", "PLN": "zł"}


def round_money(amount: Decimal, currency: Currency) -> Decimal:
    """`amount` rounded half up (away from zero on a tie) to the minor unit of `currency`."""
    with localcontext() as context:
        context.prec = 60
        return amount.quantize(Decimal(1).scaleb(-MINOR_DIGITS[currency]), rounding=ROUND_HALF_UP)


def exact(amount: Decimal) -> str:
    """`amount` as a plain decimal string, never in exponent form: what the API sends."""
    return format(amount, "f")


def plain(number: Decimal) -> str:
    """`number` as a plain decimal string without trailing zeros: quantities and percentages."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_number(number: Decimal, language: Language, digits: int | None = None) -> str:
    """`number` with the separators of `language`; exactly `digits` decimals, or as many as it has."""
    if digits is None:
        digits = max(0, -int(Decimal(plain(number)).as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    with localcontext() as context:
        context.prec = 60
        return format_decimal(number, format=pattern, locale=language, decimal_quantization=True)


def print_money(amount: Decimal, currency: Currency, language: Language) -> str:
    """`amount` with separators of `language`, the currency's decimals and its sign after it.

    Babel's own currency pattern prints forints with two decimals, so only its number pattern is used.
    """
    symbol = "HUF" if currency == "HUF" and language != "hu" else _SYMBOL[currency]
    symbol = "PLN" if currency == "PLN" and language != "pl" else symbol
    return f"{print_number(amount, language, MINOR_DIGITS[currency])}\u00a0{symbol}"
