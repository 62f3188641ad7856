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
def number_pattern(language: Language) -> str:
    """A regular expression without groups for one number as printed in `language`.

    A cell too narrow for its number breaks it anywhere, so line ends inside it are allowed: what
    follows a figure in a document (unit, currency, per cent) shows where it stops.
    """
    group, point = get_group_symbol(language), re.escape(get_decimal_symbol(language))
    between = f"[{_SPACES}]" if group in _SPACES else re.escape(group)
    three = r"(?:\n?\d){3}"
    whole = rf"\d(?:\n?\d){{0,2}}(?:\n?{between}{three})+|\d(?:\n?\d)*"
    return rf"[{_MINUS}]?(?:{whole})(?:\n?{point}(?:\n?\d)+)?(?!\d)"


def parse_number(text: str, language: Language) -> Decimal:
    """The decimal that `text`, a match of `number_pattern`, stands for."""
    group, point = get_group_symbol(language), get_decimal_symbol(language)
    digits = text.translate(dict.fromkeys(map(ord, _SPACES + group + "\n")))
    return Decimal(digits.replace(point, ".").replace("\u2212", "-"))


def loose(text: str) -> str:
    """A regular expression for `text` that may be wrapped anywhere, as a narrow column wraps it."""
    return r"\s*".join(re.escape(c) for c in text if not c.isspace())
