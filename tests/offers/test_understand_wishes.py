"""Validity, currency, language and opportunity of the offer asked for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import Language
from offers.understand.validity import months_later
from tests.offers.understand_samples import TODAY, read


@given(st.integers(1, 400))
def test_days_of_validity_in_three_languages(days: int) -> None:
    assert read(f"2 lámpa, {days} napig érvényes", "hu").request.valid_days == days
    assert read(f"2 lampy, ważna {days} dni", "pl").request.valid_days == days
    assert read(f"2 lamps, valid for {days} days", "en").request.valid_days == days


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("két hétig", "hu", 14),
        ("15 napos érvényességgel", "hu", 15),
        ("valid for two weeks", "en", 14),
        ("30-day validity", "en", 30),
        ("oferta ma być ważna przez 3 tygodnie", "pl", 21),
    ],
)
def test_spans(text: str, language: Language, days: int) -> None:
    request = read(f"2 tablet 8, {text}", language).request
    assert (request.valid_days, request.valid_until) == (days, None)


@pytest.mark.parametrize(
    ("text", "language", "until"),
    [
        ("december 15-ig", "hu", "2026-12-15"),
        ("január 31-ig", "hu", "2027-01-31"),
        ("2026. december 20-ig", "hu", "2026-12-20"),
        ("2026-12-31-ig", "hu", "2026-12-31"),
        ("2026.12.31-ig", "hu", "2026-12-31"),
        ("péntekig", "hu", "2026-11-27"),
        ("a hónap végéig", "hu", "2026-11-30"),
        ("3 hónapig", "hu", "2027-02-22"),
        ("do 15 grudnia", "pl", "2026-12-15"),
        ("do 31.12.2026", "pl", "2026-12-31"),
        ("do piątku", "pl", "2026-11-27"),
        ("do końca roku", "pl", "2026-12-31"),
        ("ważna miesiąc", "pl", "2026-12-22"),
        ("valid until 31 December", "en", "2026-12-31"),
        ("until January 5th, 2027", "en", "2027-01-05"),
        ("by Friday", "en", "2026-11-27"),
        ("valid until the end of the month", "en", "2026-11-30"),
    ],
)
def test_last_days(text: str, language: Language, until: str) -> None:
    request = read(f"2 tablet 8, {text}", language).request
    assert (request.valid_until, request.valid_days) == (date.fromisoformat(until), None)


@pytest.mark.parametrize(
    "text", ["fizetés 8 napon belül", "szállítás 2 hét múlva", "a 2026-11-20-i megbeszélés alapján"]
)
def test_terms_of_payment_and_past_meetings_are_no_validity(text: str) -> None:
    found = read(f"2 tablet 8, {text}")
    assert (found.request.valid_days, found.request.valid_until) == (None, None)
    assert [str(m.requested.quantity) for m in found.lines][:1] == ["2"]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later_is_that_many_months_on_and_never_a_later_day(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert months_later(TODAY, 1) == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("text", "language", "currency"),
    [
        ("2 lámpa euróban", "hu", "EUR"),
        ("2 lámpa EUR-ban", "hu", "EUR"),
        ("2 lámpa forintban", "hu", "HUF"),
        ("2 lampy w złotych", "pl", "PLN"),
        ("2 lamps in euros", "en", "EUR"),
        ("2 lamps in HUF", "en", "HUF"),
        ("2 lamps at 50 EUR each", "en", None),
    ],
)
def test_a_currency_is_a_wish_only_without_an_amount(text: str, language: Language, currency: str | None) -> None:
    assert read(text, language).request.currency == currency


@pytest.mark.parametrize(
    ("text", "language", "document"),
    [
        ("2 lámpa angolul", "hu", "en"),
        ("2 lámpa, lengyel nyelven", "hu", "pl"),
        ("2 lampy po angielsku", "pl", "en"),
        ("2 lampy, w języku węgierskim", "pl", "hu"),
        ("2 lamps in Hungarian", "en", "hu"),
        ("make it English: 2 lamps", "en", "en"),
        ("2 lamps for the Polish team", "en", None),
    ],
)
def test_the_language_of_the_document(text: str, language: Language, document: str | None) -> None:
    assert read(text, language).request.language == document


def test_an_opportunity_is_named_by_its_code() -> None:
    found = read("a o0042 lehetőséghez 2 lámpa")
    assert (found.request.opportunity, [str(m.requested.quantity) for m in found.lines]) == ("O0042", ["2"])
