"""Which line a discount or a named price belongs to, or whether it is for all of them."""

from dataclasses import dataclass, field
from decimal import Decimal

from offers.understand.figures import Figure
from offers.understand.layout import Layout
from offers.understand.products import Mention
from offers.understand.tokens import Prompt


@dataclass
class Draft:
    """A line being put together: its mention, what it means, and its figures."""

    mention: Mention
    quantity: Decimal | None = None
    discount: Decimal | None = None
    price: Decimal | None = None
    again: list[Mention] = field(default_factory=list)


def share_discounts(prompt: Prompt, drafts: list[Draft], figures: list[Figure], where: Layout) -> Decimal | None:
    """Puts discounts on lines and returns the one for all lines, None if there is none.

    A discount is a line's own when its clause names that product again ("a monitorokra 10%"), when each line has
    one, when more products follow it, or when it stands in the line's own row of a list or in brackets behind it.
    It is for all when it says so, comes before every product, or closes the sentence.
    """
    everything: Decimal | None = None
    open_figures: list[Figure] = []
    for figure in figures:
        named = _named_again(drafts, figure, where)
        if figure.whole or not drafts:
            everything = figure.value
        elif named:
            for draft in named:
                draft.discount = figure.value
        else:
            open_figures.append(figure)
    for figure in open_figures:
        own = _own_line(prompt, drafts, figure, where, several=len(open_figures) > 1)
        if own is not None:
            own.discount = figure.value
        elif everything is None:
            everything = figure.value
    return everything


def _named_again(drafts: list[Draft], figure: Figure, where: Layout) -> list[Draft]:
    clause = where.clause[figure.first]
    near = [
        (abs(m.first - figure.first), n)
        for n, d in enumerate(drafts)
        for m in d.again
        if where.clause[m.first] == clause
    ]
    if not near:
        return []
    closest = min(near)[0]
    return [drafts[n] for distance, n in near if distance == closest]


def _own_line(prompt: Prompt, drafts: list[Draft], figure: Figure, where: Layout, several: bool) -> Draft | None:
    before = [d for d in drafts if d.mention.first < figure.first]
    after = [d for d in drafts if d.mention.first > figure.last]
    if len(drafts) == 1:
        return None
    in_clause = [d for d in drafts if where.clause[d.mention.first] == where.clause[figure.first]]
    if several:
        if in_clause:
            nearest = [d for d in reversed(in_clause) if d in before and d.discount is None] + [
                d for d in in_clause if d in after and d.discount is None
            ]
            return nearest[0] if nearest else None
        return before[-1] if before and before[-1].discount is None else None
    rows = {where.line[d.mention.first] for d in drafts}
    in_row = [d for d in drafts if where.line[d.mention.first] == where.line[figure.first]]
    if len(rows) > 1:
        return in_row[0] if len(in_row) == 1 else None
    if before and any(prompt.word(i) == "(" for i in range(before[-1].mention.last + 1, figure.first)):
        return before[-1]
    same = [d for d in after if where.sentence[d.mention.first] == where.sentence[figure.first]]
    return before[-1] if before and same else None


def share_prices(drafts: list[Draft], figures: list[Figure], where: Layout) -> None:
    """Puts each named price on the product of its clause, else on the last one before it, else on the first."""
    for figure in figures:
        clause = where.clause[figure.first]
        inside = [d for d in drafts if where.clause[d.mention.first] == clause]
        again = [d for d in drafts for m in d.again if where.clause[m.first] == clause]
        before = [d for d in drafts if d.mention.first < figure.first]
        chosen = (
            again[:1] or [d for d in reversed(inside) if d in before][:1] or inside[:1] or before[-1:] or drafts[:1]
        )
        for draft in chosen:
            draft.price = draft.price if draft.price is not None else figure.value
