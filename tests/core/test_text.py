"""Folding makes what people type comparable with what is stored."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.language import detect_language
from core.text import fold, folded_words, nfc


def test_hungarian_and_polish_letters_fold_to_plain_ones() -> None:
    assert fold("ÁRVÍZTŰRŐ tükörfúrógép") == "arvizturo tukorfurogep"
    assert fold("Zażółć gęślą jaźń, ŁÓDŹ") == "zazolc gesla jazn, lodz"


@given(st.text())
def test_folding_sees_no_difference_between_composed_and_decomposed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(nfc(text))


def test_words_are_runs_of_letters_and_digits() -> None:
    assert folded_words("Kovács és Társa Kft.-nek (C0002)") == ["kovacs", "es", "tarsa", "kft", "nek", "c0002"]


def test_the_language_of_a_sentence_is_told_and_of_a_bare_number_not() -> None:
    assert detect_language("Hogyan rögzítek új ügyfelet?", "en") == "hu"
    assert detect_language("Jak dodać klienta?", "hu") == "pl"
    assert detect_language("How do I add a customer?", "hu") == "en"
    assert detect_language("12345", "pl") == "pl"


def test_foreign_names_do_not_change_the_language_of_a_sentence() -> None:
    assert detect_language("Who is the contact at Kovács Kft.?", "hu") == "en"
    assert detect_language("Ki a kapcsolattartó a Harbour Lights Hotels Ltd cégnél?", "en") == "hu"
    assert detect_language("Kto jest opiekunem Baker & Sons Ltd?", "en") == "pl"
