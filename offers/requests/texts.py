"""What sentences and lists outside of tables ask for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.language import Language
from core.text import folded_words
from offers.request import LineMatch
from offers.requests.products import meant
from offers.requests.recognised import Doubt
from offers.requests.words import phrases, unit_of, words
from offers.understand.figures import percents, prices
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.lines import find_lines
from offers.understand.products import skus
from offers.understand.tokens import Prompt, Token, tokenise
from offers.understand.validity import validity
from offers.understand.vocabulary import Vocabulary

_BULLET = re.compile(r"^\s*(?:[-–—•*·▪●◦+]|\d{1,3}[.)]|[a-z][.)])\s+")
_QUOTE = re.compile(r"^\s*(?:>\s*)+")
_END = re.compile(r"(?<=[.!?;])\s+(?=[^\W\d_a-zà-žąćęłńóśźż])")
_ABBREVIATED = re.compile(
    r"(?:^|\W)(?:db|szt|pcs|kb|ca|sp|o\.o|ltd|kft|bt|zrt|nr|ul|pl|dr|tel|st|u|opak|godz|no|incl|approx|inkl)\.$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:üdvözlettel|tisztelettel|köszönettel|üdv|pozdrawiam|z poważaniem|z wyrazami|kind regards|best regards|"
    r"regards|best wishes|yours|many thanks|--\s*$)[^\w]*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)
_LONGEST = 1_500
_BEFORE, _AFTER = 2, 3


@dataclass(frozen=True)
class Said:
    """A thing named in a text: the product as written, which it may be (SKUs), how many, what else was named, and the
    doubts. `weak` is a mention that asks for nothing by itself; `aside` is one in a sentence that speaks of what is not
    wanted, and wishes nothing."""

    words: str
    product: str
    skus: tuple[str, ...]
    quantity: Decimal | None
    unit: str
    discount: Decimal | None
    price: Decimal | None
    doubts: tuple[Doubt, ...]
    weak: bool
    aside: bool = False


def closes(text: str) -> bool:
    """Whether a letter ends here: what follows is who wrote it."""
    return bool(_CLOSING.match(text))


def begins_quotation(text: str) -> bool:
    """Whether an earlier letter is quoted from here on."""
    plain = " ".join(folded_words(text))
    return len(plain) < 60 and any(phrase in plain for phrase in phrases("quoted"))


def sentences(text: str) -> Iterator[str]:
    """The sentences of `text`; a point behind a short form ends none."""
    held = ""
    for part in _END.split(text[:_LONGEST]):
        held = f"{held} {part}" if held else part
        if not _ABBREVIATED.search(held):
            yield held
            held = ""
    if held:
        yield held


def things(text: str, vocab: Vocabulary, language: Language, today: date, quoted: bool = False) -> Iterator[Said]:
    """The things that `text`, a paragraph or a point of a list, names."""
    quoted = quoted or bool(_QUOTE.match(text))
    text = _QUOTE.sub("", text)
    listed = _BULLET.match(text) is not None
    for sentence in sentences(_BULLET.sub("", text)):
        yield from _in_sentence(sentence, vocab, language, today, listed, quoted)


def _in_sentence(
    text: str, vocab: Vocabulary, language: Language, today: date, listed: bool, quoted: bool
) -> Iterator[Said]:
    prompt = tokenise(text, language)
    lex = lexicon(language)
    by_sku = skus(prompt, vocab)
    validity(prompt, today)
    lines = find_lines(prompt, vocab, percents(prompt), prices(prompt), by_sku)
    counted = [m for m in lines.matches if m.requested.quantity is not None]
    shared = set(_about_sentence(prompt, lex, len(counted), listed, quoted))
    wished = any(
        lex.has("make", token.folded) or lex.inflected("offer", token.folded) or token.folded in words("asking")
        for token in prompt.tokens
    )
    asked = listed or wished
    only_things = not any(_strange(token, lex) for token in prompt.tokens)
    for match in lines.matches:
        unit = _unit(prompt, match)
        if not match.products and not (wished or (unit and (listed or only_things)) or (listed and len(counted) == 1)):
            # "4026 Debrecen", "20 years of experience": a number and words are not yet a wish.
            continue
        doubts = dict.fromkeys(shared)
        if match.products:
            doubts.update(dict.fromkeys(meant(match.requested.product, vocab, language).doubts))
            if len(match.products) != 1:
                doubts["several"] = None
        if match.requested.quantity is None:
            doubts["no_quantity"] = None
        if listed or only_things:
            if not only_things:
                doubts["more_said"] = None
        elif not asked:
            doubts["in_prose"] = None
        elif _crowded(prompt, match, lex):
            doubts["more_said"] = None
        yield Said(
            text,
            match.requested.product,
            tuple(product.sku for product in match.products[:8]),
            match.requested.quantity,
            unit,
            match.requested.discount_percent,
            match.requested.named_price,
            tuple(doubts),
            weak=match.requested.quantity is None and not listed,
            aside=not asked and ("perhaps_not" in doubts or "quoted" in doubts),
        )


def _about_sentence(prompt: Prompt, lex: Lexicon, counted: int, listed: bool, quoted: bool) -> Iterator[Doubt]:
    said = {token.folded for token in prompt.tokens}
    if said & words("not_wanted"):
        yield "perhaps_not"
    if said & words("alternatives"):
        yield "alternatives"
    if said & words("about") - {"do", "max", "min"}:
        yield "about"
    if quoted:
        yield "quoted"
    numbers = sum(token.value is not None and token.free and token.kind == "number" for token in prompt.tokens)
    # An article ("egy", "a") is a number that may count nothing.
    articles = sum(token.spelled and token.folded.startswith(("egy", "one", "jed")) for token in prompt.tokens)
    if numbers - articles > counted:
        yield "several_numbers"


def _strange(token: Token, lex: Lexicon) -> bool:
    """A word that is part of no product, unit or figure, and none of everyday text."""
    if token.kind != "word" or not token.free or token.value is not None:
        return False
    known = unit_of(token.folded) or lex.has("conjunctions", token.folded) or len(token.folded) < 2
    return not known and not lex.inflected("ordinary", token.folded) and not lex.has("articles", token.folded)


def _span(prompt: Prompt, match: LineMatch) -> tuple[int, int] | None:
    """The tokens of the product as it was written."""
    at = prompt.text.find(match.requested.product)
    if at < 0:
        return None
    end = at + len(match.requested.product)
    inside = [i for i, token in enumerate(prompt.tokens) if token.start >= at and token.end <= end]
    return (inside[0], inside[-1]) if inside else None


def _crowded(prompt: Prompt, match: LineMatch, lex: Lexicon) -> bool:
    """Whether a word of its own stands right beside the product: "10 used notebooks", "Notebook 15 with dock"."""
    span = _span(prompt, match)
    if span is None:
        return True
    for step, start, reach in ((-1, span[0] - 1, _BEFORE), (1, span[1] + 1, _AFTER)):
        for i in range(start, start + step * reach, step):
            token = prompt.at(i)
            if token is None or token.kind in ("mark", "line") or token.use == "product" or token.value is not None:
                break
            if _strange(token, lex):
                return True
    return False


def _unit(prompt: Prompt, match: LineMatch) -> str:
    """The unit beside the quantity of a line, as written; empty where none is."""
    quantity = match.requested.quantity
    if quantity is None:
        return ""
    span = _span(prompt, match)
    numbers = [i for i, token in enumerate(prompt.tokens) if token.value == quantity and token.use != "product"]
    if span is not None:
        numbers.sort(key=lambda i: min(abs(i - span[0]), abs(i - span[1])))
    for i in numbers[:1]:
        after = i + 1 + (prompt.word(i + 1) in ("-", "."))
        token = prompt.at(after)
        if token is not None and token.use != "product" and unit_of(token.folded):
            return token.text
    return ""
