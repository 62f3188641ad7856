"""A ranking by words that mean nearly the same: each word of the question looks for its nearest in every passage.

The vector of a whole passage blurs its words and n-grams know spelling alone; between them lie synonyms, and words of
another language. Measured in docs/decisions/0011-finding.md.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.language import Language
from core.text import nfc, words
from retrieval.arrays import Indices, Vectors, unit

# Above this many passages words are neither embedded nor compared: the vocabulary would weigh more than it finds.
NEAR_LIMIT = 20_000
# A cosine of two centred word vectors up to this is chance.
LEAST = 0.35
# A share of the words so much above the rest counts in full; less may be chance, where pages are few.
CLEAR = 0.1
_SHORTEST, _LONGEST = 3, 40
# How many of the nearest words in the pages say how rare the question's word is.
_NEAREST = 5


def comparable(text: str) -> set[str]:
    """The words of `text` that are compared by meaning, in lower case: of three letters or more, and not numbers."""
    found = {word.lower() for word in words(nfc(text))}
    return {word for word in found if _SHORTEST <= len(word) <= _LONGEST and not word.isnumeric()}


class NearWords:
    """The words of passages (`languages` and `texts` in one order) and their `vectors`.

    Words without a vector are left out."""

    def __init__(self, languages: Sequence[Language], texts: Iterable[str], vectors: Mapping[str, Vectors]) -> None:
        self._count = len(languages)
        self._rows: dict[tuple[Language, str], int] = {}
        held: list[Indices] = []
        for language, text in zip(languages, texts, strict=True):
            known = sorted(word for word in comparable(text) if word in vectors)
            rows = [self._rows.setdefault((language, word), len(self._rows)) for word in known]
            held.append(np.array(rows, dtype=np.intp))
        self._sizes = np.array([len(rows) for rows in held], dtype=np.intp)
        self._held = np.concatenate(held) if held else np.zeros(0, np.intp)
        self._codes: tuple[Language, ...] = tuple(dict.fromkeys(languages))
        self._code_of = np.array([self._codes.index(language) for language in languages], dtype=np.intp)
        self._code_of_row = np.array([self._codes.index(language) for language, _ in self._rows], dtype=np.intp)
        dimension = len(next(iter(vectors.values()))) if self._rows else 0
        matrix = np.zeros((len(self._rows), dimension), np.float32)
        for (_, word), row in self._rows.items():
            matrix[row] = vectors[word]
        self._common = [_common(matrix[self._code_of_row == code]) for code in range(len(self._codes))]
        for code, common in enumerate(self._common):
            matrix[self._code_of_row == code] -= common
        self._matrix = unit(matrix)
        passages = np.bincount(self._code_of, minlength=len(self._codes))[self._code_of_row]
        within = np.bincount(self._held, minlength=len(self._rows))
        self._rarity = np.log(1 + (passages - within + 0.5) / (within + 0.5)).astype(np.float32)

    def __bool__(self) -> bool:
        """Whether there is any word to compare with."""
        return bool(self._rows)

    def common(self, language: Language | None) -> Vectors | None:
        """What the words of `language` have in common, shape (d,); None where no passage is in it."""
        return self._common[self._codes.index(language)] if language in self._codes else None

    def scores(self, asked: Vectors, common: Vectors) -> Vectors:
        """For each passage the share of the question's words that it comes near to, shape (n,), 0 to 1.

        `asked` are the vectors of the question's words, shape (m, d), `common` what words of its language share.
        Each word gives the cosine of the passage's nearest word, if above `LEAST`; it weighs as much as its likes
        are rare in the pages.
        """
        scores = np.zeros(self._count, np.float32)
        if not self._rows or not len(asked):
            return scores
        near: Vectors = self._matrix @ unit(asked - common).T
        near[near <= LEAST] = 0
        rarity = np.stack([self._rarity_of(near, code) for code in range(len(self._codes))])
        filled = np.flatnonzero(self._sizes)
        starts = np.concatenate([[0], np.cumsum(self._sizes[filled])[:-1]]).astype(np.intp)
        best = np.maximum.reduceat(near[self._held], starts, axis=0)
        weights = rarity[self._code_of[filled]]
        total = rarity.max(axis=0).sum()
        scores[filled] = (best * weights).sum(axis=1) / (total or 1)
        return scores

    def _rarity_of(self, near: Vectors, code: int) -> Vectors:
        """How rare each word asked is in the pages of one language, shape (m,): as its nearest words there are."""
        rows = np.flatnonzero(self._code_of_row == code)
        if not len(rows):
            return np.zeros(near.shape[1], np.float32)
        few = min(_NEAREST, len(rows))
        top = np.argpartition(-near[rows], few - 1, axis=0)[:few]
        weights = np.take_along_axis(near[rows], top, axis=0)
        total = weights.sum(axis=0)
        mean: Vectors = (self._rarity[rows][top] * weights).sum(axis=0) / np.where(total == 0, 1, total)
        return mean


def _common(vectors: Vectors) -> Vectors:
    mean: Vectors = vectors.sum(axis=0) / max(1, len(vectors))
    return mean
