"""A message about an offer cut into clauses, with what each names: products, numbers, times, words of change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.revising.lexicon import find, is_in
from core.language import Language
from offers.request import Catalogue
from offers.understand import figures
from offers.understand.dates import dates
from offers.understand.layout import layout
from offers.understand.lexicon import lexicon
from offers.understand.products import Mention, mentions
from offers.understand.tokens import Prompt, tokenise
from offers.understand.vocabulary import Vocabulary, vocabulary

# Groups of words that say what is to happen; all but `fill`, which is only passed over.
SIGNALS = (
    *("reprice", "fixed", "optional", "valid", "longer", "payment", "delivery", "warranty", "notes", "title"),
    *("instead", "lieu", "replace", "off", "every", "remove", "add", "more", "fewer", "turn", "set", "line_word"),
)
_UNITS = {"days": 1, "weeks": 7}
_PARTS = ("out", "off", "rid")


@dataclass(frozen=True)
class Time:
    """A stretch of time: days, or calendar months; `ends` where it is worded as a last day ("két hétig")."""

    days: int = 0
    months: int = 0
    ends: bool = False


@dataclass
class Clause:
    """One clause: places of tokens, and what was found at them. `has` are the groups a word of it is of."""

    places: list[int]
    has: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    named: list[Mention] = field(default_factory=list)
    numbers: list[tuple[int, Decimal]] = field(default_factory=list)
    percents: list[Decimal] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    until: bool = False
    times: list[Time] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def names(self) -> bool:
        """Whether it says what is to change, or what into."""
        told = self.named or self.numbers or self.percents or self.days or self.times
        return bool(told) or bool(self.has.keys() & {"off", "notes", "title", "warranty", "optional", "fixed"})

    def first(self, *groups: str) -> int | None:
        """The place of the first word of one of the groups."""
        return min((span[0] for group in groups for span in self.has.get(group, ())), default=None)


@dataclass
class Message:
    """A message being read, claimed piece by piece."""

    prompt: Prompt
    language: Language
    vocab: Vocabulary

    def words(self, named: Mention) -> str:
        """A mention as it was written."""
        return self.prompt.written(named.first, named.last)


def message(text: str, language: Language, catalogue: Catalogue) -> Message:
    """`text` as tokens in `language`, with the names of the products on sale."""
    return Message(tokenise(text, language), language, vocabulary(catalogue.products(), lexicon(language)))


def clauses(read: Message, today: date) -> list[Clause]:
    """The clauses of what has not been claimed yet."""
    prompt = read.prompt
    timed = _times(prompt)
    dated = dates(prompt, today)
    for one in dated:
        prompt.claim([i for i in range(one.first, one.last + 1) if prompt.tokens[i].free], "date")
    shares = figures.percents(prompt)
    named = mentions(prompt, read.vocab)
    where = layout(prompt).clause
    found: dict[int, Clause] = {}
    for place, number in enumerate(where):
        found.setdefault(number, Clause([])).places.append(place)
    for mention in named:
        found[where[mention.first]].named.append(mention)
    for share in shares:
        found[where[share.first]].percents.append(share.value)
    for one in dated:
        found[where[one.first]].days.append(one.day)
        found[where[one.first]].until |= one.until
    for first, time in timed:
        found[where[first]].times.append(time)
    for clause in found.values():
        _read(read, clause)
    return _drawn_together([c for c in found.values() if any(prompt.tokens[i].kind != "mark" for i in c.places)])


def _drawn_together(parts: list[Clause]) -> list[Clause]:
    """A clause that has verbs and names nothing belongs to the one behind it: "hosszabbítsd | meg két héttel"."""
    found: list[Clause] = []
    waiting: Clause | None = None
    for clause in parts:
        if waiting is not None:
            clause.places = [*waiting.places, *clause.places]
            clause.unread = [*waiting.unread, *clause.unread]
            for name, spans in waiting.has.items():
                clause.has.setdefault(name, []).extend(spans)
        waiting = clause if clause.has and not clause.names else None
        if waiting is None:
            found.append(clause)
    return found if waiting is None else [*found, waiting]


def _times(prompt: Prompt) -> list[tuple[int, Time]]:
    """Numbers with a unit of time behind them, claimed. A unit of no number is one in Hungarian and behind an article.
    What is sold by the day is no time where a product is named beside it: then the number counts that."""
    lex = lexicon(prompt.language)
    found: list[tuple[int, Time]] = []
    for i, token in enumerate(prompt.tokens):
        if not token.free:
            continue
        last = i + 1 + (prompt.word(i + 1) == "-")
        unit = next(
            (name for name in ("days", "weeks", "months", "years") if lex.inflected(name, prompt.word(last))), ""
        )
        article = token.folded in ("a", "an", "egy", "one") and token.kind in ("word", "number")
        value = token.value if token.value is not None else Decimal(1) if article else None
        if not unit or value is None or value != int(value) or not 0 <= value < 4000:
            continue
        if prompt.tokens[last].folded == token.folded:
            continue
        ends = prompt.tokens[last].suffix == "ig" or prompt.tokens[last].folded.endswith("ig")
        count = int(value)
        if unit == "years":
            unit, count = "months", 12 * count
        time = Time(months=count, ends=ends) if unit == "months" else Time(days=count * _UNITS[unit], ends=ends)
        prompt.claim(range(i, last + 1), "time")
        found.append((i, time))
    return found


def _read(read: Message, clause: Clause) -> None:
    """Find the words of change in a clause, its free numbers, and what is left over."""
    prompt, language = read.prompt, read.language
    free = [i for i in clause.places if prompt.tokens[i].free and prompt.tokens[i].kind in ("word", "number")]
    words = [prompt.tokens[i].folded for i in free]
    used: set[int] = set()
    for name in SIGNALS:
        for first, last in find(name, words, language):
            inside = set(range(first, last + 1))
            # "Not optional" is not optional as well, "nem kell" not needed as well; "legyen" may be in a longer phrase.
            if any(inside < other for other in _taken(clause, free)):
                continue
            if name == "more" and _joins(prompt, free[first]):
                continue
            clause.has.setdefault(name, []).append((free[first], free[last]))
            used |= inside
    used |= _apart(clause, free, words, language)
    for at, place in enumerate(free):
        token = prompt.tokens[place]
        if token.value is not None and at not in used:
            clause.numbers.append((place, token.value))
        elif at not in used and not is_in("fill", token.folded, language) and not _unit(prompt, place):
            clause.unread.append(token.folded)


def _apart(clause: Clause, free: list[int], words: list[str], language: Language) -> set[int]:
    """The places of a verb in two parts ("take … out"), which is one of leaving out."""
    verb = next((first for first, _ in find("apart", words, language)), None)
    behind = next((at for at, word in enumerate(words) if verb is not None and at > verb and word in _PARTS), None)
    if verb is None or behind is None or "remove" in clause.has:
        return set()
    clause.has["remove"] = [(free[verb], free[behind])]
    clause.has.pop("set", None)
    rest = [span for span in clause.has.get("off", []) if span != (free[behind], free[behind])]
    clause.has.pop("off", None)
    if rest:
        clause.has["off"] = rest
    return {verb, behind}


def _taken(clause: Clause, free: list[int]) -> Iterator[set[int]]:
    for spans in clause.has.values():
        for first, last in spans:
            yield {at for at, place in enumerate(free) if first <= place <= last}


def _joins(prompt: Prompt, place: int) -> bool:
    """Whether a Hungarian "meg" is an "and": "12 monitor meg 3 szék". With its accent it means more."""
    return prompt.tokens[place].text.casefold() == "meg"


def _unit(prompt: Prompt, place: int) -> bool:
    return lexicon(prompt.language).has("count_units", prompt.word(place))
