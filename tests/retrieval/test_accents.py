"""A question typed without accents gets those of the pages; any other is left as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold, nfc
from retrieval.accents import restore, vocabulary

SPELLINGS = vocabulary(["Ajánlat kérése, ajánlat, ajanlat. A kör és a kor, kör.", "Łódź łatwo"])


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("ajanlat kerese", "ajánlat kérése"),
        ("Ajanlat KERESE?", "Ajánlat KÉRÉSE?"),
        ("lodz, latwo", "łódź, łatwo"),
        ("ismeretlen szo", "ismeretlen szo"),
        ("a kor", "a kör"),
    ],
)
def test_the_most_frequent_spelling_of_the_pages_is_restored(typed: str, restored: str) -> None:
    assert restore(typed, SPELLINGS) == restored


def test_who_types_one_accent_types_accents() -> None:
    assert restore("kérem az ajanlat", SPELLINGS) == "kérem az ajanlat"


def test_a_word_the_pages_mostly_write_plain_stays_plain() -> None:
    assert vocabulary(["meg meg még"]) == {}


@given(st.text(max_size=60))
def test_restoring_changes_nothing_but_accents_and_capitals(question: str) -> None:
    assert fold(restore(question, SPELLINGS)) == fold(nfc(question))
