"""The door of the package: one `Knowledge` a process, over one database."""

import logging
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import numpy as np
from sqlalchemy import Engine

from core.errors import AppError
from core.language import Language
from core.settings import Settings
from knowledge.pages import Page
from retrieval.accents import restore
from retrieval.arrays import Mask, Vectors, best
from retrieval.embed import Embedder, make_embedder
from retrieval.fusion import DENSE_SHARE, DENSE_SHARE_ACROSS, DEPTH, Ranking, fuse
from retrieval.result import ChromaState, Hit, SearchResult, SyncReport, Timings
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
LANGUAGE_PRIOR = 0.2


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
        self._snapshot: Snapshot | None = None
        self._reload = threading.Lock()
        self._syncing = threading.Lock()
        self._mirroring = threading.RLock()
        self._chroma: ChromaVectors | None = None
        self._reconciled: int | None = None
        create(engine)

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
        query = self._embed(restore(question, snapshot.spellings.get(language, {})), snapshot)
        embedded = time.perf_counter()
        dense = self._dense(snapshot, query, snapshot.centre(query, language), audiences, mask)
        cosines = snapshot.vectors[dense.places] @ query
        found = time.perf_counter()
        scores = snapshot.lexical.scores(question)
        places = best(np.where(mask & (scores > 0), scores, -np.inf), DEPTH)
        lexical = Ranking(places, scores[places])
        matched = time.perf_counter()
        across = language is not None and not snapshot.has_language(mask, language)
        fused = fuse(len(mask), dense, lexical, DENSE_SHARE_ACROSS if across else DENSE_SHARE)
        for place in np.flatnonzero(fused > -np.inf):
            passage = snapshot.passages[place]
            fused[place] += SCREEN_PRIOR * (screen in passage.screens) + LANGUAGE_PRIOR * (passage.language == language)
        hits = tuple(_hit(snapshot, int(place), float(fused[place]), query) for place in best(fused, k))
        done = time.perf_counter()
        timings = Timings(embedded - started, found - embedded, matched - found, done - matched)
        return SearchResult(hits, timings, snapshot.state.generation, float(cosines.max(initial=-1.0)))

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

    def _embed(self, question: str, snapshot: Snapshot) -> Vectors:
        if snapshot.state.embedder != self._embedder.name:
            raise AppError("index_other_embedder", 409, embedder=self._embedder.name, indexed=snapshot.state.embedder)
        query: Vectors = self._embedder.queries([question])[0]
        if len(query) != snapshot.state.dimension:
            raise AppError("index_other_embedder", 409, embedder=self._embedder.name, indexed=snapshot.state.embedder)
        return query

    def _dense(
        self, snapshot: Snapshot, query: Vectors, centred: Vectors, audiences: frozenset[str], mask: Mask
    ) -> Ranking:
        """The best passages by centred cosine; Chroma, when it is asked, only proposes them."""
        if self._asks_chroma(snapshot):
            try:
                if self._reconciled != snapshot.state.generation and self._reconcile(snapshot) == "unavailable":
                    raise VectorsUnavailable("it could not be brought up to date")
                groups = [group for group in snapshot.groups if readable(group.split("\n"), audiences)]
                ids = self._store(snapshot).nearest(centred, groups, 2 * DEPTH)
                proposed = (snapshot.places[i] for i in dict.fromkeys(ids) if i in snapshot.places)
                places = np.array(sorted(place for place in proposed if mask[place]), dtype=np.intp)
                scores = snapshot.centred(centred, places)
                order = best(scores, DEPTH)
                return Ranking(places[order], scores[order])
            except VectorsUnavailable as fault:
                log.warning("Chroma does not answer, the search goes on in memory: %s", fault)
        scores = snapshot.centred(centred)
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
