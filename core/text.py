"""Text in one form: NFC for storing, folded for comparing."""

import re
import unicodedata

_UNFOLDABLE = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def nfc(text: str) -> str:
    """`text` in Unicode NFC, the form every stored text has."""
    return unicodedata.normalize("NFC", text)


def storable(text: str) -> str:
    """`text` in NFC without what a database or UTF-8 cannot hold: NUL and lone surrogates."""
    return nfc(_UNSTORABLE.sub("", text))


def fold(text: str) -> str:
    """`text` lower-cased and without accents, for comparing what people type with what is stored.

    Polish ł and the like have no canonical decomposition and are mapped by hand.
    """
    plain = unicodedata.normalize("NFD", text.translate(_UNFOLDABLE))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words of `text` in order: runs of letters and digits, as written."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """The words of `text`, folded."""
    return [fold(w) for w in words(text)]
