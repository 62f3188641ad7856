"""A fast embedder and page builders for the rules of retrieval."""

import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from core.language import Language
from core.text import folded_words
from knowledge.pages import EVERYONE, Page
from retrieval.arrays import Vectors, unit


class HashedWords:
    """Texts that share words have near vectors; remembers every text it embedded as a passage."""

    def __init__(self, name: str = "fake", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._vectors(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 0.05, np.float32)
        for row, text in enumerate(texts):
            for word in folded_words(text):
                vectors[row, zlib.crc32(word[:5].encode()) % self.dimension] += 1
        return unit(vectors)


class WordsToo(HashedWords):
    """Embeds single words as well, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.words_embedded: list[str] = []

    def words(self, texts: Sequence[str]) -> Vectors:
        self.words_embedded += texts
        return self._vectors(texts)


def make_page(
    identifier: str,
    body: str,
    *,
    title: str = "",
    language: Language = "en",
    audience: tuple[str, ...] = (EVERYONE,),
    screens: tuple[str, ...] = (),
) -> Page:
    """A page with `body`; its title is its id unless given."""
    path = Path(f"{language}/{identifier}.md")
    return Page(identifier, title or identifier, language, screens, audience, date(2026, 11, 1), body, path)


PAGES = [
    make_page("offers", "## Discount\n\nA discount over the limit waits for approval.\n\n## Validity\n\nThirty days."),
    make_page("customers", "## Tax number\n\nThe tax number has eight digits.", screens=("customer",)),
    make_page("backup", "## Restore\n\nStop the server before restoring a backup.", audience=("administrator",)),
]
