"""Warnings as they are kept with an offer: a code and its values, told in the language of whoever reads them."""

from core.errors import say
from core.language import Language

Warned = dict[str, object]


def warned(code: str, /, **values: str) -> Warned:
    """A warning to keep: `code` names a message, `values` fill it."""
    return {"code": code, "values": values}


def told(kept: object, language: Language) -> str:
    """A kept warning in `language`; one kept as a sentence, as earlier releases did, is told as it is."""
    if not isinstance(kept, dict):
        return str(kept)
    return say(str(kept["code"]), language, **kept["values"])
