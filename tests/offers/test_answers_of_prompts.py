"""Answers to questions about a first prompt: each field can be answered by itself, two at once too."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import today
from core.language import Language
from offers.answers import Answer, apply
from offers.clarify import first_question
from offers.request import LineMatch, RequestedLine, Understood
from offers.understand import understand
from tests.offers.understand_samples import SampleCatalogue

D = Decimal
NAMES = SampleCatalogue()


def answered(prompt: str, language: Language, *answers: tuple[str, str]) -> Understood:
    understood = understand(prompt, NAMES, language=language, today=today())
    for field, value in answers:
        understood = apply(understood, Answer(field=field, value=value), NAMES, language)
    return understood


@pytest.mark.parametrize(
    ("language", "value", "days"),
    [
        ("hu", "30 nap", 30),
        ("hu", "két hét", 14),
        ("hu", "45", 45),
        ("pl", "30 dni", 30),
        ("pl", "dwa tygodnie", 14),
        ("en", "30 days", 30),
        ("en", "two weeks", 14),
        ("en", "60", 60),
    ],
)
def test_validity_is_answered_by_a_stretch_of_time(language: Language, value: str, days: int) -> None:
    request = answered("", language, ("validity", value)).request
    assert (request.valid_days, request.valid_until) == (days, None)


def test_validity_is_answered_by_a_day() -> None:
    day = today() + timedelta(days=40)
    request = answered("", "en", ("validity", day.isoformat())).request
    assert request.valid_until == day


@pytest.mark.parametrize(
    ("language", "value", "currency"),
    [("hu", "euró", "EUR"), ("hu", "Ft", "HUF"), ("pl", "zł", "PLN"), ("en", "EUR", "EUR"), ("en", "forints", "HUF")],
)
def test_the_currency_is_answered_by_its_name(language: Language, value: str, currency: str) -> None:
    assert answered("", language, ("currency", value)).request.currency == currency


@pytest.mark.parametrize(("value", "code"), [("O0012", "O0012"), ("leave it out", None)])
def test_an_opportunity_is_answered_by_its_code_or_left_out(value: str, code: str | None) -> None:
    assert answered("for O9999", "en", ("opportunity", value)).request.opportunity == code


@pytest.mark.parametrize(("value", "days"), [("30", 30), ("30 days", 30), ("two weeks", 14)])
def test_the_term_of_payment_is_answered_in_days_or_weeks(value: str, days: int) -> None:
    assert answered("", "en", ("payment", value)).request.payment_days == days


def test_lines_are_answered_as_they_would_be_asked_for() -> None:
    asked = answered("Make an offer", "en")
    question = first_question(asked, "en")
    assert question is not None
    goods = NAMES.products()[0]
    told = answered("Make an offer", "en", ("lines", f"12 {goods.sku}"))
    assert [(line.products[0].sku, line.requested.quantity) for line in told.lines] == [(goods.sku, D(12))]


@pytest.mark.parametrize("value", ["{sku}, 12", "12, and {sku}", "{sku} 12 pcs"])
def test_product_and_quantity_are_answered_in_one_message(value: str) -> None:
    sku = NAMES.products()[0].sku
    asked = answered("Make an offer", "en")
    open_line = replace(asked, lines=(LineMatch(RequestedLine(product="something"), ()),))
    line = apply(open_line, Answer(field="product", value=value.format(sku=sku)), NAMES, "en").lines[0]
    assert ([p.sku for p in line.products], line.requested.quantity) == ([sku], D(12))


def test_a_number_in_a_products_name_is_no_quantity() -> None:
    asked = replace(answered("Make an offer", "en"), lines=(LineMatch(RequestedLine(product="something"), ()),))
    sized = next(p for p in NAMES.products() if any(c.isdigit() for c in p.names["en"]))
    line = apply(asked, Answer(field="product", value=sized.names["en"]), NAMES, "en").lines[0]
    assert line.requested.quantity is None
