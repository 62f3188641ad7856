"""Which number is the quantity of which product."""

from dataclasses import dataclass
from decimal import Decimal

from core.text import fold
from offers.understand.layout import Layout
from offers.understand.lexicon import TIME_UNITS, lexicon
from offers.understand.naming import names_something
from offers.understand.products import Mention
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import Vocabulary

# How many tokens behind a product a span of time may stand to be its quantity ("basic support, 3 years").
_NEAR = 3


@dataclass
class Count:
    """A number that may be a quantity at token `index`; `last` is the end of its unit, `each` when it is meant for
    every product, `soft` for an article ("a", "egy") that counts only right before a product."""

    index: int
    last: int
    value: Decimal
    unit: bool = False
    each: bool = False
    soft: bool = False
    used: bool = False


def counts(prompt: Prompt, vocab: Vocabulary, mentions: list[Mention], where: Layout) -> list[Count]:
    """The free numbers of the prompt that may be quantities. Spans of time are ones only beside a product
    sold by that unit; ranges ("10-15") are none, as they do not say how many."""
    lex = lexicon(prompt.language)
    found: list[Count] = []
    i = 0
    while i < len(prompt.tokens):
        token = prompt.tokens[i]
        article = prompt.language == "en" and token.folded in ("a", "an") and token.free
        # The digits of an unknown code ("A0005") count nothing.
        before = prompt.at(i - 1)
        dashed = before is not None and before.text == "-" and before.glued
        coded = token.glued and before is not None and before.text != "x" and (dashed or before.kind == "word")
        if not article and (coded or token.value is None or not token.free or token.kind == "date"):
            i += 1
            continue
        count = Count(i, i, token.value if token.value is not None else Decimal(1))
        count.soft = article or (token.spelled and token.folded.startswith("egy"))
        after = prompt.at(i + 2)
        if prompt.word(i + 1) == "-" and after is not None and after.value is not None and after.glued:
            if after.value != token.value:
                i += 3
                continue
            count.each, count.last = True, i + 2
        _unit(prompt, count)
        other = _or_number(prompt, count)
        if other is not None:
            # "10 or 12 licences" does not say how many.
            i = other + 1
            continue
        count.unit = count.unit or lex.has("quantity_words", prompt.word(i - 1 - (prompt.word(i - 1) in (":", "="))))
        count.each = count.each or any(
            lex.has("each", w) for w in (prompt.word(i - 1), prompt.word(count.last + 1), prompt.word(count.last + 2))
        )
        if not names_something(prompt, i) and _fits_unit(prompt, count, vocab, mentions, where):
            found.append(count)
        i = count.last + 1
    return found


def _or_number(prompt: Prompt, count: Count) -> int | None:
    """The number that an "or" joins to the count, with no word between: its token; None if there is none."""
    lex = lexicon(prompt.language)
    at = count.last + 1
    if not lex.has("or", prompt.word(at)):
        return None
    other = prompt.at(at + 1)
    if other is None or other.value is None or not other.free or count.soft:
        return None
    return at + 1 if not _own_unit(prompt, count) else None


def _own_unit(prompt: Prompt, count: Count) -> bool:
    """True when a product stands right before the count, so that the "or" joins products: "licences 5 or desks 5"."""
    before = prompt.at(count.index - 1)
    return before is not None and before.use == "product"


def _unit(prompt: Prompt, count: Count) -> None:
    """Takes the unit word behind the number ("db", "szt.", "x") into the count."""
    lex = lexicon(prompt.language)
    at = count.last + 1
    if prompt.word(at) in ("-", "."):
        at += 1
    token = prompt.at(at)
    word = token.folded if token and token.free and token.kind in ("word", "mark") else ""
    measure = word in ("kg", "l", "x", "×", "*") or lex.inflected("adjectival_units", word) or word.startswith("liter")
    if word and (measure or lex.inflected("count_units", word)):
        count.unit, count.last = True, at
        if prompt.word(at + 1) == "." and prompt.tokens[at + 1].glued:
            count.last = at + 1


def _time_unit(prompt: Prompt, count: Count) -> str:
    lex = lexicon(prompt.language)
    word = prompt.word(count.last + 1)
    return next((u for u in TIME_UNITS if word and lex.inflected(u, word)), "")


def _fits_unit(prompt: Prompt, count: Count, vocab: Vocabulary, mentions: list[Mention], where: Layout) -> bool:
    """False for a span of time that is no product's unit, or beside no product sold by it."""
    unit = _time_unit(prompt, count)
    if not unit:
        return not _other_unit(prompt, count, vocab, mentions, where)
    lex = lexicon(prompt.language)
    sold = {i for i, p in enumerate(vocab.products) if lex.time_units.get(fold(p.unit).strip(" .")) == unit}
    clause = where.clause[count.index]
    near = [
        m
        for m in mentions
        if sold & set(m.candidates) and (where.clause[m.first] == clause or 0 < count.index - m.last <= _NEAR)
    ]
    if near:
        count.unit, count.last = True, count.last + 1
    return bool(near)


def _other_unit(prompt: Prompt, count: Count, vocab: Vocabulary, mentions: list[Mention], where: Layout) -> bool:
    """True for a number of what the product is not sold by: "500 g coffee", "training for 5 people"."""
    lex = lexicon(prompt.language)
    at = count.last if count.unit else count.last + 1
    # "1 user training": the word is the product's own.
    if any(m.first <= at <= m.last for m in mentions):
        return False
    if any(lex.inflected("other_measures", prompt.word(n)) for n in (at, count.last + 1)):
        return True
    if not lex.inflected("people", prompt.word(at)):
        return False
    clause = where.clause[count.index]
    near = [m for m in mentions if where.clause[m.first] == clause] or [m for m in mentions if m.last < count.index][
        -1:
    ]
    return bool(near) and all(
        fold(vocab.products[c].unit).strip(" .") in lex.time_units for m in near for c in m.candidates
    )


def assign(prompt: Prompt, mentions: list[Mention], numbers: list[Count], where: Layout) -> dict[int, Decimal]:
    """Quantities by the place of the mention in `mentions`.

    Inside a clause a number belongs to the product after it, or, when the clause begins with the product, to the
    one before. A clause with numbers alone gives them to the nearest product before it that has none, then to the
    nearest after. "5 each" fills every product without a quantity.
    """
    given: dict[int, Decimal] = {}
    clauses = sorted({where.clause[m.first] for m in mentions} | {where.clause[n.index] for n in numbers})
    for clause in clauses:
        inside = [k for k, m in enumerate(mentions) if where.clause[m.first] == clause]
        loose = [n for n in numbers if where.clause[n.index] == clause and not n.each and not n.soft]
        if inside and loose:
            _in_clause(mentions, inside, loose, given)
    for number in numbers:
        if not number.used and not number.each and not number.soft:
            _across(prompt, mentions, number, where, given)
    for number in (n for n in numbers if n.soft):
        k = next((k for k, m in enumerate(mentions) if 0 < m.first - number.last <= 2), None)
        if k is not None and k not in given and not _names_offer(prompt, mentions[k]):
            given[k] = number.value
            number.used = True
    for number in (n for n in numbers if n.each):
        for k in range(len(mentions)):
            if k not in given:
                given[k] = number.value
                number.used = True
    return given


def _in_clause(mentions: list[Mention], inside: list[int], loose: list[Count], given: dict[int, Decimal]) -> None:
    behind = mentions[inside[0]].first < loose[0].index and len(loose) >= len(inside)
    order = loose if not behind else list(reversed(loose))
    for number in order:
        after = [k for k in inside if mentions[k].first > number.index and k not in given]
        before = [k for k in reversed(inside) if mentions[k].first < number.index and k not in given]
        choice = (before + after) if behind else (after + before)
        if choice:
            given[choice[0]] = number.value
            number.used = True


def _across(prompt: Prompt, mentions: list[Mention], number: Count, where: Layout, given: dict[int, Decimal]) -> None:
    """A number with no product in its clause: "Prémium licenc, 10 db"; never when a word of its own follows."""
    follows = prompt.at(number.last + 1)
    alone = (
        follows is None
        or follows.kind != "word"
        or not follows.free
        or lexicon(prompt.language).inflected("ordinary", follows.folded)
    )
    if not alone:
        return
    line = where.line[number.index]
    before = [k for k, m in enumerate(mentions) if m.first < number.index and k not in given]
    after = [k for k, m in enumerate(mentions) if m.first > number.index and k not in given]
    before = [k for k in before if where.line[mentions[k].first] == line or number.unit]
    if before and (number.unit or where.clause[number.index] - where.clause[mentions[before[-1]].last] <= 1):
        given[before[-1]] = number.value
        number.used = True
    elif after and where.line[mentions[after[0]].first] == line and mentions[after[0]].first - number.last <= 6:
        given[after[0]] = number.value
        number.used = True


def _names_offer(prompt: Prompt, mention: Mention) -> bool:
    """True when the product only describes the offer: "egy notebook ajánlat", "a monitor quote"."""
    return lexicon(prompt.language).inflected("offer", prompt.word(mention.last + 1))
