"""The lines of a request: products with their quantities, discounts and named prices, and what is no product at all."""

from dataclasses import dataclass
from decimal import Decimal

from offers.request import LineMatch, Point, RequestedLine
from offers.understand.drafts import Draft
from offers.understand.figures import Figure
from offers.understand.layout import Layout, layout
from offers.understand.lexicon import lexicon
from offers.understand.options import mark_options
from offers.understand.products import Mention, mentions, wanted
from offers.understand.quantities import Count, assign, counts
from offers.understand.shares import share_discounts, share_prices
from offers.understand.tokens import Prompt
from offers.understand.unread import unread_number
from offers.understand.vocabulary import Vocabulary

MAX_LINES = 100
_UNKNOWN_WORDS = 4


@dataclass(frozen=True)
class Lines:
    """The lines of a prompt in order, the discount meant for all of them, and what has to be asked."""

    matches: tuple[LineMatch, ...]
    discount: Decimal | None
    doubts: tuple[Point, ...] = ()


def find_lines(
    prompt: Prompt, vocab: Vocabulary, discounts: list[Figure], prices: list[Figure], by_sku: list[Mention]
) -> Lines:
    """The lines of `prompt`, from what customer, validity and other wishes have left free; `by_sku` are the
    mentions that have been claimed already."""
    found = wanted(prompt, sorted([*by_sku, *mentions(prompt, vocab)], key=lambda m: m.first))
    where = layout(prompt)
    numbers = counts(prompt, vocab, found, where)
    quantities = assign(prompt, found, numbers, where)
    drafts = _drafts(found, quantities)
    shared = share_discounts(prompt, drafts, discounts, where)
    share_prices(drafts, prices, where)
    doubts = mark_options(prompt, drafts, where)
    rows: list[tuple[int, LineMatch]] = [(d.mention.first, _match(prompt, vocab, d)) for d in drafts]
    rows += _unknown(prompt, numbers, found, where, vocab)
    unread = unread_number(prompt, numbers)
    if unread is not None:
        doubts.append(unread)
    rows.sort(key=lambda r: r[0])
    return Lines(tuple(match for _, match in rows[:MAX_LINES]), shared.everything, (*shared.doubts, *doubts))


def _drafts(found: list[Mention], quantities: dict[int, Decimal]) -> list[Draft]:
    """One draft a mention, but a mention without quantity of a product that has one elsewhere is that line
    again; if it says more ("10 notebook ... 16 colos"), it narrows what the line may mean."""
    drafts = [Draft(m, quantities.get(k)) for k, m in enumerate(found)]
    kept = [d for d in drafts if d.quantity is not None]
    for draft in (d for d in drafts if d.quantity is None):
        same = [d for d in kept if set(d.mention.candidates) & set(draft.mention.candidates)]
        for line in same:
            line.again.append(draft.mention)
            both = tuple(c for c in line.mention.candidates if c in draft.mention.candidates)
            line.mention.candidates = both
        if not same:
            kept.append(draft)
    return sorted(kept, key=lambda d: d.mention.first)


def _match(prompt: Prompt, vocab: Vocabulary, draft: Draft) -> LineMatch:
    requested = RequestedLine(
        product=prompt.written(draft.mention.first, draft.mention.last),
        quantity=draft.quantity,
        discount_percent=draft.discount,
        named_price=draft.price,
        optional=draft.optional,
        option_group=draft.group,
    )
    return LineMatch(requested, tuple(vocab.products[c] for c in draft.mention.candidates))


def _unknown(
    prompt: Prompt, numbers: list[Count], found: list[Mention], where: Layout, vocab: Vocabulary
) -> list[tuple[int, LineMatch]]:
    """Numbers with words that are no product: "10 db fénymásoló" is a line that matches nothing."""
    rows: list[tuple[int, LineMatch]] = []
    for number in numbers:
        if number.used or number.soft or number.each:
            continue
        span = _words_after(prompt, number) or (_words_before(prompt, number) if number.unit else None)
        if span is None:
            continue
        requested = RequestedLine(
            product=prompt.written(*span), quantity=number.value, discount_percent=None, named_price=None
        )
        rows.append((span[0], LineMatch(requested, ())))
    return rows


def _plain_word(prompt: Prompt, i: int) -> bool:
    token = prompt.at(i)
    lex = lexicon(prompt.language)
    before = prompt.at(i - 1)
    if token is not None and before is not None and token.glued and token.free and (token.text == "-" or token.value):
        # The inside of an unknown code: "XYZ-99".
        return before.kind == "word" or before.text == "-"
    if token is None or token.kind != "word" or not token.free or len(token.folded) < 3:
        return False
    time = any(lex.inflected(k, token.folded) for k in ("days", "weeks", "months", "years", "hours", "offer"))
    return not time and not lex.inflected("ordinary", token.folded)


def _words_after(prompt: Prompt, number: Count) -> tuple[int, int] | None:
    first = number.last + 1
    last = first
    while last - first < _UNKNOWN_WORDS and _plain_word(prompt, last):
        last += 1
    return (first, last - 1) if last > first else None


def _words_before(prompt: Prompt, number: Count) -> tuple[int, int] | None:
    last = number.index - 1
    while prompt.word(last) in ("-", ":", "x", "("):
        last -= 1
    first = last
    while last - first < _UNKNOWN_WORDS and _plain_word(prompt, first):
        first -= 1
    return (first + 1, last) if first < last else None
