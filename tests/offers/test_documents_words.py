"""The fixed words of a document: complete in every language, and the right form of each unit."""

import string
from datetime import date
from decimal import Decimal

import pytest

from core.language import LANGUAGES, Language
from offers.documents.words import labels, payment_words, print_date, unit_word


def test_every_language_has_the_same_labels() -> None:
    names = [set(labels(language)) for language in LANGUAGES]
    assert names[0] == names[1] == names[2]
    assert all(text.strip() for language in LANGUAGES for text in labels(language).values())


def test_labels_with_blanks_have_the_same_blanks() -> None:
    blanks = [
        {name: {field for _, field, _, _ in string.Formatter().parse(text) if field} for name, text in words.items()}
        for words in map(labels, LANGUAGES)
    ]
    assert blanks[0] == blanks[1] == blanks[2]


@pytest.mark.parametrize(
    ("unit", "quantity", "language", "word"),
    [
        ("db", "10", "hu", "db"),
        ("db", "1", "pl", "szt."),
        ("db", "1", "en", "pc"),
        ("db", "10", "en", "pcs"),
        ("óra", "12.5", "pl", "godz."),
        ("óra", "12.5", "en", "hours"),
        ("nap", "1", "pl", "dzień"),
        ("nap", "3", "pl", "dni"),
        ("nap", "1.5", "pl", "dnia"),
        ("év", "2", "pl", "lata"),
        ("év", "5", "pl", "lat"),
        ("év", "1", "en", "year"),
        ("alkalom", "1", "pl", "usługa"),
        ("alkalom", "2", "en", "occasions"),
        ("kg", "2", "pl", "kg"),
        ("raklap", "2", "pl", "raklap"),
    ],
)
def test_a_unit_takes_the_form_its_quantity_needs(unit: str, quantity: str, language: Language, word: str) -> None:
    assert unit_word(unit, Decimal(quantity), language) == word


@pytest.mark.parametrize(
    ("language", "said"),
    [("hu", "2026. december 22."), ("pl", "22 grudnia 2026"), ("en", "22 December 2026")],
)
def test_a_date_spells_out_the_month(language: Language, said: str) -> None:
    assert print_date(date(2026, 12, 22), language) == said


@pytest.mark.parametrize(
    ("days", "language", "said"),
    [
        (8, "hu", "8 nap a számla keltétől"),
        (1, "pl", "1 dzień od daty wystawienia faktury"),
        (14, "pl", "14 dni od daty wystawienia faktury"),
        (1, "en", "1 day from the date of invoice"),
        (0, "en", "on receipt of invoice"),
    ],
)
def test_payment_terms_read_as_a_person_would_say_them(days: int, language: Language, said: str) -> None:
    assert payment_words(days, language) == said
