"""The words products are called by, in every language at once, and which of them a typed word means."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from core.language import Language
from core.text import fold, folded_words
from offers.request import ProductName
from offers.understand.alike import EXACT, INFLECTED, TYPO, alike
from offers.understand.lexicon import Lexicon

_PREFIX = 3
_COMPOUND = 0.9
INCHES = frozenset({"huvelyk", "huvelykes", "inch", "cali"})
_MEASURES = frozenset({"kg", "l", "liter"})
_FUNCTION = frozenset({"z", "on", "add", "i", "of", "the", "with", "do", "na", "a", "az", "es", "and", "w", "for"})
_HEAD_LAST: dict[Language, bool] = {"hu": True, "en": True, "pl": False}


@dataclass(frozen=True)
class Hit:
    """A product a typed word may mean: `product` is its place in the catalogue, `word` the name word it is a
    form of, `score` how surely."""

    product: int
    word: str
    score: float


@dataclass
class Vocabulary:
    """Name words to products. `names` has, for each product, the words that must be there in each language."""

    products: tuple[ProductName, ...]
    lex: Lexicon
    names: list[dict[Language, frozenset[str]]] = field(default_factory=list)
    heads: list[frozenset[str]] = field(default_factory=list)
    skus: dict[str, int] = field(default_factory=dict)
    sizes: dict[Decimal, set[int]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    _hungarian: set[str] = field(default_factory=set)
    _words: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    _starts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _cache: dict[tuple[str, bool], tuple[Hit, ...]] = field(default_factory=dict)

    def hits(self, word: str, typos: bool = True) -> tuple[Hit, ...]:
        """The products a folded typed word may belong to, by the surest way it fits: a form of a name word or of
        a synonym, else the last part of a compound, else a misspelling."""
        key = (word, typos)
        if key not in self._cache:
            self._cache[key] = self._look_up(word, typos)
        return self._cache[key]

    def _look_up(self, word: str, typos: bool) -> tuple[Hit, ...]:
        if len(word) < 2 or len(word) > 40:
            return ()
        best: dict[int, Hit] = {}
        everyday = self.lex.has("ordinary", word)

        def keep(known: str, score: float) -> None:
            for product, own in self._words[known].items():
                if product not in best or best[product].score < score:
                    best[product] = Hit(product, own, score)

        if word in self._words and word not in _MEASURES:
            keep(word, EXACT)
        if everyday:
            return tuple(best.values())
        for known in self._starts.get(word[:_PREFIX], ()):
            score = alike(word, known)
            if score >= INFLECTED:
                keep(known, score)
        if best:
            surest = max(h.score for h in best.values())
            return tuple(h for h in best.values() if h.score == surest or h.score >= INFLECTED)
        if len(word) >= 4:
            self._in_compounds(word, keep)
        if not best and typos and len(word) >= 5:
            for start in {w[:2] for w in self._words if w[:1] in (word[0], word[1])}:
                for known in (w for w in self._words if w.startswith(start)):
                    if alike(word, known) == TYPO:
                        keep(known, TYPO)
        return tuple(best.values())

    def _in_compounds(self, word: str, keep: Callable[[str, float], None]) -> None:
        """A long Hungarian name word ends with the typed one: asztal in íróasztal."""
        for known in self._hungarian:
            if len(known) < 8:
                continue
            for size in range(4, len(known) - 2):
                part = known[-size:]
                if word.startswith(part) and alike(word, part) >= INFLECTED:
                    keep(known, _COMPOUND)
                    break


def _name_words(name: str) -> list[str]:
    """The words that make a name: without what is in brackets and without small function words."""
    return [w for w in folded_words(re.sub(r"\([^)]*\)", " ", name)) if w not in _FUNCTION]


def vocabulary(products: tuple[ProductName, ...], lex: Lexicon) -> Vocabulary:
    """The vocabulary of `products`, with the synonyms of the word files."""
    vocab = Vocabulary(products, lex)
    for index, product in enumerate(products):
        vocab.skus[compact(product.sku)] = index
        heads: set[str] = set()
        named: dict[Language, frozenset[str]] = {}
        for language, name in product.names.items():
            words = _name_words(name)
            real = [w for w in words if w.isalpha() and len(w) > 1 and w not in INCHES and w not in _MEASURES]
            named[language] = frozenset(w for w in words if w.isalpha() and len(w) > 1)
            if real:
                heads.add(real[-1] if _HEAD_LAST[language] else real[0])
            if language == "hu":
                vocab._hungarian |= set(words)
            # "alaplicenc": two words of a name typed as one.
            for one, two in pairwise(words):
                if one.isalpha() and two.isalpha():
                    vocab._words[one + two][index] = one + two
                    vocab.parts[one + two] = frozenset({one, two})
            for word in folded_words(name):
                if word.isdigit():
                    vocab.sizes[Decimal(word)].add(index)
                elif word not in _FUNCTION and len(word) > 1:
                    vocab._words[word][index] = word
        # Synonyms second: a word that is in a name itself stands for itself.
        # In a fixed order, words that name something alone first: a synonym of several words stands for the strongest.
        own = {w for name in product.names.values() for w in folded_words(name)}
        for word in sorted(own, key=lambda w: (lex.inflected("weak", w), w)):
            for form in lex.groups.get(word, ()):
                vocab._words[form].setdefault(index, word)
        vocab.names.append(named)
        vocab.heads.append(frozenset(heads))
    _short_codes(vocab)
    for word in vocab._words:
        vocab._starts[word[:_PREFIX]].append(word)
    return vocab


def _short_codes(vocab: Vocabulary) -> None:
    """The part of a SKU behind its first hyphen ("NB14") where it has letters and digits and is one product's."""
    tails: dict[str, list[int]] = defaultdict(list)
    for index, product in enumerate(vocab.products):
        tails[compact(product.sku.partition("-")[2])].append(index)
    for tail, places in tails.items():
        if len(places) == 1 and any(c.isdigit() for c in tail) and any(c.isalpha() for c in tail):
            vocab.skus.setdefault(tail, places[0])


def compact(text: str) -> str:
    """Letters and digits of `text`, folded: what a SKU or a code is compared by."""
    return "".join(c for c in fold(text) if c.isalnum())
