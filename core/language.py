"""The three languages of the product, and which of them a text is written in."""

from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

Language = Literal["hu", "pl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_LEAST_WORDS = 3

_CODES: dict[Lingua, Language] = {Lingua.HUNGARIAN: "hu", Lingua.POLISH: "pl", Lingua.ENGLISH: "en"}


@lru_cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_CODES).build()


def without_names(text: str) -> str:
    """`text` without the words inside a sentence that begin with a capital or hold a digit, if anything
    much is left: "Who is the contact at Kovács Kft.?" is English whatever its names are."""
    kept = [
        word
        for before, word in pairwise(("", *text.split()))
        if word[:1].islower() or ((not before or before[-1] in ".?!:") and not any(c.isdigit() for c in word))
    ]
    return " ".join(kept) if len(kept) >= _LEAST_WORDS else text


def detect_language(text: str, expected: Language, certainty: float = 0.6) -> Language:
    """The language of `text`, or `expected` when the text is too short or too mixed to tell.

    `expected` is the asking user's own language; `certainty` is the share of probability (0 to 1)
    the best language must have before it overrules it.
    """
    said = without_names(text)
    if not any(c.isalpha() for c in said):
        return expected
    best = max(_detector().compute_language_confidence_values(said), key=lambda v: v.value)
    return _CODES[best.language] if best.value >= certainty else expected
