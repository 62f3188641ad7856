"""What kind of message it is, told from the user's own words before anything else is read."""

from collections.abc import Callable

import pytest

from assistant.context import Parts
from assistant.decide import decide
from core.language import detect_language
from crm.actor import Actor
from crm.session import unit
from offers.names import VisibleNames
from offers.understand import strength

CASES = [
    ("Készíts ajánlatot a Bartók Kft.-nek 10 töltőtollra", "offer"),
    ("10 töltőtoll a Bartók Kft.-nek", "offer"),
    ("Bartókéknak kell egy ajánlat 2 töltőtollra", "offer"),
    ("Poproszę ofertę dla Malinowskiego na 3 pióra wieczne", "offer"),
    ("ten fountain pens for Green & Hill, five per cent off", "offer"),
    ("Please quote Green & Hill 5 kg of green tea", "offer"),
    ("Hogyan készítek ajánlatot?", "question"),
    ("Hogyan adok ki egy ajánlatot a Bartók Kft.-nek?", "question"),
    ("Miért nem tudom kiadni az ajánlatot?", "question"),
    ("Jak wysłać ofertę?", "question"),
    ("What is an opportunity?", "question"),
    ("Why can't I issue the offer?", "question"),
    ("Ki a kapcsolattartó a Bartók Kft.-nél?", "lookup"),
    ("Kto jest opiekunem Malinowski Sp. z o.o.?", "lookup"),
    ("Who owns Green & Hill?", "lookup"),
    ("Mennyibe kerül a töltőtoll?", "lookup"),
    ("How much is the fountain pen?", "lookup"),
    ("Töröld a Bartók Kft.-t!", "question"),
    ("Delete the contact of Green & Hill", "question"),
    ("Szia!", "neither"),
    ("Thanks a lot", "neither"),
]


@pytest.mark.parametrize(("text", "kind"), CASES)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_kind_of_a_message(parts: Parts, people: Callable[[str], Actor], text: str, kind: str) -> None:
    with unit(parts.engine, people("nora"), writes=False) as session:
        seen = strength(text, VisibleNames(session), language=detect_language(text, "en"))
    assert decide(text, seen, record_on_screen=False) == kind


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_this_customer_is_a_look_up_only_with_a_record_on_screen(parts: Parts, people: Callable[[str], Actor]) -> None:
    text = "Who owns this customer?"
    with unit(parts.engine, people("nora"), writes=False) as session:
        seen = strength(text, VisibleNames(session), language="en")
    assert decide(text, seen, record_on_screen=True) == "lookup"
    assert decide(text, seen, record_on_screen=False) == "question"
