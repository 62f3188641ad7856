"""BM25 over accent-folded character n-grams: words in any inflection, typed with accents or without."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.text import folded_words
from retrieval.arrays import Vectors

SIZES = (4, 5)
K1 = 1.5
B = 0.75


@lru_cache(maxsize=50_000)
def grams(word: str) -> tuple[str, ...]:
    """The n-grams of one folded word with a space on either side; all of it where it is shorter."""
    padded = f" {word} "
    return tuple(padded[i : i + n] for n in SIZES for i in range(max(1, len(padded) - n + 1)))


class Lexical:
    """A BM25 index over `texts`, in their order, held in memory and never changed."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._vocabulary: dict[str, int] = {}
        known: dict[str, list[int]] = {}
        rows: list[list[int]] = []
        for text in texts:
            row: list[int] = []
            for word in folded_words(text):
                ids = known.get(word)
                if ids is None:
                    ids = known[word] = [self._vocabulary.setdefault(g, len(self._vocabulary)) for g in grams(word)]
                row += ids
            rows.append(row)
        self._index = None
        if self._vocabulary:
            from bm25s import BM25

            self._index = BM25(k1=K1, b=B, method="lucene")
            self._index.index((rows, self._vocabulary), show_progress=False)

    def scores(self, question: str) -> Vectors:
        """The score of each text for `question`, shape (n,); 0 where they share no n-gram.
        An n-gram the question repeats counts once."""
        ids = {self._vocabulary.get(gram) for word in folded_words(question) for gram in grams(word)}
        shared = sorted(i for i in ids if i is not None)
        if self._index is None or not shared:
            return np.zeros(self._count, np.float32)
        return np.asarray(self._index.get_scores_from_ids(shared), dtype=np.float32)
