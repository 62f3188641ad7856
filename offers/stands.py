"""Whether a number stands in a text, in digits or in words, in any of the three languages."""

from decimal import Decimal

from core.language import LANGUAGES
from offers.understand.tokens import clean, tokenise


def stands_in(number: Decimal, text: str) -> bool:
    """True if `text` names `number`: a figure a model gives must have been given to it by the person."""
    for language in LANGUAGES:
        prompt = tokenise(clean(text), language)
        if any(token.value == number for token in prompt.tokens if token.value is not None):
            return True
    return False
