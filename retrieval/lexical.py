"""BM25 over accent-folded character n-grams: words in any inflection, typed with accents or without."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.text import fold, folded_words, words
from retrieval.arrays import Indices, Vectors

# In an index of many texts what stands in more than this share of them is left out: it says next to nothing about
# any of them, and adding it up is most of the work.
_COMMON = 0.5
_MANY = 5_000
# So many entries of n-grams asked for before are kept for each text, at most.
_HELD_FOR_EACH = 100

SIZES = (4, 5)
K1 = 1.5
B = 0.75


@lru_cache(maxsize=50_000)
def grams(word: str) -> tuple[str, ...]:
    """The n-grams of one folded word with a space on either side; all of it where it is shorter."""
    padded = f" {word} "
    return tuple(padded[i : i + n] for n in SIZES for i in range(max(1, len(padded) - n + 1)))


class Lexical:
    """A BM25 index over `texts`, in their order, held in memory and never changed.

    Only words are counted by text; the n-grams of a question are added up from the words they stand in when it is
    asked. A word of nine letters has fifteen n-grams, so this is many times smaller, and faster to build, than
    counting n-grams by text (docs/decisions/0011-finding.md).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        numbers = _Numbers()
        read, ends = array("i"), array("q")
        for text in texts:
            read.extend([numbers[word] for word in words(text)])
            ends.append(len(read))
        self._word_texts, self._word_counts, self._word_starts = _postings(read, ends, len(numbers.words))
        self._grams, self._gram_words, self._gram_starts = _gram_index(numbers.words)
        sizes = np.array([len(grams(word)) for word in numbers.words], np.float32)
        weights = np.repeat(sizes, np.diff(self._word_starts)) * self._word_counts
        lengths = np.bincount(self._word_texts, weights, minlength=self._count).astype(np.float32)
        mean = float(lengths.mean()) if self._count else 0.0
        self._held: dict[int, _Column] = {}
        self._damping = (K1 * (1 - B + B * lengths / (mean or 1))).astype(np.float32)

    def scores(self, question: str) -> Vectors:
        """The score of each text for `question`, shape (n,); 0 where they share no n-gram.
        An n-gram the question repeats counts once."""
        return self.weighed(question)[0]

    def weighed(self, question: str) -> tuple[Vectors, float]:
        """The scores, and what no text can exceed: the rarities of all n-grams of `question` added up, those that no
        text has included."""
        numbers = [self._grams.get(gram) for gram in _grams_of(question)]
        columns = self._columns([number for number in numbers if number is not None])
        most = sum(column.rarity for column in columns) + numbers.count(None) * float(
            self._rarity(np.zeros(1, np.intp))[0]
        )
        scores = np.zeros(self._count, np.float32)
        for column in columns:
            scores[column.places] += column.shares
        return scores, most

    def _columns(self, numbers: Sequence[int]) -> "list[_Column]":
        """What each of the n-grams `numbers` adds to which texts; those asked for before are at hand."""
        held = self._held
        found = {number: held[number] for number in numbers if number in held}
        new = [number for number in numbers if number not in found]
        asked, places, counts = self._holding(np.array(new, np.intp))
        ends = np.searchsorted(asked, np.arange(len(new) + 1))
        rarity = self._rarity(np.diff(ends))
        shares = rarity[asked] * counts / (counts + self._damping[places])
        for at, number in enumerate(new):
            common = self._count > _MANY and ends[at + 1] - ends[at] > _COMMON * self._count
            part = slice(0, 0) if common else slice(ends[at], ends[at + 1])
            found[number] = _Column(float(rarity[at]), places[part].astype(np.int32), shares[part].astype(np.float32))
        if sum(len(column.places) for column in held.values()) > _HELD_FOR_EACH * self._count:
            held = {}
        self._held = held | {number: found[number] for number in new}
        return [found[number] for number in numbers]

    def _holding(self, numbers: Indices) -> tuple[Indices, Indices, Vectors]:
        """For the n-grams `numbers`, of which each is known by its place there, the texts that hold it and how often:
        three arrays of one length, no pair of n-gram and text twice, in order."""
        of_gram, at = _ranges(self._gram_starts, numbers)
        of_word, held = _ranges(self._word_starts, self._gram_words[at])
        pairs = of_gram[of_word] * self._count + self._word_texts[held]
        summed = np.bincount(pairs, self._word_counts[held], minlength=len(numbers) * self._count)
        found = np.flatnonzero(summed)
        asked, places = np.divmod(found, max(1, self._count))
        return asked, places, summed[found].astype(np.float32)

    def _rarity(self, texts: Indices) -> Vectors:
        rarity: Vectors = np.log(1 + (self._count - texts + 0.5) / (texts + 0.5)).astype(np.float32)
        return rarity


def _grams_of(question: str) -> list[str]:
    return sorted({gram for word in folded_words(question) for gram in grams(word)})


def _ranges(starts: Indices, chosen: Indices) -> tuple[Indices, Indices]:
    """The places from `starts[c]` up to `starts[c + 1]` for each c of `chosen`, one after another, and which of
    `chosen` each is of."""
    sizes = starts[chosen + 1] - starts[chosen]
    owners = np.repeat(np.arange(len(chosen)), sizes)
    offsets = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owners, starts[chosen][owners] + offsets


@dataclass(frozen=True)
class _Column:
    """How rare an n-gram is, in which texts it stands, and what it adds to the score of each."""

    rarity: float
    places: Indices
    shares: Vectors


class _Numbers(dict[str, int]):
    """The number of a written word: that of its folded form, in the order of first sight."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._folded: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        folded = fold(word)
        number = self._folded.setdefault(folded, len(self.words))
        if number == len(self.words):
            self.words.append(folded)
        self[word] = number
        return number


def _postings(read: "array[int]", ends: "array[int]", vocabulary: int) -> tuple[Indices, Vectors, Indices]:
    """From the word numbers `read`, text after text, each ending at its place in `ends`: by word, the texts that have
    it and how often, and where each word's part begins."""
    numbers = np.frombuffer(read, np.intc) if read else np.zeros(0, np.intc)
    last = np.frombuffer(ends, np.int64) if ends else np.zeros(0, np.int64)
    texts = np.repeat(np.arange(len(last)), np.diff(last, prepend=0))
    pairs, counts = np.unique(numbers.astype(np.int64) * max(1, len(last)) + texts, return_counts=True)
    by_word, of_text = np.divmod(pairs, max(1, len(last)))
    starts = np.searchsorted(by_word, np.arange(vocabulary + 1))
    return of_text.astype(np.intp), counts.astype(np.float32), starts


def _gram_index(vocabulary: Sequence[str]) -> tuple[dict[str, int], Indices, Indices]:
    """The number of each n-gram; by number, the words that have it, and where each one's part begins."""
    numbers: dict[str, int] = {}
    read, owners = array("i"), array("i")
    for word, text in enumerate(vocabulary):
        for gram in grams(text):
            read.append(numbers.setdefault(gram, len(numbers)))
            owners.append(word)
    flat = np.frombuffer(read, np.intc) if read else np.zeros(0, np.intc)
    order = np.argsort(flat, kind="stable")
    words_of = (np.frombuffer(owners, np.intc) if owners else np.zeros(0, np.intc))[order].astype(np.intp)
    return numbers, words_of, np.searchsorted(flat[order], np.arange(len(numbers) + 1))
