"""What questions of a language have in common, for asking pages that are in another one."""

import threading
from collections import defaultdict

import numpy as np

from core.language import Language
from knowledge.pages import help_pages
from retrieval.arrays import Vectors
from retrieval.embed import Embedder, WordEmbedder
from retrieval.nearwords import comparable

# The titles of the shipped pages count as this many questions.
_TITLES_COUNT = 10
# Beyond this many questions each new one replaces its share of the old.
_MEMORY = 500


class QuestionMeans:
    """The mean vector of questions by language: of the titles of the shipped pages, then more and more of the
    questions that are asked. What an embedder puts into every question of one language says nothing about its
    subject, but keeps it far from pages in another (docs/decisions/0011-finding.md).

    Kept in memory by one process. Safe to use from many threads.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._sums: dict[Language, Vectors] = {}
        self._counts: defaultdict[Language, int] = defaultdict(int)
        self._titles: dict[Language, Vectors] = {}
        self._words: dict[Language, Vectors] = {}

    def asked(self, language: Language, query: Vectors) -> None:
        """One more question, of which `query`, shape (d,), is the vector."""
        with self._lock:
            held = self._sums.get(language)
            if held is None:
                self._sums[language] = query.copy()
            elif self._counts[language] >= _MEMORY:
                self._sums[language] = held * (1 - 1 / _MEMORY) + query
                return
            else:
                self._sums[language] = held + query
            self._counts[language] += 1

    def of(self, language: Language) -> Vectors:
        """The mean vector of questions in `language`, shape (d,). The first time, the titles are embedded."""
        if language not in self._titles:
            self._titles[language] = self._embedder.queries(_titles(language)).mean(axis=0)
        with self._lock:
            titles, count = self._titles[language], self._counts[language]
            held = self._sums.get(language, np.zeros_like(titles))
            return ((_TITLES_COUNT * titles + held) / (_TITLES_COUNT + count)).astype(np.float32)

    def of_words(self, language: Language) -> Vectors:
        """The mean vector of single words in `language`, shape (d,); zero where the embedder does not embed words."""
        if language not in self._words:
            if isinstance(self._embedder, WordEmbedder):
                stock = sorted(set().union(*(comparable(title) for title in _titles(language))))
                self._words[language] = self._embedder.words(stock).mean(axis=0)
            else:
                self._words[language] = np.zeros(self._embedder.dimension, np.float32)
        return self._words[language]


def _titles(language: Language) -> list[str]:
    return [page.title for page in help_pages() if page.language == language]
