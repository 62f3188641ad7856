"""Numbers: written in digits the local way, or spelled out in Hungarian, Polish or English."""

import re
from decimal import Decimal
from functools import lru_cache

from core.language import Language
from core.text import fold
from offers.understand.lexicon import lexicon, table

_MAX_WORD = 60


def in_digits(text: str, language: Language) -> Decimal | None:
    """The number written as `text` in digits, or None if it is not one.

    Blanks between groups of three are thousands everywhere. When a point and a comma are both there the
    last one is the decimal sign. A lone sign followed by exactly three digits is ambiguous: the thousands sign of
    the prompt's language (point in Hungarian and Polish, comma in English) makes thousands ("1.000" is a
    thousand in Hungarian), the other one a decimal; a lone sign followed by any other number of digits is decimal.
    """
    plain = text.replace(" ", "")
    points, commas = plain.count("."), plain.count(",")
    thousands = "," if language == "en" else "."
    if points and commas:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif points + commas > 1 or re.fullmatch(rf"[1-9]\d{{0,2}}{re.escape(thousands)}\d{{3}}", plain):
        plain = plain.replace(".", "").replace(",", "")
    plain = plain.replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


@lru_cache
def _pairs(language: Language, name: str) -> dict[str, Decimal]:
    entries = table(language, "numbers").get(name, "").split("|")
    return {fold(e.split()[0]): Decimal(e.split()[1]) for e in entries if e.strip()}


def in_word(word: str, language: Language) -> Decimal | None:
    """The number the one folded `word` spells in `language`, endings included, or None. Hungarian
    compounds up to 999,999 ("kétszázhuszonöt", "tízet", "hármat") and single Polish and English words."""
    if len(word) > _MAX_WORD:
        return None
    if language != "hu":
        for name in ("words", "special"):
            if word in _pairs(language, name):
                return _pairs(language, name)[word]
        return None
    return _hungarian_inflected(word)


@lru_cache(maxsize=4096)
def _hungarian_inflected(word: str) -> Decimal | None:
    special = _pairs("hu", "special")
    whole = special.get(word) or _hungarian(word)
    if whole is not None:
        return whole
    for cut in range(1, 5):
        stem, ending = word[:-cut], word[-cut:]
        if len(stem) >= 2 and ending in fold(table("hu", "numbers")["endings"]).split():
            value = special.get(stem) or _hungarian(stem) or _hungarian_stem(stem)
            if value is not None:
                return value
    return None


def _hungarian_stem(stem: str) -> Decimal | None:
    """Stems that change before an ending: hármat, ötöt, ezret; alone or as the last part of a compound."""
    for part, value in _pairs("hu", "stems").items():
        if stem.endswith(part):
            head = stem[: -len(part)]
            if not head:
                return value
            rest = _hungarian(head + ("harom" if value == 3 else "ot" if value == 5 else part))
            if rest is not None:
                return rest
    return None


def _hungarian(word: str) -> Decimal | None:
    """A bare Hungarian compound: thousands, hundreds, tens, units from left to right."""
    for scale, value in sorted(_pairs("hu", "scales").items(), key=lambda p: -p[1]):
        head, sign, tail = word.partition(scale)
        if sign:
            many = _hungarian(head) if head else Decimal(1)
            rest = _hungarian(tail) if tail else Decimal(0)
            return many * value + rest if many and rest is not None and rest < value and many < 1000 else None
    units = _pairs("hu", "units")
    if word in units:
        return units[word]
    tens = _pairs("hu", "tens")
    if word in tens:
        return tens[word]
    for start, value in {**tens, **_pairs("hu", "joined_tens")}.items():
        unit = units.get(word.removeprefix(start)) if word.startswith(start) else None
        if unit:
            return value + unit
    return None


def scale(word: str, language: Language) -> Decimal | None:
    """What a number before the folded `word` is multiplied with (hundred, ezer, tysiące), or None."""
    return _pairs(language, "scales").get(word)


def joined(values: list[tuple[Decimal, bool]]) -> Decimal | None:
    """One number from the values of neighbouring words, each with True when it is a scale: twenty, five
    is 25, two, hundred, thirty is 230. None when they do not make one number ("two three")."""
    total, group, least = Decimal(0), Decimal(0), Decimal(1000000)
    for value, is_scale in values:
        if is_scale and value == 1000:
            if total:
                return None
            total, group, least = (group or 1) * value, Decimal(0), value
        elif is_scale:
            if group >= 100:
                return None
            group, least = (group or 1) * value, value
        elif least <= value or (least < 20) or (least < 100 and value >= 10):
            return None
        else:
            group, least = group + value, value
    return total + group


def spoken(word: str, language: Language) -> Decimal | None:
    """The value of a number word of the prompt's language, or of another one if the prompt's has no such
    word with another meaning ("ten" is a pronoun in Polish)."""
    own = in_word(word, language)
    if own is not None or word in lexicon(language).lists["not_numbers"]:
        return own
    others: list[Language] = ["hu", "pl", "en"]
    found = (in_word(word, one) for one in others if one != language and len(word) > 2)
    return next((v for v in found if v is not None), None)
