"""What is printed is what the sheet holds: nothing rounded, nothing recomputed, nothing hidden."""

from dataclasses import replace
from decimal import Decimal

from offers.documents.view import clean, print_price, printed
from offers.sheet import Totals
from tests.offers.documents_samples import line, sheet


def test_totals_are_printed_as_given_even_when_they_do_not_add_up() -> None:
    wrong = replace(sheet(), totals=Totals(Decimal(1), Decimal(2), Decimal(99)))
    assert printed(wrong).totals.gross == "99\u00a0Ft"


def test_a_unit_price_keeps_decimals_beyond_the_currency() -> None:
    assert print_price(Decimal("0.125"), "EUR", "en") == "0.125\u00a0EUR"
    assert print_price(Decimal("24.5"), "HUF", "hu") == "24,5\u00a0Ft"
    assert print_price(Decimal("24.00"), "PLN", "pl") == "24,00\u00a0zł"


def test_no_discount_is_a_dash_and_a_discount_has_its_decimals() -> None:
    shown = printed(sheet((line(discount="0"), line(discount="7.50")))).lines
    assert [one.discount for one in shown] == ["–", "7,5%"]


def test_characters_nobody_sees_are_dropped() -> None:
    assert clean("a\x00b\x1b\u202ec\u200b\ud800\ufffe") == "abc"
    assert clean("  two\n\tlines\u2028here ") == "two lines here"
    assert clean("o\u030b") == "ő"
    assert clean(None) == ""


def test_a_note_of_two_lines_becomes_two() -> None:
    noted = replace(sheet(), notes=("first\nsecond", " \n"))
    assert printed(noted).notes == ("first", "second")
