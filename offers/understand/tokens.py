"""A prompt as tokens: words, numbers, marks and line breaks, each with what it has been used for."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.language import Language
from core.text import fold
from offers.understand import numerals
from offers.understand.lexicon import lexicon

MAX_CHARACTERS = 10_000

_TOKEN = re.compile(
    r"(?P<date>\d{4}[-./] ?\d{1,2}[-./] ?\d{1,2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d))"
    r"|(?P<number>\d{1,3}(?: \d{3})+(?![\d.]\d|\d)(?:,\d+)?|\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+)|(?P<line>\n)|(?P<mark>[^\s\w]|_)"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘‛ʼ`´"), "'") | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None)


@dataclass
class Token:
    """One piece of a prompt. `folded` compares, `text` is as written, `suffix` is a folded ending behind a
    hyphen ("Kft.-nek": "nek"), `use` names what the token was taken for ("" while it is free)."""

    text: str
    kind: str
    start: int
    end: int
    glued: bool
    folded: str = ""
    suffix: str = ""
    value: Decimal | None = None
    spelled: bool = False
    use: str = ""

    @property
    def free(self) -> bool:
        """True while nothing has claimed the token."""
        return not self.use

    @property
    def capital(self) -> bool:
        """True for a word that begins with a capital letter."""
        return self.kind == "word" and self.text[0].isupper()


@dataclass
class Prompt:
    """A prompt being read: its normalised text, its tokens and its language."""

    text: str
    tokens: list[Token]
    language: Language

    def at(self, index: int) -> Token | None:
        """The token at `index`, or None outside the prompt."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def word(self, index: int) -> str:
        """The folded text of the token at `index`, "" outside the prompt."""
        token = self.at(index)
        return token.folded if token else ""

    def claim(self, indices: Sequence[int], use: str) -> None:
        """Mark the tokens at `indices` as taken for `use`."""
        for i in indices:
            self.tokens[i].use = use

    def written(self, first: int, last: int) -> str:
        """The text from token `first` to token `last`, as written."""
        return self.text[self.tokens[first].start : self.tokens[last].end].strip()


def clean(text: str) -> str:
    """`text` in NFC, at most `MAX_CHARACTERS` long, with plain dashes, quotes and blanks."""
    text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).translate(_DASHES | _QUOTES | _INVISIBLE)
    return "".join(" " if c != "\n" and (c.isspace() or c in "\t\r") else c for c in text)


def tokenise(text: str, language: Language) -> Prompt:
    """`text` cut into tokens, with endings behind hyphens, signs and spelled numbers drawn together."""
    text = clean(text)
    tokens: list[Token] = []
    end = -1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "mark"
        token = Token(found.group(), kind, found.start(), found.end(), found.start() == end, fold(found.group()))
        if kind == "number":
            token.value = numerals.in_digits(token.text.rstrip(".,"), language)
        tokens.append(token)
        end = found.end()
    tokens = _with_suffixes(tokens)
    _number_words(tokens, language)
    return Prompt(text, _signed(_joined(tokens, language)), language)


def _with_suffixes(tokens: list[Token]) -> list[Token]:
    """Draws "-nek", ".-nek", ".nek" and "'s" into the token before."""
    endings = lexicon("hu").endings
    result: list[Token] = []
    for token in tokens:
        marks = 0
        while (
            marks < 2
            and len(result) > marks
            and result[-1 - marks].text in ("-", ".", "'")
            and result[-1 - marks].glued
        ):
            marks += 1
        joins = "".join(t.text for t in result[len(result) - marks :])
        known = token.folded in endings or (len(token.folded) in (3, 4) and token.folded.endswith(("al", "el")))
        ending = known and token.text.islower() and (joins in ("-", ".-") or (joins == "." and len(token.text) > 2))
        if marks and token.glued and token.kind == "word" and (ending or (joins == "'" and token.folded == "s")):
            del result[len(result) - marks :]
            if result:
                result[-1].suffix = token.folded
                result[-1].end = token.end
                continue
        result.append(token)
    return result


def _number_words(tokens: list[Token], language: Language) -> None:
    for i, token in enumerate(tokens):
        # "10x" and "NB16" are glued to a number or letters; "twenty-five" only to a mark.
        if token.kind == "word" and not (token.glued and i and tokens[i - 1].kind != "mark"):
            value = numerals.spoken(token.folded, language)
            if value is not None:
                token.kind, token.value, token.spelled = "number", value, True


def _joined(tokens: list[Token], language: Language) -> list[Token]:
    """Draws spelled numbers of several words, "50 ezer" and "two and a half" into one number token."""
    result: list[Token] = []
    i = 0
    while i < len(tokens):
        run, value = _number_at(tokens, i, language)
        token = tokens[i]
        if run > 1 and value is not None:
            last = tokens[i + run - 1]
            value = Decimal(int(value)) if value == int(value) else value
            token = Token("", "number", token.start, last.end, token.glued, "", last.suffix, value, True)
        result.append(token)
        i += max(run, 1)
    return result


def _number_at(tokens: list[Token], i: int, language: Language) -> tuple[int, Decimal | None]:
    """How many tokens from `i` on make one number, and that number; (1, None) if there is none to join."""
    lex = lexicon(language)
    values: list[tuple[Decimal, bool]] = []
    j, best, value = i, 1, None
    while j < len(tokens) and j - i < 10:
        token = tokens[j]
        factor = numerals.scale(token.folded, language)
        if token.kind == "mark" and token.text == "-" and token.glued and values and _spelled(tokens, j + 1):
            j += 1
            continue
        if token.folded in ("and", "i", "es") and values and values[-1][1] and _spelled(tokens, j + 1):
            j += 1
            continue
        if factor is not None and (values or language == "pl" or (factor == 100 and token.spelled)):
            values.append((factor, True))
        elif token.spelled and token.value is not None and token.value == int(token.value):
            if token.value == 12 and lex.has("dozen", token.folded):
                break
            values.append((token.value, False))
        else:
            break
        total = numerals.joined(values)
        if total is None:
            break
        j += 1
        best, value = j - i, total
    start = tokens[i]
    if value is None and start.kind == "number":
        value = start.value
    if value is None:
        return 1, None
    return _factors(tokens, i, best, value, lex.language)


def _spelled(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].spelled


def _factors(tokens: list[Token], i: int, run: int, value: Decimal, language: Language) -> tuple[int, Decimal]:
    """Thousands, millions, dozens and halves that follow a number."""
    lex = lexicon(language)
    at = i + run

    def word(n: int) -> str:
        return tokens[n].folded if n < len(tokens) and tokens[n].kind in ("word", "number") else ""

    short = bool(word(at)) and len(word(at)) == 1
    if ((short and tokens[at].glued) or not short) and word(at):
        if lex.inflected("thousand", word(at)) or word(at) == "k":
            return run + 1, value * 1000
        if lex.inflected("million", word(at)) and not short:
            return run + 1, value * 1000000
    if lex.has("dozen", word(at)):
        return run + 1, value * 12
    joiners: tuple[tuple[str, ...], ...] = (("es",), ("i",), ("and", "a"), ("and",))
    for skip in joiners:
        if tuple(word(at + n) for n in range(len(skip))) == skip:
            half = at + len(skip)
            if half < len(tokens) and tokens[half].value == Decimal("0.5") and tokens[half].spelled:
                return run + len(skip) + 1, value + Decimal("0.5")
    if value == Decimal("0.5"):
        dozen = at + (word(at) == "a")
        if lex.has("dozen", word(dozen)):
            return dozen + 1 - i, value * 12
    return run, value


def _signed(tokens: list[Token]) -> list[Token]:
    """Gives a number its minus: glued to it and apart from what is before, but not as a list's bullet."""
    lex = lexicon("hu")
    starts = [0, *(i + 1 for i, t in enumerate(tokens) if t.kind == "line")]
    bullets = sum(1 for i in starts if i < len(tokens) and tokens[i].text == "-") > 1
    result: list[Token] = []
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        if token.kind == "number" and token.value is not None and before is not None and result:
            sign = before.text == "-" and token.glued and not before.glued and not (bullets and i - 1 in starts)
            if sign or lex.has("minus", before.folded):
                token.value = -token.value
                token.start, token.glued = before.start, before.glued
                result.pop()
        result.append(token)
    return result
