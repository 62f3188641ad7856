"""Whose offer it is: names as people inflect, shorten and misspell them; never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import Language
from core.text import fold
from offers.request import OfferRequest
from offers.understand import match
from tests.offers.understand_samples import FIRMS, SampleCatalogue, codes, read


@given(st.sampled_from(FIRMS), st.sampled_from([str, fold, str.upper]))
def test_a_full_name_means_exactly_its_firm_in_every_language(firm: tuple[str, ...], written: type[str]) -> None:
    name = written(firm[1])
    assert codes(f"Készíts ajánlatot a {name}-nek 2 lámpára", "hu") == [firm[0]]
    assert codes(f"Przygotuj ofertę dla {name} na 2 lampy", "pl") == [firm[0]]
    assert codes(f"Quote for {name}: 2 lamps", "en") == [firm[0]]


@given(st.sampled_from(FIRMS), st.sampled_from(FIRMS))
def test_a_full_name_the_asker_may_not_see_fits_nobody_else(firm: tuple[str, ...], other: tuple[str, ...]) -> None:
    hidden = frozenset({firm[0]})
    found = read(f"Készíts ajánlatot a {firm[1]}-nek 2 lámpára", "hu", hidden)
    assert found.customers == ()
    assert found.request.customer is not None
    if other[0] != firm[0]:
        assert codes(f"Készíts ajánlatot a {other[1]}-nek 2 lámpára", "hu", hidden) == [other[0]]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Halászéknak kell 2 lámpa", "hu", ["U0001", "U0002", "U0003"]),
        ("Halász Kft.-nek kell 2 lámpa", "hu", ["U0001"]),
        ("halasz kft nek 2 lampa", "hu", ["U0001"]),
        ("Halász és Társának 2 lámpa", "hu", ["U0002"]),
        ("Halász Zrt.-nek 2 lámpa", "hu", []),
        ("a váci Halásznak 2 lámpa", "hu", ["U0003"]),
        ("A Körös Porcelángyárnak kérek ajánlatot", "hu", ["U0007"]),
        ("Körös Porcelángyr 2 lámpa", "hu", ["U0007"]),
        ("Nowickiego dotyczy: oferta na 2 lampy", "pl", ["U0008", "U0009"]),
        ("oferta dla Nowickiego na 2 lampy", "pl", ["U0008", "U0009"]),
        ("oferta dla Nowicki i Wspólnicy na 2 lampy", "pl", ["U0009"]),
        ("oferta dla Fabryki Mebli Wisła", "pl", ["U0010"]),
        ("oferta dla Zielonej Brzozy na 2 lampy", "pl", ["U0011"]),
        ("zielona brzoza 2 lampy", "pl", ["U0011"]),
        ("quote for D'Arcy's: 2 lamps", "en", ["U0012"]),
        ("DArcy and Daughters want 2 lamps", "en", ["U0012"]),
        ("Baker wants 2 lamps", "en", ["U0013"]),
        ("Bakerfield wants 2 lamps", "en", ["U0014"]),
        ("2 lamps for Silver Lake", "en", ["U0015"]),
        ("Ajánlat a Körös Porcelángyár és a Fabryka Mebli Wisła részére", "hu", ["U0007", "U0010"]),
    ],
)
def test_names_as_people_write_them(text: str, language: Language, expected: list[str]) -> None:
    assert codes(text, language) == expected


def test_an_exact_spelling_beats_a_joined_one_and_a_hyphen_leaves_both() -> None:
    assert codes("A Kék Völgynek 2 lámpa") == ["U0004"]
    assert codes("A Kékvölgynek 2 lámpa") == ["U0005"]
    assert codes("A Kék-völgynek 2 lámpa") == ["U0004", "U0005"]


@pytest.mark.parametrize(
    "text", ["Új ajánlat kell 2 lámpára", "Az új bútorgyárról írtam, de most 2 lámpa kell", "kék lámpa, 2 db"]
)
def test_ordinary_words_name_nobody(text: str) -> None:
    assert codes(text) == []


def test_ordinary_words_with_a_legal_form_are_a_name() -> None:
    assert codes("uj butorgyar zrt-nek 2 lampa") == ["U0006"]


@pytest.mark.parametrize(
    "text", ["U0003-nak 2 lámpa", "u0003 részére 2 lámpa", "a 33333333-1-41 adószámú cégnek 2 lámpa"]
)
def test_a_code_or_tax_number_decides(text: str) -> None:
    assert codes(text) == ["U0003"]
    assert [m.requested.quantity for m in read(text).lines] == [2]


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Ajánlat a Szellem Kft.-nek 2 lámpára", "hu", "Szellem Kft.-nek"),
        ("ajánlat szellem kft részére 2 lámpára", "hu", "szellem kft"),
        ("oferta dla Widmo Sp. z o.o. na 2 lampy", "pl", "Widmo Sp. z o.o."),
        ("quote for Phantom Trading Ltd: 2 lamps", "en", "Phantom Trading Ltd"),
    ],
)
def test_an_unknown_name_is_kept_as_written(text: str, language: Language, written: str) -> None:
    found = read(text, language)
    assert (found.request.customer, found.customers) == (written, ())


def test_a_contact_person_is_not_taken_for_the_customer() -> None:
    assert codes("A Körös Porcelángyárnak 2 lámpa, küldd Halász Péternek") == ["U0007"]


@given(st.sampled_from(FIRMS))
def test_a_request_from_elsewhere_is_looked_up_by_name_or_code(firm: tuple[str, ...]) -> None:
    for written in (firm[1], fold(firm[1]), firm[0]):
        found = match(OfferRequest(customer=written), SampleCatalogue())
        assert [c.code for c in found.customers] == [firm[0]]
