"""Stored currency codes as the currencies the product knows."""

from core.errors import AppError
from core.money import CURRENCIES, Currency


def as_currency(code: str) -> Currency:
    """`code` as a currency the product can price in. Raises `AppError("unknown_currency")`."""
    found = next((currency for currency in CURRENCIES if currency == code.upper()), None)
    if found is None:
        raise AppError("unknown_currency", 422, currency=code, known=", ".join(CURRENCIES))
    return found
