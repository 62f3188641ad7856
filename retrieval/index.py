"""The door of the package: one `Knowledge` a process, over one database."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sqlalchemy import Engine

from core.errors import AppError
from core.language import Language
from core.settings import Settings
from knowledge.pages import Page
from retrieval.accents import restore
from retrieval.across import QuestionMeans
from retrieval.arrays import Indices, Mask, Vectors, best, unit
from retrieval.embed import Embedder, make_embedder
from retrieval.fusion import (
    DEPTH,
    SHARES,
    SHARES_ACROSS,
    SHARES_OF_TWO,
    SHARES_OF_TWO_ACROSS,
    Ranking,
    fuse,
    ranked,
)
from retrieval.nearwords import CLEAR, comparable
from retrieval.result import ChromaState, Evidence, Hit, SearchResult, SyncReport, Timings
from retrieval.snapshot import Snapshot, read_snapshot
from retrieval.store import StoredPage, joined, read_pages, read_passages, read_state, readable, still_readable
from retrieval.sync import PageKey, Progress, bring_up_to_date, withdraw
from retrieval.tables import create
from retrieval.vectors import ChromaVectors, VectorsUnavailable

log = logging.getLogger(__name__)

# Up to here an exact search in memory is about as fast as Chroma's approximate one or faster, and misses
# nothing; measured in docs/decisions/0003-vector-search.md.
EXACT_LIMIT = 20_000
# Added to fused scores of 0..1: the screen settles what is nearly equal; a page that is not in the asker's
# language at all must be clearly better than those that are.
SCREEN_PRIOR = 0.1
LANGUAGE_PRIOR = 0.15
# So many words of questions that no page holds are remembered with their vectors.
_WORDS_MET = 10_000
_TENTH = 10
# A mean and a spread of fewer passages say little.
_FEW = 20


class Knowledge:
    """The searchable pages: what SQL says, held in memory per generation, mirrored into Chroma.

    `embedder` replaces the one the settings name. `vectors` says who searches the vectors: `exact` in
    memory, `chroma`, or `auto`: Chroma where a server is configured or above `EXACT_LIMIT` passages.
    All methods may be called from many threads.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        embedder: Embedder | None = None,
        *,
        vectors: Literal["auto", "exact", "chroma"] = "auto",
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._embedder = embedder or make_embedder(settings)
        self._vectors = vectors
        self._means = QuestionMeans(self._embedder)
        self._met: dict[str, Vectors] = {}
        self._snapshot: Snapshot | None = None
        self._reload = threading.Lock()
        self._syncing = threading.Lock()
        self._mirroring = threading.RLock()
        self._chroma: ChromaVectors | None = None
        self._reconciled: int | None = None
        create(engine)

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        return self._settings

    @property
    def embedder_name(self) -> str:
        """The embedder in use: its cosines have a scale of their own."""
        return self._embedder.name

    def sync(self, pages: Sequence[Page], progress: Progress | None = None, *, source: str = "help") -> SyncReport:
        """Makes the index hold exactly `pages` as its part called `source` (other sources stay), embedding
        only texts it has not seen. Raises as `retrieval.sync.bring_up_to_date`."""
        with self._syncing:
            changes = bring_up_to_date(self._engine, self._embedder, pages, source, progress)
            chroma = self._reconcile(self._current())
        return SyncReport(
            pages=len(pages),
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
            unchanged=changes.unchanged,
            chunks=changes.chunks,
            generation=changes.generation,
            chroma=chroma,
        )

    def grow(self, pages: Callable[[], Sequence[Page]], *, source: str) -> None:
        """As `sync`, as one of many steps: what is held in memory, and Chroma, follow when they are asked next.

        `pages` is asked once the state of the index was read: whoever changes the record behind a page and then
        withdraws the page is either seen by `pages`, which may refuse, or makes this end with `index_busy`."""
        with self._syncing:
            bring_up_to_date(self._engine, self._embedder, pages, source, None)

    def withdraw(self, keys: Collection[PageKey]) -> bool:
        """Takes pages (language, id) out of the index at once; the next sync puts back those that are wanted. Says
        whether any was in it. Raises `AppError` `index_busy` (409) if somebody else changed the index meanwhile."""
        with self._syncing:
            return withdraw(self._engine, keys)

    def pages(self, source: str) -> tuple[StoredPage, ...]:
        """The pages of one source as they are indexed, without their text, by language and id."""
        with self._engine.connect() as connection:
            return tuple(page for page in read_pages(connection) if page.source == source)

    def page_text(self, language: Language, page_id: str) -> str:
        """The Markdown of an indexed page, put together again from its passages; empty where there is none."""
        with self._engine.connect() as connection:
            return joined(p for p in read_passages(connection) if (p.language, p.page_id) == (language, page_id))

    def search(
        self,
        question: str,
        *,
        language: Language | None,
        audiences: frozenset[str],
        screen: str | None = None,
        k: int = 4,
    ) -> SearchResult:
        """The `k` passages that answer `question` best among those `audiences` may read.

        `language` is the asker's: a page that exists in it is searched in it alone, one that does not in
        whatever it has; None searches everything. Pages of `screen` are preferred slightly.
        Raises `AppError`: `index_other_embedder` (409) when the index was made by another embedder, and
        the embedder's own.
        """
        snapshot = self._current()
        mask = snapshot.searchable(audiences, language)
        if not question.strip() or not mask.any():
            return SearchResult((), Timings(), snapshot.state.generation, -1.0)
        started = time.perf_counter()
        asked = self._embed(restore(question, snapshot.spellings.get(language, {})), language, snapshot, mask)
        embedded = time.perf_counter()
        dense = self._dense(snapshot, asked, audiences, mask)
        cosines = snapshot.vectors[dense.places] @ asked.query
        found = time.perf_counter()
        matching, most = snapshot.lexical.weighed(question)
        lexical = ranked(matching, mask)
        near = ranked(asked.near, mask, CLEAR)
        matched = time.perf_counter()
        home, away = (SHARES, SHARES_ACROSS) if snapshot.near else (SHARES_OF_TWO, SHARES_OF_TWO_ACROSS)
        parts = ((dense, home.dense, away.dense), (lexical, home.lexical, away.lexical), (near, home.near, away.near))
        fused = fuse(len(mask), [(ranking, np.where(asked.foreign, a, h)) for ranking, h, a in parts])
        for place in np.flatnonzero(fused > -np.inf):
            passage = snapshot.passages[place]
            fused[place] += SCREEN_PRIOR * (screen in passage.screens) + LANGUAGE_PRIOR * (passage.language == language)
        hits = tuple(_hit(snapshot, int(place), float(fused[place]), asked.query) for place in best(fused, k))
        done = time.perf_counter()
        timings = Timings(embedded - started, found - embedded, matched - found, done - matched)
        rankings = (dense, lexical, near)
        first = [snapshot.passages[ranking.places[0]].page_id for ranking in rankings if len(ranking.places)]
        evidence = _evidence(_cosines(snapshot, asked, dense.places), rankings, most, hits, first)
        best_cosine = float(cosines.max(initial=-1.0))
        return SearchResult(hits, timings, snapshot.state.generation, best_cosine, evidence, asked.query)

    def still_readable(self, hits: Iterable[Hit], audiences: frozenset[str]) -> tuple[Hit, ...]:
        """Those of `hits` that SQL, asked now, still has word for word and lets `audiences` read."""
        listed = tuple(hits)
        if not listed:
            return ()
        with self._engine.connect() as connection:
            allowed = still_readable(connection, [hit.passage_id for hit in listed], audiences)
        return tuple(hit for hit in listed if hit.passage_id in allowed)

    def close(self) -> None:
        """Lets go of Chroma's files or connection."""
        if self._chroma is not None:
            self._chroma.close()

    def _current(self) -> Snapshot:
        with self._engine.connect() as connection:
            generation = read_state(connection).generation
        snapshot = self._snapshot
        if snapshot is None or snapshot.state.generation != generation:
            with self._reload:
                snapshot = self._snapshot
                if snapshot is None or snapshot.state.generation != generation:
                    snapshot = self._snapshot = read_snapshot(self._engine)
        return snapshot

    def _embed(self, question: str, language: Language | None, snapshot: Snapshot, mask: Mask) -> "_Asked":
        if snapshot.state.embedder != self._embedder.name:
            raise AppError("index_other_embedder", 409, embedder=self._embedder.name, indexed=snapshot.state.embedder)
        words = sorted(comparable(question)) if snapshot.near else []
        held = {word: vector for word in words if (vector := snapshot.words.get(word, self._met.get(word))) is not None}
        new = [word for word in words if word not in held]
        rows = self._embedder.queries([question, *new])
        query: Vectors = rows[0]
        if len(query) != snapshot.state.dimension:
            raise AppError("index_other_embedder", 409, embedder=self._embedder.name, indexed=snapshot.state.embedder)
        if len(self._met) > _WORDS_MET:
            self._met = {}
        met = dict(zip(new, rows[1:], strict=True))
        self._met |= met
        foreign = mask & ~snapshot.in_language(language) if language else np.zeros_like(mask)
        away = self._means.of(language) if language and foreign.any() else None
        near = np.zeros(len(mask), np.float32)
        if words:
            vectors = np.array([held[word] if word in held else met[word] for word in words], np.float32)
            common = snapshot.near.common(language)
            if common is None:
                common = self._means.of_words(language) if language else vectors.mean(axis=0)
            near = snapshot.near.scores(vectors, common)
        if language:
            self._means.asked(language, query)
        return _Asked(
            query, snapshot.centre(query, language), None if away is None else unit(query - away), foreign, near
        )

    def _dense(self, snapshot: Snapshot, asked: "_Asked", audiences: frozenset[str], mask: Mask) -> Ranking:
        """The best passages by centred cosine; Chroma, when it is asked, only proposes them."""
        if self._asks_chroma(snapshot):
            try:
                if self._reconciled != snapshot.state.generation and self._reconcile(snapshot) == "unavailable":
                    raise VectorsUnavailable("it could not be brought up to date")
                groups = [group for group in snapshot.groups if readable(group.split("\n"), audiences)]
                ids: dict[str, None] = {}
                for centred in (asked.centred, asked.across):
                    if centred is not None:
                        ids |= dict.fromkeys(self._store(snapshot).nearest(centred, groups, 2 * DEPTH))
                proposed = (snapshot.places[i] for i in ids if i in snapshot.places)
                places = np.array(sorted(place for place in proposed if mask[place]), dtype=np.intp)
                found = _cosines(snapshot, asked, places)
                scores = _comparable_scores(found, asked.foreign[places], np.ones(len(places), np.bool_))
                order = best(scores, DEPTH)
                return Ranking(places[order], scores[order])
            except VectorsUnavailable as fault:
                log.warning("Chroma does not answer, the search goes on in memory: %s", fault)
        scores = _comparable_scores(_cosines(snapshot, asked, None), asked.foreign, mask)
        places = best(np.where(mask, scores, -np.inf), DEPTH)
        return Ranking(places, scores[places])

    def _asks_chroma(self, snapshot: Snapshot) -> bool:
        if self._vectors == "auto":
            return self._settings.chroma_url is not None or len(snapshot.passages) > EXACT_LIMIT
        return self._vectors == "chroma"

    def _store(self, snapshot: Snapshot) -> ChromaVectors:
        key = f"{snapshot.state.embedder} {snapshot.state.dimension}"
        if self._chroma is None or self._chroma.key != key:
            self.close()
            self._chroma = ChromaVectors(self._settings, key)
        return self._chroma

    def _reconcile(self, snapshot: Snapshot) -> ChromaState:
        """Brings Chroma to `snapshot`; a Chroma that cannot be reached costs nothing but itself."""
        try:
            with self._mirroring:
                state = self._store(snapshot).reconcile(snapshot.groups)
                self._reconciled = snapshot.state.generation
                return state
        except VectorsUnavailable as fault:
            log.warning("Chroma could not be brought up to date: %s", fault)
            return "unavailable"


@dataclass(frozen=True)
class _Asked:
    """A question as the rankings need it: its vector as it is, less what its language has in common with the passages
    of its language, and with other questions (for passages in another language, None where there are none); which
    passages are in another language; and how near each comes to its words."""

    query: Vectors
    centred: Vectors
    across: Vectors | None
    foreign: Mask
    near: Vectors


def _evidence(
    cosines: Vectors, rankings: tuple[Ranking, Ranking, Ranking], most: float, hits: tuple[Hit, ...], pages: list[str]
) -> Evidence:
    """`cosines` are the centred ones of the dense candidates, `pages` those of the first passage of each ranking."""
    _, lexical, near = rankings
    if not hits or not len(cosines):
        return Evidence()
    ordered = np.sort(cosines)[::-1]
    return Evidence(
        centred=float(ordered[0]),
        lead=float(ordered[0] - ordered[min(_TENTH, len(ordered)) - 1]),
        lexical=float(lexical.scores[0]) / most if len(lexical.scores) and most else 0.0,
        near=float(near.scores[0]) if len(near.scores) else 0.0,
        agreed=sum(page == hits[0].page_id for page in pages) / len(pages),
    )


def _cosines(snapshot: Snapshot, asked: _Asked, places: Indices | None) -> Vectors:
    """Centred cosines of the passages at `places` (None: all) with the question."""
    scores = snapshot.centred(asked.centred, places)
    if asked.across is None:
        return scores
    foreign = asked.foreign if places is None else asked.foreign[places]
    return np.where(foreign, snapshot.centred(asked.across, places), scores)


def _comparable_scores(cosines: Vectors, foreign: Mask, mask: Mask) -> Vectors:
    """`cosines` of passages within `mask`, in standard deviations above the mean of their kind where some are in
    another language: those are lower throughout, and what counts is to stand out among one's own."""
    home = mask & ~foreign
    if not foreign.any() or not home.any():
        return cosines
    scores = cosines.copy()
    every = cosines[mask]
    for kind in (home, foreign & mask):
        own = cosines[kind]
        mean = (own.sum() + _FEW * every.mean()) / (len(own) + _FEW)
        spread = own.std() if len(own) >= _FEW else every.std()
        scores[kind] = (own - mean) / (spread or 1)
    return scores


def _hit(snapshot: Snapshot, place: int, score: float, query: Vectors) -> Hit:
    passage = snapshot.passages[place]
    return Hit(
        passage_id=passage.passage_id,
        page_id=passage.page_id,
        title=passage.title,
        section=passage.section,
        anchor=passage.anchor,
        text=passage.text,
        language=passage.language,
        screens=passage.screens,
        score=score,
        dense_cosine=float(snapshot.vectors[place] @ query),
    )
