"""How well a run of words in a prompt fits the name of one customer."""

from dataclasses import dataclass
from itertools import pairwise

from core.text import folded_words
from offers.request import CustomerName
from offers.understand.alike import EXACT, INFLECTED, TYPO, alike
from offers.understand.legal import split_name

_JOINING = frozenset({"es", "i", "and", "a", "z", "of", "the", "s", "o"})
_PARTNERS = frozenset(
    {"tarsa", "tarsai", "fia", "fiai", "synowie", "syn", "sons", "son", "partners", "partnerzy", "co"}
)


@dataclass(frozen=True)
class Fit:
    """How a customer fits: `explained` are the places of the words it accounts for, `quality` the mean sureness,
    `missing` the words of the name that were not said."""

    customer: CustomerName
    explained: frozenset[int]
    quality: float
    missing: tuple[str, ...]
    form: str | None

    @property
    def complete(self) -> bool:
        """True when the whole name was said, legal form aside."""
        return not self.missing

    @property
    def partners_missing(self) -> bool:
        """True when an unsaid part makes another firm of it: "és Társa", "i Synowie", "& Sons"."""
        return any(w in _PARTNERS for w in self.missing)


def fit(customer: CustomerName, said: list[tuple[int, str]], hyphens: frozenset[int] = frozenset()) -> Fit:
    """How `customer` fits the folded words `said` (with their places).

    Each word of the name is used once. Two neighbouring words may stand for one and one for two ("Zöld Liget",
    "Zöldliget"), less surely than a plain match unless a hyphen at a place in `hyphens` joins them. The customer's
    town explains a word too ("a debreceni Kovács Kft.") without being needed.
    """
    words, form = split_name(customer.name)
    left = [w for w in words if w not in _JOINING]
    explained: dict[int, float] = {}
    for sureness in (EXACT, INFLECTED, TYPO):
        for place, word in said:
            if place in explained:
                continue
            known = next((w for w in left if alike(word, w) >= sureness), None)
            if known is not None:
                left.remove(known)
                explained[place] = sureness
    _join(said, words, left, explained, hyphens)
    _town(customer, said, left, explained)
    quality = sum(explained.values()) / len(explained) if explained else 0.0
    return Fit(customer, frozenset(explained), quality, tuple(left), form)


def _town(customer: CustomerName, said: list[tuple[int, str]], left: list[str], explained: dict[int, float]) -> None:
    """The town in front of a name that is otherwise complete: "Győri Könyvelő" is not any book-keeper in Győr."""
    if not explained or any(w not in _PARTNERS for w in left):
        return
    for town in folded_words(customer.city or ""):
        for place, word in said:
            if place not in explained and alike(word, town) >= INFLECTED:
                explained[place] = INFLECTED


def _join(
    said: list[tuple[int, str]],
    words: list[str],
    left: list[str],
    explained: dict[int, float],
    hyphens: frozenset[int],
) -> None:
    """Two said words for one of the name, and one said word for two of the name."""
    for (first, one), (second, two) in pairwise(said):
        if first in explained or second in explained:
            continue
        known = next((w for w in left if alike(one + two, w) >= TYPO), None)
        if known is not None:
            left.remove(known)
            explained[first] = explained[second] = EXACT if first in hyphens else TYPO
    for place, word in said:
        if place in explained:
            continue
        for one, two in pairwise(words):
            if two in left and (one in left or one in _JOINING) and alike(word, one + two) >= TYPO:
                left.remove(two)
                if one in left:
                    left.remove(one)
                explained[place] = TYPO
                break
