"""The three languages of the product, and which of them a text is written in."""

from functools import lru_cache
from typing import Literal, get_args

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

Language = Literal["hu", "pl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_CODES: dict[Lingua, Language] = {Lingua.HUNGARIAN: "hu", Lingua.POLISH: "pl", Lingua.ENGLISH: "en"}


@lru_cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_CODES).build()


def detect_language(text: str, expected: Language, certainty: float = 0.6) -> Language:
    """The language of `text`, or `expected` when the text is too short or too mixed to tell.

    `expected` is the asking user's own language; `certainty` is the share of probability (0 to 1)
    the best language must have before it overrules it.
    """
    if not any(c.isalpha() for c in text):
        return expected
    best = max(_detector().compute_language_confidence_values(text), key=lambda v: v.value)
    return _CODES[best.language] if best.value >= certainty else expected
