"""What a discount is not for: "10% on everything except the monitors", "a szállítás kivételével"."""

from dataclasses import dataclass, field

from offers.request import Point
from offers.understand.drafts import Draft
from offers.understand.lexicon import lexicon
from offers.understand.pieces import piece
from offers.understand.tokens import Prompt


@dataclass
class Excepted:
    """The lines without the discount, what was not clear, and by the place of each excepted mention where the excepting
    word stands."""

    drafts: list[Draft] = field(default_factory=list)
    doubts: list[Point] = field(default_factory=list)

    mentions: dict[int, int] = field(default_factory=dict)

    def between(self, mention: int, figure: int) -> bool:
        """True when the discount at the token `figure` is not for the product mentioned at `mention`: it is excepted,
        and the discount does not stand behind the excepting words with it ("except monitors, 5%")."""
        place = self.mentions.get(mention)
        return place is not None and (figure < place or mention < place)


def exceptions(prompt: Prompt, drafts: list[Draft]) -> Excepted:
    """The lines that excepting words name: behind "except", "kivéve", "oprócz", in front of "kivételével". Where a
    product is excepted that is not in the offer otherwise, or nothing that could be found, it is left open."""
    lex = lexicon(prompt.language)
    found = Excepted()
    for i, token in enumerate(prompt.tokens):
        ahead, behind = lex.has("except", token.folded), lex.has("except_behind", token.folded)
        if token.free and lex.has("not", token.folded):
            _refused(prompt, drafts, i, found)
            continue
        apart = token.folded == "apart" and prompt.word(i + 1) == "from"
        if not token.free or not (ahead or behind or apart):
            continue
        first, last = piece(prompt, i)
        last = next((n - 1 for n in range(i + 2, last) if prompt.word(n) == ":"), last)
        span = range(first, i) if behind and not (ahead and prompt.at(i + 1) is not None) else range(i + 1, last + 1)
        if behind and ahead and _named(drafts, range(first, i)) and not _named(drafts, range(i + 1, last + 1)):
            span = range(first, i)
        named, bare = _named(drafts, span), [d for d in drafts if d.mention.first in span]
        found.mentions.update({m.first: i for d in named for m in d.again if m.first in span})
        found.drafts += named
        prompt.claim([i], "except")
        if bare or not named:
            written = prompt.written(span[0], span[-1]) if span else token.text
            found.doubts.append(Point("discount", "exception_open", {"written": written}))
    return found


def _refused(prompt: Prompt, drafts: list[Draft], i: int, found: Excepted) -> None:
    """ "a kiszállításra nem", "but not the delivery": right beside a "not", a line named again has no discount, and one
    not named otherwise may be meant not to be there at all."""
    lex = lexicon(prompt.language)
    ahead = i + 1
    while lex.has("articles", prompt.word(ahead)) or prompt.word(ahead) in ("on", "na", "for"):
        ahead += 1
    first, last = piece(prompt, i)
    again = [(d, m) for d in drafts for m in d.again if m.first == ahead or (m.last == i - 1 and i == last)]
    bare = [d for d in drafts if d.quantity is None and (d.mention.first == ahead or d.mention.last == i - 1)]
    counted = any(prompt.tokens[n].value is not None and prompt.tokens[n].free for n in range(first, last + 1))
    if again and not counted:
        found.mentions.update({m.first: i for _, m in again})
        found.drafts += [d for d, _ in again]
    elif bare or again:
        found.doubts.append(Point("lines", "refused_open", {"written": prompt.written(first, last)}))


def _named(drafts: list[Draft], span: range) -> list[Draft]:
    return [d for d in drafts if any(m.first in span for m in d.again)]
