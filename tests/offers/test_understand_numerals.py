"""Numbers in words and digits, as people write them in three languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import Language
from core.text import fold
from offers.understand.numerals import in_digits
from offers.understand.tokens import tokenise

_HU_ONES = ["", "egy", "kettő", "három", "négy", "öt", "hat", "hét", "nyolc", "kilenc"]
_HU_TENS = ["", "tíz", "húsz", "harminc", "negyven", "ötven", "hatvan", "hetven", "nyolcvan", "kilencven"]
_EN_ONES = (
    *("-", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = ("-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_PL_ONES = (
    *("-", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć"),
    *("jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście"),
    *("osiemnaście", "dziewiętnaście"),
)
_PL_TENS = (
    *("-", "-", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt"),
    *("osiemdziesiąt", "dziewięćdziesiąt"),
)
_PL_HUNDREDS = (
    *("-", "sto", "dwieście", "trzysta", "czterysta", "pięćset", "sześćset", "siedemset", "osiemset"),
    *("dziewięćset",),
)


def hungarian(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    head = "" if not hundreds else "száz" if hundreds == 1 else _HU_ONES[hundreds].replace("kettő", "két") + "száz"
    joined = {1: "tizen", 2: "huszon"}.get(tens, _HU_TENS[tens]) if ones else _HU_TENS[tens]
    return head + joined + _HU_ONES[ones]


def _small(n: int, ones: tuple[str, ...], tens: tuple[str, ...], hyphen: str) -> str:
    if n < 20:
        return ones[n]
    return tens[n // 10] + (hyphen + ones[n % 10] if n % 10 else "")


def english(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    parts = [f"{_EN_ONES[hundreds]} hundred"] if hundreds else []
    return " and ".join(parts + ([_small(rest, _EN_ONES, _EN_TENS, "-")] if rest else []))


def polish(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    parts = [_PL_HUNDREDS[hundreds]] if hundreds else []
    return " ".join(parts + ([_small(rest, _PL_ONES, _PL_TENS, " ")] if rest else []))


def values(text: str, language: Language) -> list[Decimal]:
    return [t.value for t in tokenise(text, language).tokens if t.value is not None]


@given(st.integers(1, 999), st.booleans())
def test_a_number_in_words_is_that_number_with_and_without_accents(n: int, plain: bool) -> None:
    spelled: dict[Language, str] = {"hu": hungarian(n), "pl": polish(n), "en": english(n)}
    for language, words in spelled.items():
        assert values(fold(words) if plain else words, language) == [n], words


@given(st.integers(1000, 99999))
def test_thousands_may_be_grouped_by_a_blank_of_any_kind(n: int) -> None:
    for blank in (" ", "\u00a0", "\u202f"):
        assert values(f"{n:,}".replace(",", blank), "hu") == [n]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.500", "hu", "1500"),
        ("1.500", "pl", "1500"),
        ("1.500", "en", "1.500"),
        ("1,500", "en", "1500"),
        ("1,500", "hu", "1.500"),
        ("2,5", "en", "2.5"),
        ("2.5", "hu", "2.5"),
        ("1.250,75", "hu", "1250.75"),
        ("1,250.75", "hu", "1250.75"),
        ("0.125", "hu", "0.125"),
        ("1.000.000", "hu", "1000000"),
    ],
)
def test_a_lone_sign_before_three_digits_is_read_by_the_language(text: str, language: Language, value: str) -> None:
    assert in_digits(text, language) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("tízet", "hu", "10"),
        ("hármat", "hu", "3"),
        ("huszonötöt", "hu", "25"),
        ("kétszázra", "hu", "200"),
        ("másfél", "hu", "1.5"),
        ("két és fél", "hu", "2.5"),
        ("fél tucat", "hu", "6"),
        ("kétezer-ötszáz", "hu", "2500"),
        ("50 ezer", "hu", "50000"),
        ("1,5 millió", "hu", "1500000"),
        ("dziesięciu", "pl", "10"),
        ("dwóch", "pl", "2"),
        ("półtora", "pl", "1.5"),
        ("dwa i pół", "pl", "2.5"),
        ("dwa tysiące", "pl", "2000"),
        ("pół tuzina", "pl", "6"),
        ("a dozen", "en", "12"),
        ("two dozen", "en", "24"),
        ("half a dozen", "en", "6"),
        ("two and a half", "en", "2.5"),
        ("three thousand", "en", "3000"),
    ],
)
def test_inflected_and_mixed_numbers(text: str, language: Language, value: str) -> None:
    assert values(text, language) == [Decimal(value)]


def test_a_word_that_means_something_else_in_the_prompts_language_is_no_number() -> None:
    assert values("ten klient", "pl") == []
    assert values("a hat", "en") == []


def test_numbers_side_by_side_stay_apart() -> None:
    assert values("two three", "en") == [2, 3]
    assert values("dwa trzy", "pl") == [2, 3]


def test_a_minus_is_kept_only_when_it_is_no_bullet() -> None:
    assert values("kell -3 lámpa", "hu") == [-3]
    assert values("minus 2 lampy", "pl") == [-2]
    assert values("-3 lámpa\n-4 tablet", "hu") == [3, 4]
    assert values("lámpa - 5", "hu") == [5]
