"""Quoting what a host page says of its screen: one line, no markup, no marks that look like our own citations."""

import re

from core.text import storable

_MARKUP = re.compile(r"[\[\]<>*_`#|\\~{}]|\(?https?://\S+")
_LONGEST = 300


def quoted(text: str, longest: int = _LONGEST) -> str:
    """`text` of a screen as it may stand in an answer: plain, at most `longest` characters."""
    plain = " ".join(_MARKUP.sub(" ", storable(text)).split())
    return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0] + " …"
