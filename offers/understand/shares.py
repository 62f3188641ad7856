"""Which line a discount or a named price belongs to, or whether it is for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from offers.request import Point
from offers.understand.drafts import Draft
from offers.understand.exceptions import exceptions
from offers.understand.figures import Figure, unnamed_discount
from offers.understand.layout import Layout
from offers.understand.tokens import Prompt


@dataclass(frozen=True)
class Shared:
    """The discount on everything, in per cent, and what has to be asked about discounts."""

    everything: Decimal | None
    doubts: tuple[Point, ...] = ()


def share_discounts(prompt: Prompt, drafts: list[Draft], figures: list[Figure], where: Layout) -> Shared:
    """Puts discounts on lines and returns the one for all lines, if there is one.

    A discount is a line's own when its clause names that product again ("a monitorokra 10%"), when each line has
    one, when more products follow it, or when it stands in the line's own row of a list or in brackets behind it.
    It is for all when it says so, comes before every product, or closes the sentence. What is excepted has none,
    unless it has its own. Two different discounts for the same thing, "up to", and an exception of what is not in the
    offer are left open.
    """
    kept = _Kept(prompt)
    excepted = exceptions(prompt, drafts)
    kept.doubts += excepted.doubts
    open_figures: list[Figure] = []
    for figure in figures:
        named = _named_again(drafts, figure, where, excepted.between)
        if figure.unsure:
            kept.doubt(figure)
        elif figure.whole or not drafts:
            kept.for_all(figure)
        elif named:
            for draft in named:
                kept.for_line(draft, figure)
        else:
            open_figures.append(figure)
    for figure in open_figures:
        own = _own_line(prompt, drafts, figure, where, several=len(open_figures) > 1)
        if own is not None and len(open_figures) == 1 and _apart(drafts, figure, where):
            kept.doubt(figure)
        elif own is not None:
            kept.for_line(own, figure)
        else:
            kept.for_all(figure)
    bare = unnamed_discount(prompt) if not figures else None
    if bare is not None:
        kept.doubts.append(Point("discount", "discount_unsaid", {"written": prompt.written(bare, bare)}))
    for draft in excepted.drafts:
        if draft.discount is None:
            draft.discount = Decimal(0)
    return Shared(None if kept.doubts else kept.everything, tuple(kept.doubts))


class _Kept:
    """Discounts given so far; a second, different one for the same thing is a doubt."""

    def __init__(self, prompt: Prompt) -> None:
        self.everything: Decimal | None = None
        self.doubts: list[Point] = []
        self._prompt = prompt

    def doubt(self, figure: Figure) -> None:
        written = self._prompt.written(figure.first, figure.last)
        self.doubts.append(Point("discount", "discount_open", {"written": written}))

    def for_all(self, figure: Figure) -> None:
        if self.everything not in (None, figure.value):
            self.doubt(figure)
        self.everything = figure.value

    def for_line(self, draft: Draft, figure: Figure) -> None:
        if draft.discount not in (None, figure.value):
            self.doubt(figure)
        draft.discount = figure.value


def _named_again(
    drafts: list[Draft], figure: Figure, where: Layout, excepted: Callable[[int, int], bool]
) -> list[Draft]:
    clause = where.clause[figure.first]
    near = [
        (abs(m.first - figure.first), n)
        for n, d in enumerate(drafts)
        for m in d.again
        if where.clause[m.first] == clause and not excepted(m.first, figure.first)
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


def _apart(drafts: list[Draft], figure: Figure, where: Layout) -> bool:
    """True for a discount in a clause of its own behind several products and before another: "5 licences, 2 desks, 8%
    discount, 3 chairs" does not say whether it is for the last one or for all of them."""
    clause, line = where.clause[figure.first], where.line[figure.first]
    same = [d for d in drafts if where.line[d.mention.first] == line]
    before = [d for d in same if d.mention.last < figure.first]
    return len(before) > 1 and not any(where.clause[d.mention.last] == clause for d in same)


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
