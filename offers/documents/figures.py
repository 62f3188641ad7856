"""Numbers as a document prints them, turned back into decimals."""

import re
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_decimal_symbol, get_group_symbol

from core.language import Language

# Hungarian and Polish group thousands with a no-break space, which a reader may meet as another one.
_SPACES = " \u00a0\u202f"
_MINUS = "-\u2212"


@lru_cache
def number_pattern(language: Language, wrapped: bool = False) -> str:
    """A regular expression without groups for one number as printed in `language`.

    A cell too narrow for its number breaks it anywhere; with `wrapped`, line ends inside it are
    allowed. Use that only where something other than a number stands before it.
    """
    group, point = get_group_symbol(language), re.escape(get_decimal_symbol(language))
    between = f"[{_SPACES}]" if group in _SPACES else re.escape(group)
    turn = r"\n?" if wrapped else ""
    digit = rf"{turn}\d"
    whole = rf"\d(?:{digit}){{0,2}}(?:{turn}{between}(?:{digit}){{3}})+|\d(?:{digit})*"
    return rf"[{_MINUS}]?(?:{whole})(?:{turn}{point}(?:{digit})+)?(?!\d)"


def parse_number(text: str, language: Language) -> Decimal:
    """The decimal that `text`, a match of `number_pattern`, stands for."""
    group, point = get_group_symbol(language), get_decimal_symbol(language)
    digits = text.translate(dict.fromkeys(map(ord, _SPACES + group + "\n")))
    return Decimal(digits.replace(point, ".").replace("\u2212", "-"))


def loose(text: str) -> str:
    """A regular expression for `text` that may be wrapped anywhere, as a narrow column wraps it.

    A hyphen at a line end may be there again on the next line, as Polish spelling has it.
    """
    letters = (r"\-(?:\s+\-)?" if c == "-" else re.escape(c) for c in text if not c.isspace())
    return r"\s*".join(letters)
