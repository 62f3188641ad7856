"""Which lines are only options, and which are alternatives the customer takes one of."""

from dataclasses import dataclass, field
from itertools import pairwise

from offers.request import Point
from offers.understand.drafts import Draft
from offers.understand.layout import Layout
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.pieces import piece
from offers.understand.tokens import Prompt

_HEADING = 3


@dataclass
class _Found:
    """The lines said to be options, and what was not clear."""

    lines: list[Draft] = field(default_factory=list)
    doubts: list[Point] = field(default_factory=list)


def mark_options(prompt: Prompt, drafts: list[Draft], where: Layout) -> list[Point]:
    """Marks the drafts that are optional or alternatives, and returns what has to be asked.

    An option's word speaks for the products behind it that are joined to the first ("opcióként 2 monitor és 1
    dokkoló"), or, behind a product, for that one ("delivery as an option"). Of alternatives ("vagy 5 alap vagy 5
    prémium licenc") the first counts. Wherever more products follow than the words surely cover, or nothing would
    be left that counts, it is asked.
    """
    lex = lexicon(prompt.language)
    doubts = _alternatives(prompt, drafts, where, lex)
    found = _Found()
    for i, token in enumerate(prompt.tokens):
        if token.free and token.kind == "word" and lex.inflected("optional", token.folded):
            _option(prompt, drafts, i, lex, found)
            prompt.claim([i], "option")
    if found.lines and any(d.group for d in found.lines):
        found.doubts.append(_open(prompt, found.lines[0]))
    for draft in found.lines:
        draft.optional = True
    if drafts and all(d.optional for d in drafts):
        found.doubts.append(Point("lines", "only_options"))
    return [*doubts, *found.doubts]


def _open(prompt: Prompt, draft: Draft) -> Point:
    return Point("lines", "options_open", {"written": prompt.written(draft.mention.first, draft.mention.last)})


def _option(prompt: Prompt, drafts: list[Draft], i: int, lex: Lexicon, found: _Found) -> None:
    heading = next((n for n in range(i + 1, i + 1 + _HEADING) if prompt.word(n) == ":"), None)
    if heading is not None and all(
        prompt.tokens[n].kind == "word" and prompt.tokens[n].free for n in range(i + 1, heading)
    ):
        found.lines += _under_heading(prompt, drafts, heading)
        return
    first, last = piece(prompt, i)
    again = [d for d in drafts if any(first <= m.first and m.last < i for m in d.again)]
    before = [d for d in drafts if first <= d.mention.first and d.mention.last < i]
    after = [d for d in drafts if i < d.mention.first <= last]
    if again and not before and not after:
        # "..., the chairs are optional"
        found.lines += again
    elif after and (not before or _turns(prompt, before[-1], i, lex)):
        found.lines += after
        later = _later(prompt, drafts, last)
        if later is not None:
            found.doubts.append(_open(prompt, later))
    elif after:
        found.doubts.append(_open(prompt, after[0]))
    elif before:
        found.lines.append(before[-1])
    elif (ahead := _next_piece(prompt, drafts, i, last)) and _joined_before(prompt, first, i, lex):
        # "and, as an option, 4 monitors"
        found.lines += ahead
    elif ahead:
        found.doubts.append(_open(prompt, ahead[0]))
    elif earlier := [d for d in drafts if d.mention.last < i and _commas_only(prompt, d.mention.last, i, lex)]:
        # "2 monitor, opcióként": the product stands in the piece before.
        found.lines.append(earlier[-1])
    elif drafts:
        found.doubts.append(_open(prompt, drafts[-1]))


def _under_heading(prompt: Prompt, drafts: list[Draft], heading: int) -> list[Draft]:
    """The products behind "Options:": to the end of the sentence, or, where a list follows, to the next empty line."""
    after = prompt.at(heading + 1)
    if after is None or after.kind != "line":
        end = piece(prompt, heading, commas=False)[1]
        return [d for d in drafts if heading < d.mention.first <= end]
    end = heading + 2
    while end < len(prompt.tokens) and not (
        prompt.tokens[end].kind == "line" and prompt.tokens[end - 1].kind == "line"
    ):
        end += 1
    return [d for d in drafts if heading < d.mention.first < end]


def _turns(prompt: Prompt, before: Draft, i: int, lex: Lexicon) -> bool:
    """True when the word at `i` opens what follows: an adverb or adjective before it, or a word that joins in front."""
    if lex.has("optional_before", prompt.word(i)) and prompt.word(i + 1) != ")":
        return True
    between = [prompt.word(n) for n in range(before.mention.last + 1, i)]
    return any(
        lex.has("conjunctions", w) or w in ("with", "de", "ale", "but", "az", "z", "as", "jako") for w in between
    )


def _later(prompt: Prompt, drafts: list[Draft], last: int) -> Draft | None:
    """A product in a later piece of the same sentence: whether it is an option too cannot be told, unless the piece
    says so itself."""
    lex = lexicon(prompt.language)
    end = piece(prompt, last, commas=False)[1]
    for draft in drafts:
        if last < draft.mention.first <= end:
            first, stop = piece(prompt, draft.mention.first)
            said = any(lex.inflected("optional", prompt.word(n)) for n in range(first, stop + 1))
            return None if said else draft
    return None


def _next_piece(prompt: Prompt, drafts: list[Draft], i: int, last: int) -> list[Draft]:
    """The products of the piece behind the comma that ends the one of an option's word."""
    if prompt.word(last + 1) != "," or last + 2 >= len(prompt.tokens):
        return []
    first, end = piece(prompt, last + 2)
    return [d for d in drafts if first <= d.mention.first <= end]


def _joined_before(prompt: Prompt, first: int, i: int, lex: Lexicon) -> bool:
    before = prompt.word(first - 2) if prompt.word(first - 1) == "," else prompt.word(first)
    return lex.has("conjunctions", before) or lex.has("conjunctions", prompt.word(first))


def _commas_only(prompt: Prompt, last: int, i: int, lex: Lexicon) -> bool:
    words = [prompt.word(n) for n in range(last + 1, i)]
    return len(words) <= 3 and all(
        w in (",", "(", "-", "as", "an", "jako", "mint", "egy", "w") or lex.has("articles", w) for w in words
    )


def _alternatives(prompt: Prompt, drafts: list[Draft], where: Layout, lex: Lexicon) -> list[Point]:
    doubts: list[Point] = []
    groups = 0
    for one, two in pairwise(drafts):
        between = range(one.mention.last + 1, two.mention.first)
        ors = [n for n in between if lex.has("or", prompt.word(n))]
        if not ors:
            continue
        if where.sentence[one.mention.first] != where.sentence[two.mention.first] or not _only_figures(prompt, between):
            doubts.append(_open(prompt, two))
            continue
        either = _either(prompt, drafts, one, ors[0], lex)
        if either is None:
            doubts.append(_open(prompt, two))
            continue
        if one.group is None:
            groups += 1
            one.group = chr(ord("A") + (groups - 1) % 26)
        two.group, two.optional = one.group, True
        if either and two.quantity is None:
            two.quantity = one.quantity
    return doubts


def _either(prompt: Prompt, drafts: list[Draft], one: Draft, at: int, lex: Lexicon) -> bool | None:
    """Whether an "either" opens the choice; None where it cannot be told what is chosen between: several lines stand
    between it and the "or", or a comma in front of the "or" may take in more than the last one."""
    first = piece(prompt, one.mention.first, commas=False)[0]
    apart = {n for a, b in pairwise(drafts) if b.group for n in range(a.mention.last + 1, b.mention.first)}
    openers = [n for n in range(first, one.mention.first) if lex.has("either", prompt.word(n)) and n not in apart]
    if openers or one.group is not None:
        inside = [d for d in drafts if openers and openers[-1] < d.mention.first < at and d.group is None]
        return True if len(inside) <= 1 or one.group is not None else None
    earlier = [d for d in drafts if first <= d.mention.first < one.mention.first]
    return None if earlier and prompt.word(at - 1) == "," else False


def _only_figures(prompt: Prompt, between: range) -> bool:
    """True when nothing stands between two alternatives but the "or", numbers, units and small words."""
    lex = lexicon(prompt.language)

    def small(i: int) -> bool:
        token = prompt.tokens[i]
        kinds = ("or", "either", "articles", "conjunctions", "count_units", "discount", "percent", "optional")
        known = any(lex.inflected(kind, token.folded) for kind in kinds)
        return known or token.value is not None or token.kind == "mark" or not token.free or len(token.folded) < 3

    return all(small(i) for i in between)
