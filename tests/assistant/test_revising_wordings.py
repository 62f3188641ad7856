"""Wordings of changes: a message says just the wishes beside it, in each language; what is no change is left alone."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
from assistant.revising.claiming import is_new_offer
from assistant.revising.reading import read
from core.language import Language
from core.money import plain
from core.text import fold
from offers.request import CustomerName, ProductName
from offers.wishes import (
    AddLine,
    CopyFor,
    RemoveLine,
    SetCurrency,
    SetDiscount,
    SetLanguage,
    SetOptional,
    SetPayment,
    SetQuantity,
    SetText,
    SetValidity,
    SwapProduct,
    Wish,
)
from tests.assistant.revising_samples import EN, HU, NOT, PL

TODAY = date(2026, 11, 22)


class Goods:
    """The demo company's products, and one customer."""

    def __init__(self) -> None:
        source = Path(demo.__file__).parent / "data" / "products.csv"
        with source.open(encoding="utf-8") as file:
            self._products = tuple(
                ProductName(
                    row["sku"],
                    {"hu": row["name_hu"], "pl": row["name_pl"], "en": row["name_en"]},
                    row["unit"],
                    Decimal(row["minimum_quantity"] or 1),
                )
                for row in csv.DictReader(file)
            )
        self._bodza = CustomerName("C0042", "Bodza Bt.", None)

    def products(self) -> tuple[ProductName, ...]:
        """All of them."""
        return self._products

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        """Bodza, where a stem begins its name."""
        return (self._bodza,) if any("bodza".startswith(stem[:4]) for stem in stems) else ()

    def customer_by_code(self, code: str) -> CustomerName | None:
        """Bodza by its code."""
        return self._bodza if code.upper() == "C0042" else None

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        """None: it has no number."""
        return None


GOODS = Goods()


def short(wish: Wish) -> str:
    """A wish as the samples tell it."""

    def name(text: str) -> str:
        return fold(text)[:4].strip() or "-"

    def line(places: tuple[int, ...], text: str) -> str:
        return f"#{places[0]}" if places else name(text)

    match wish:
        case SetQuantity():
            number = plain(wish.quantity)
            return f"q {line(wish.at, wish.line)} {'+' if wish.relative and wish.quantity > 0 else ''}{number}"
        case RemoveLine():
            return f"rm {line(wish.at, wish.line)}"
        case AddLine():
            return f"add {name(wish.product)} {plain(wish.quantity) if wish.quantity is not None else '-'}"
        case SetDiscount():
            return f"off {'*' if wish.every else name(wish.line)} {plain(wish.percent)}"
        case SetOptional():
            return f"{'opt' if wish.optional else 'fix'} {name(wish.line)}"
        case SwapProduct():
            return f"swap {name(wish.line)}>{name(wish.product)}"
        case SetValidity():
            if wish.until is not None:
                return f"until {wish.until.isoformat()}"
            return f"days {wish.days}" if wish.days is not None else f"longer {wish.longer}"
        case SetPayment():
            return f"pay {wish.days}"
        case SetText():
            return f"text {wish.field}"
        case SetLanguage():
            return f"lang {wish.language}"
        case SetCurrency():
            return f"cur {wish.currency}"
        case CopyFor():
            return "copy bodz" if wish.customer in ("C0042", "Bodza") else f"copy {wish.customer}"
        case _:
            return wish.kind


def rows(language: Language, table: str) -> list[tuple[Language, str, str]]:
    """The samples of a table."""
    found = []
    for row in table.strip().splitlines():
        text, _, wanted = row.rpartition(" | ")
        found.append((language, text, wanted.strip()))
    return found


SAMPLES = [*rows("hu", HU), *rows("pl", PL), *rows("en", EN)]


@pytest.mark.parametrize(("language", "text", "wanted"), SAMPLES)
def test_a_wording_says_just_its_wishes(language: Language, text: str, wanted: str) -> None:
    found = read(text, language, GOODS, TODAY)
    told = "; ".join(map(short, found.wishes)) if found.whole else ""
    assert told == wanted


@pytest.mark.parametrize(("language", "text", "wanted"), SAMPLES)
@pytest.mark.parametrize("expected", ["hu", "pl", "en"])
def test_the_language_of_a_short_message_need_not_be_known(
    language: Language, text: str, wanted: str, expected: Language
) -> None:
    """Whatever language is expected, a message is read rightly or not at all: never as something else."""
    found = read(text, expected, GOODS, TODAY)
    assert not found.whole or "; ".join(map(short, found.wishes)) == wanted


@pytest.mark.parametrize("row", NOT.strip().splitlines())
def test_what_is_no_change_of_an_offer_is_left_to_others(row: str) -> None:
    language, _, text = row.partition(" | ")
    assert is_new_offer(text) or not read(text, language, GOODS, TODAY).whole  # type: ignore[arg-type]


@given(st.text(max_size=120), st.sampled_from(["hu", "pl", "en"]))
def test_any_text_is_read_without_a_fault(text: str, language: Language) -> None:
    read(text, language, GOODS, TODAY)
