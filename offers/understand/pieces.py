"""Pieces of a prompt: what stands between two commas, sentence ends or line breaks; and spans of time in it."""

from dataclasses import dataclass
from decimal import Decimal

from offers.understand.layout import ends_sentence
from offers.understand.lexicon import TIME_UNITS, lexicon
from offers.understand.tokens import Prompt

_NUMBER_WORDS = ("a", "an", "egy", "one")


def _breaks(prompt: Prompt, i: int, commas: bool) -> bool:
    token = prompt.tokens[i]
    return token.kind == "line" or (commas and token.text == ",") or ends_sentence(prompt, i)


def piece(prompt: Prompt, i: int, *, commas: bool = True) -> tuple[int, int]:
    """The first and last token of the piece that holds the token at `i`, its closing mark left out; without `commas`
    they divide nothing and the piece is the sentence."""
    first = i
    while first > 0 and not _breaks(prompt, first - 1, commas):
        first -= 1
    last = i
    while last < len(prompt.tokens) and not _breaks(prompt, last, commas):
        last += 1
    return first, max(first, last - 1)


@dataclass(frozen=True)
class Time:
    """A span of time at tokens `first` to `last`: `count` of `unit`; `working` for working days."""

    first: int
    last: int
    count: Decimal
    unit: str
    working: bool = False


def unit_of_time(prompt: Prompt, i: int) -> str:
    """The unit of time the word at `i` is a form of; "" if of none."""
    lex = lexicon(prompt.language)
    word = prompt.word(i)
    if not word:
        return ""
    if lex.inflected("workdays", word) and word.startswith("munkanap"):
        return "days"
    # "weeks'": an apostrophe is no part of the word.
    return next((u for u in TIME_UNITS if lex.inflected(u, word)), "")


def times(prompt: Prompt, first: int, last: int) -> list[Time]:
    """The free spans of time between the tokens `first` and `last`, in order."""
    lex = lexicon(prompt.language)
    found: list[Time] = []
    for i in range(first, last + 1):
        token = prompt.at(i)
        if token is None or not token.free or (token.value is None and token.folded not in _NUMBER_WORDS):
            continue
        at = i + 1
        if prompt.word(at) == "-":
            at += 1
        working = lex.has("workdays", prompt.word(at))
        if working and not unit_of_time(prompt, at):
            at += 1
        unit = unit_of_time(prompt, at)
        if unit and at <= last:
            if not working and lex.has("workdays", prompt.word(at + 1)) and at < last:
                working, at = True, at + 1
            count = token.value if token.value is not None else Decimal(1)
            found.append(Time(i, at, count, unit, working))
    return found
