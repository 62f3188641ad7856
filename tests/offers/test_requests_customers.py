"""Whom a request is from: beyond doubt by a number, an address or a whole name, else it is asked."""

import pytest

from offers.requests import Place, recognise
from tests.offers.requests_samples import NAMES, TODAY


def whose(text: str) -> tuple[str, tuple[str, ...]]:
    places = [Place(cells=(line,), number=n, starts=(0,)) for n, line in enumerate(text.split("\n"), 1) if line]
    found = recognise(places, NAMES, language="hu", today=TODAY).whose
    return found.sure, found.codes


@pytest.mark.parametrize(
    "text",
    [
        "Adószám: 12345671-2-41",
        "Kapcsolat: Eva@Bartok.example",
        "Bartók Kft., 3300 Eger, Vasút sor 1.",
        "Feladó – Bartók Kft.\nAdószám: 12345671-2-41",
    ],
)
def test_a_number_an_address_or_a_whole_name_is_beyond_doubt(text: str) -> None:
    assert whose(text) == ("sure", ("C0001",))


def test_two_customers_that_are_both_named_are_asked_about() -> None:
    assert whose("Bartók Kft.\nNIP 525-811-97-44") == ("unsure", ("C0002", "C0001"))


def test_somebody_else_at_the_same_firm_is_only_likely() -> None:
    assert whose("Írta: titkar@bartok.example") == ("unsure", ("C0001",))


@pytest.mark.parametrize("text", ["Ajánlatkérés", "Ismeretlen Zrt.", "+36 1 234 5671", "someone@gmail.com"])
def test_nobody_is_guessed(text: str) -> None:
    assert whose(text) == ("unknown", ())
