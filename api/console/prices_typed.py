"""Numbers and days as typed into the forms of products and prices."""

from datetime import date
from decimal import Decimal

from pydantic_core import PydanticCustomError

from core.language import Language
from core.money import plain
from crm.imports.cells import as_decimal

_UNREADABLE = Decimal("NaN")


def number_of(text: str) -> Decimal | None:
    """The number typed; None where nothing was, NaN where it is no number."""
    try:
        return as_decimal(text.strip().removesuffix("%").strip() or None, money=True)
    except PydanticCustomError:
        return _UNREADABLE


def day_of(text: str) -> date | None:
    """The day typed; None where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def typed_from(number: Decimal, language: Language) -> str:
    """`number` as it is typed in `language`."""
    return plain(number) if language == "en" else plain(number).replace(".", ",")
