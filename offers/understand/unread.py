"""What of a prompt nothing took up though it may be a figure or a wish: asked or told, never lost in silence."""

from offers.request import Point
from offers.understand.lexicon import lexicon
from offers.understand.naming import in_phone, names_something
from offers.understand.pieces import piece, unit_of_time
from offers.understand.quantities import Count
from offers.understand.tokens import Prompt

_NEAR = 4
_REFUSING = ("without", "without_behind", "no", "not")
_YEARS = (2000, 2100)


def unread_number(prompt: Prompt, numbers: list[Count]) -> Point | None:
    """What to ask about the first number in digits that became no quantity, price, percentage, date or size: "2 of
    them free", "5 to 10 licences", "7 XY12". Numbers that name something (a telephone, a house, a year, an hour)
    are none of these."""
    used = {i for n in numbers if n.used for i in range(n.index, n.last + 1)}
    for i, token in enumerate(prompt.tokens):
        if token.kind != "number" or token.spelled or not token.free or i in used:
            continue
        if _names(prompt, i) or names_something(prompt, i):
            continue
        first, last = piece(prompt, i)
        written = prompt.written(max(first, i - 2), min(last, i + 3))
        return Point("lines", "number_open", {"written": written})
    return None


def _names(prompt: Prompt, i: int) -> bool:
    token = prompt.tokens[i]
    before, after = prompt.at(i - 1), prompt.at(i + 1)
    glued = token.glued and before is not None and before.kind != "line" and before.text not in ("(", ":", '"', "x")
    joined = (
        after is not None and after.glued and after.kind != "line" and after.text not in (",", ")", ";", ".", '"', "x")
    )
    year = len(token.text) == 4 and token.value is not None and _YEARS[0] <= token.value <= _YEARS[1]
    # "3. emelet": a point and a small letter make a place in a row.
    ordinal = after is not None and after.text == "." and after.glued and prompt.word(i + 2).isalpha()
    ordinal = ordinal and prompt.tokens[i + 2].text[:1].islower()
    ordinal = ordinal or prompt.word(i + 1) in ("st", "nd", "rd", "th")
    at = i + 1 + (prompt.word(i + 1) == "-")
    bullet = before is None or before.kind == "line"
    listed = bullet and after is not None and after.text in (".", ")") and prompt.word(i + 2) != ""
    clock = token.suffix == "kor" or prompt.word(i - 1) == "@" or prompt.word(i + 1) in ("am", "pm")
    return (
        glued or joined or year or ordinal or listed or clock or bool(unit_of_time(prompt, at)) or in_phone(prompt, i)
    )


def free_goods(prompt: Prompt) -> Point | None:
    """What to ask when something is to be free of charge that is no term of delivery: a price list gives nothing so."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        if token.free and lex.has("free_of_charge", token.folded) and prompt.word(i - 1) not in ("feel", "vat"):
            return Point("discount", "free_open", {"written": prompt.written(*piece(prompt, i))})
    return None


def foreign_currency(prompt: Prompt) -> Point | None:
    """What to ask when the prompt names a currency that no offer is made in."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        if token.free and (
            token.text in ("$", "£") or (len(token.folded) > 2 and lex.inflected("foreign", token.folded))
        ):
            return Point("currency", "currency_open", {"written": prompt.written(i, i)})
    return None


def left_out(prompt: Prompt) -> list[Point]:
    """What to tell of wishes that an offer has no place for: a deposit, an offer without VAT."""
    lex = lexicon(prompt.language)
    found: dict[str, Point] = {}
    for i, token in enumerate(prompt.tokens):
        if token.use in ("note", "title", "customer", "product", "attach"):
            continue
        untaxed = lex.inflected("vat", token.folded) and any(
            lex.has(kind, prompt.word(n)) for kind in _REFUSING for n in range(max(0, i - _NEAR), i + _NEAR)
        )
        if untaxed or lex.inflected("advance", token.folded):
            written = prompt.written(*piece(prompt, i))
            found.setdefault(written, Point("payment", "warn_left_out", {"written": written}))
    return list(found.values())
