"""Signs of an offer prompt, for whoever decides between a question and an offer."""

import pytest

from core.language import Language
from offers.understand import strength
from tests.offers.understand_samples import SampleCatalogue


def _is_offer(text: str, language: Language) -> bool:
    return strength(text, SampleCatalogue(), language=language).is_offer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Halász Kft. 10 lámpa", "hu"),
        ("árajánlat kell a Körös Porcelángyárnak", "hu"),
        ("arajanlat halasz kft 3 lampa", "hu"),
        ("Tudnál ajánlatot készíteni a Halász Kft.-nek 2 lámpára?", "hu"),
        ("Mennyibe kerülne 10 lámpa a Halász Kft.-nek?", "hu"),
        ("Zrób wycenę dla Nowickiego na 3 lampy", "pl"),
        ("Czy możesz przygotować ofertę dla Zielonej Brzozy na 3 lampy?", "pl"),
        ("Can you make a quote for Baker & Lowe, 3 lamps?", "en"),
        ("Quotation for Silver Lake please", "en"),
        ("Please prepare an ofer for Baker", "en"),
        ("How much are 10 lamps for Baker? Make me an offer.", "en"),
    ],
)
def test_orders_for_an_offer(text: str, language: Language) -> None:
    assert _is_offer(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hogyan készítek ajánlatot?", "hu"),
        ("Az ajánlatot hogyan tudom elküldeni az ügyfélnek?", "hu"),
        ("Mutasd a Halász Kft. ajánlatait", "hu"),
        ("Hány ajánlat ment ki a Halász Kft.-nek?", "hu"),
        ("Jak wysłać ofertę?", "pl"),
        ("Dlaczego nie mogę wystawić oferty dla Nowickiego?", "pl"),
        ("Czy mogę edytować ofertę?", "pl"),
        ("What is an offer?", "en"),
        ("Why can't I issue the offer for Halász Kft.?", "en"),
        ("How many lamps did Baker buy?", "en"),
        ("Show me the offers of Silver Lake", "en"),
        ("Good morning", "en"),
    ],
)
def test_questions_and_other_orders(text: str, language: Language) -> None:
    assert not _is_offer(text, language)
