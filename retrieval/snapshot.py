"""One generation of the index in memory: read once, never changed, shared by all threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from sqlalchemy import Engine

from core.language import LANGUAGES, Language
from retrieval.accents import vocabulary
from retrieval.arrays import Indices, Mask, Vectors, unit
from retrieval.chunks import plain
from retrieval.lexical import Lexical
from retrieval.nearwords import NearWords
from retrieval.store import (
    State,
    StoredPage,
    StoredPassage,
    matrix,
    read_pages,
    read_passages,
    read_state,
    read_words,
    readable,
)

# The share of its language's mean vector that is taken from every vector: all e5 vectors point roughly
# the same way, and what is common to them tells nothing. Measured, see docs/decisions/0003.
CENTRING = 0.8
# A mean of few vectors is mostly those vectors: its weight grows as n / (n + this).
FEW = 20


@dataclass(frozen=True)
class Passage:
    """A chunk with what its page says about it."""

    passage_id: str
    page_id: str
    language: Language
    title: str
    section: str
    anchor: str
    text: str
    screens: tuple[str, ...]
    audience: tuple[str, ...]

    @property
    def indexed(self) -> str:
        """What both indexes see: title, heading path, and the text without its marks."""
        return indexed_text(self.title, self.section, self.text)


def indexed_text(title: str, section: str, text: str) -> str:
    """Title, section and plain text, one under the other."""
    return "\n".join(part for part in (title, section, plain(text)) if part)


def read_snapshot(engine: Engine) -> "Snapshot":
    """The index as it is now in SQL, read in one transaction."""
    with engine.connect() as connection:
        state = read_state(connection)
        pages = {(page.language, page.page_id): page for page in read_pages(connection)}
        rows = read_passages(connection)
        words = read_words(connection)
    passages = tuple(_join(pages[row.language, row.page_id], row) for row in rows)
    held = {word: np.frombuffer(v, "<f4") for word, v in words.items() if len(v) == 4 * state.dimension}
    return Snapshot(state, passages, matrix(rows, state.dimension), held)


def _join(page: StoredPage, row: StoredPassage) -> Passage:
    return Passage(
        row.passage_id,
        page.page_id,
        page.language,
        page.title,
        row.section,
        row.anchor,
        row.text,
        page.screens,
        page.audience,
    )


def _common_part(vectors: Vectors) -> Vectors:
    """What `vectors`, shape (n, d), have in common, shape (d,): their mean, weakened by `CENTRING` and `FEW`."""
    common: Vectors = CENTRING * vectors.sum(axis=0) / (len(vectors) + FEW)
    return common


class Snapshot:
    """`passages` and their unit `vectors`, shape (n, dimension), in one order, and the vectors of their `words`;
    everything else follows."""

    def __init__(
        self, state: State, passages: Sequence[Passage], vectors: Vectors, words: Mapping[str, Vectors]
    ) -> None:
        self.state = state
        self.passages = tuple(passages)
        self.vectors = vectors
        self.words = words
        texts = [passage.indexed for passage in self.passages]
        self.lexical = Lexical(texts)
        self.near = NearWords([passage.language for passage in self.passages], texts, words)
        self._languages: tuple[Language, ...] = tuple(
            code for code in LANGUAGES if any(p.language == code for p in self.passages)
        )
        self._language_of = np.array([self._languages.index(p.language) for p in self.passages], dtype=np.intp)
        self._common = np.zeros((len(self._languages), state.dimension), np.float32)
        for number in range(len(self._languages)):
            self._common[number] = _common_part(vectors[self._language_of == number])
        self._common_to_all = _common_part(vectors)
        self._lengths = np.linalg.norm(vectors - self._common[self._language_of], axis=1)
        self._lengths[self._lengths == 0] = 1
        self.searchable = lru_cache(maxsize=256)(self._searchable)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each passage id is in `passages`."""
        return {passage.passage_id: place for place, passage in enumerate(self.passages)}

    @cached_property
    def groups(self) -> dict[str, tuple[list[str], Vectors]]:
        """Passage ids and vectors by audience group: the audiences of a page, one a line."""
        members: dict[str, list[int]] = {}
        for place, passage in enumerate(self.passages):
            members.setdefault("\n".join(sorted(passage.audience)), []).append(place)
        return {
            group: ([self.passages[place].passage_id for place in places], self.vectors[places])
            for group, places in members.items()
        }

    @cached_property
    def spellings(self) -> dict[str | None, dict[str, str]]:
        """Accented spellings by language; under None those of all languages together."""
        found: dict[str | None, dict[str, str]] = {None: vocabulary(p.indexed for p in self.passages)}
        for code in self._languages:
            found[code] = vocabulary(p.indexed for p in self.passages if p.language == code)
        return found

    def centre(self, query: Vectors, language: Language | None) -> Vectors:
        """`query`, shape (dimension,), without the common part of its language (of all, if unknown)."""
        if language in self._languages:
            return unit(query - self._common[self._languages.index(language)])
        return unit(query - self._common_to_all)

    def centred(self, query: Vectors, places: Indices | None = None) -> Vectors:
        """Cosines between the centred `query` and the centred vectors at `places` (default: all).

        The centred vectors are never made: (v - common).q is v.q less a constant of the language.
        """
        shifts = self._common @ query
        chosen = slice(None) if places is None else places
        cosines: Vectors = (self.vectors[chosen] @ query - shifts[self._language_of[chosen]]) / self._lengths[chosen]
        return cosines

    def in_language(self, language: Language) -> Mask:
        """Which passages are in `language`, shape (n,)."""
        if language not in self._languages:
            return np.zeros(len(self.passages), np.bool_)
        mask: Mask = self._language_of == self._languages.index(language)
        return mask

    def _searchable(self, audiences: frozenset[str], language: Language | None) -> Mask:
        """Where the passages are that `audiences` may read; of a page that exists in `language`, only those
        in `language`, so that its translations do not crowd it out."""
        allowed = np.array([readable(p.audience, audiences) for p in self.passages], dtype=np.bool_)
        if language is None:
            return allowed
        pairs = list(zip(self.passages, allowed.tolist(), strict=True))
        own = {p.page_id for p, may in pairs if may and p.language == language}
        return np.array([may and (p.language == language or p.page_id not in own) for p, may in pairs], dtype=np.bool_)
