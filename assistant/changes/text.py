"""A message in the form it is read in: one sign for each of its own, so that places in both are the same."""

from core.text import fold
from offers.understand.tokens import clean


def plain(message: str) -> str:
    """`message` in NFC with plain dashes, quotes and blanks."""
    return clean(message)


def folded(text: str) -> str:
    """`text` folded sign by sign."""
    return "".join((fold(sign) or sign)[0] for sign in text)
