"""The fixed words of an offer document: labels, units of sale, dates and terms in its language."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import cast

from babel import Locale
from babel.dates import format_date

from core.errors import say
from core.language import Language
from core.money import Currency, print_money

TEMPLATES = Path(__file__).parents[1] / "templates"

# English offers go to buyers in Europe, who read 22 December 2026 and not December 22, 2026.
_DATE_LOCALE: dict[Language, str] = {"hu": "hu", "pl": "pl", "en": "en_GB"}


@lru_cache
def _file(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((TEMPLATES / name).read_text(encoding="utf-8"))


@lru_cache
def labels(language: Language) -> dict[str, str]:
    """Every fixed word by its name in `labels.toml`. Callers share the mapping and must not change it."""
    return {name: text for name, text in _file("labels.toml")[language].items() if isinstance(text, str)}


def _by_number(forms: dict[str, str], number: Decimal, language: Language) -> str:
    return forms.get(Locale.parse(language).plural_form(number), forms["other"])


def unit_word(unit: str, quantity: Decimal, language: Language) -> str:
    """The unit of sale `unit` (kept in Hungarian: db, óra, nap) as `quantity` of it is said in `language`.

    An unknown unit, and every unit in a Hungarian document, prints as it is.
    """
    forms = _file("units.toml").get(unit.strip().lower(), {}).get(language)
    return unit if forms is None else _by_number(cast(dict[str, str], forms), quantity, language)


def payment_words(days: int, language: Language) -> str:
    """When an invoice falls due: `days` calendar days from its date, or on receipt when that is 0."""
    if days <= 0:
        return labels(language)["pay_on_receipt"]
    forms = cast(dict[str, str], _file("labels.toml")[language]["pay_days"])
    return _by_number(forms, Decimal(days), language).format(n=days)


def vat_note(rule: str, language: Language) -> str:
    """Why there is no VAT, where `rule` is `reverse_charge` or `export`; empty where it is."""
    return say(f"vat_note_{rule}", language) if rule else ""


def print_date(day: date, language: Language) -> str:
    """`day` with the month spelt out: 2026. december 22., 22 grudnia 2026, 22 December 2026."""
    return format_date(day, "long", locale=_DATE_LOCALE[language])


@lru_cache
def currency_sign(currency: Currency, language: Language) -> str:
    """The sign that `print_money` puts after an amount, such as Ft, HUF or zł."""
    return print_money(Decimal(0), currency, language).rsplit("\u00a0", 1)[1]
