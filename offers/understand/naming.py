"""Numbers that name something and count nothing: telephones, houses, postcodes, orders, items of a numbered list."""

from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt

_PHONE = 7


def names_something(prompt: Prompt, i: int) -> bool:
    """True for numbers that name something: "utca 96", "nr 5", "#12", "+36 30", "irányítószám 6720", "PO 4711", and the
    numbers of a numbered list ("2. 5 desks")."""
    lex = lexicon(prompt.language)
    if in_phone(prompt, i, several=True):
        return True
    before = prompt.word(i - 1)
    if before == "+":
        return prompt.tokens[i].glued
    starts = i == 0 or prompt.tokens[i - 1].kind == "line"
    at = i + 1
    while prompt.word(at) in (".", ")"):
        at += 1
    following = prompt.at(at)
    if starts and at > i + 1 and following is not None and following.value is not None and not following.glued:
        return True
    label = prompt.word(i - 2) if before in (":", ".", "-", "#") else before
    named = label.endswith(("szam", "szama", "kod", "kodja", "code")) and not lex.has("quantity_words", label)
    return before == "#" or named or lex.has("numbered", label)


def in_phone(prompt: Prompt, i: int, *, several: bool = False) -> bool:
    """True inside a row of numbers, with no word between, that has at least seven digits; with `several` only
    where these are three numbers or more."""

    def in_row(n: int) -> bool:
        token = prompt.at(n)
        return token is not None and (token.kind == "number" or token.text in "+-/()") and token.kind != "line"

    first = last = i
    while i - first < _PHONE and in_row(first - 1):
        first -= 1
    while last - i < _PHONE and in_row(last + 1):
        last += 1
    row = prompt.tokens[first : last + 1]
    if several and sum(token.kind == "number" for token in row) < 3:
        return False
    digits = sum(c.isdigit() for token in row for c in token.text)
    return digits >= _PHONE or prompt.word(first) == "+"
