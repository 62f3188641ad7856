"""Bringing the index to a set of pages: only what changed is embedded again."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Engine

from core.errors import AppError
from knowledge.pages import Page, refuse_doubles
from retrieval.arrays import Vectors
from retrieval.chunks import LIMIT, chunk_markdown
from retrieval.embed import Embedder, WordEmbedder
from retrieval.nearwords import NEAR_LIMIT, comparable
from retrieval.snapshot import indexed_text
from retrieval.store import (
    State,
    StoredPage,
    StoredPassage,
    fingerprint,
    read_pages,
    read_passages,
    read_state,
    read_words,
    write,
)

Progress = Callable[[int, int], None]
PageKey = tuple[str, str]

_BATCH = 16
# Words are embedded many at a time; about as many take the time of one text.
_WORD_BATCH = 64
_WORDS_A_TEXT = 20


@dataclass(frozen=True)
class Changes:
    """Pages of one source by what happened to them, all chunks of the index, and its generation now."""

    added: int
    changed: int
    removed: int
    unchanged: int
    chunks: int
    generation: int


def bring_up_to_date(
    engine: Engine,
    embedder: Embedder,
    wanted_pages: Sequence[Page] | Callable[[], Sequence[Page]],
    source: str,
    progress: Progress | None,
) -> Changes:
    """Makes what the index holds of `source` equal to `wanted_pages`, and every vector `embedder`'s own. Where they are
    a function, it is asked once the state of the index was read: what changes later finds the index busy.

    `progress` is called with texts embedded and texts to embed (words count as a few more). No transaction is open
    meanwhile.
    Raises `AppError`: `page_twice` (409) for two pages of one id and language, in `pages` or with another
    source; `index_busy` (409) when the index was changed by somebody else meanwhile; the embedder's own.
    """
    with engine.connect() as connection:
        before = read_state(connection)
        stored: dict[PageKey, StoredPage] = {(held.language, held.page_id): held for held in read_pages(connection)}
        old = read_passages(connection)
        held_words = read_words(connection)
    pages = wanted_pages() if callable(wanted_pages) else wanted_pages
    refuse_doubles(pages)
    wanted: dict[PageKey, tuple[StoredPage, list[StoredPassage]]] = {}
    for page in pages:
        key: PageKey = (page.language, page.id)
        if key in stored and stored[key].source != source:
            raise AppError("page_twice", 409, file=page.path, id=page.id, other=stored[key].source)
        wanted[key] = _cut(page, source)

    same_embedder = before.embedder == embedder.name
    gone = [key for key, held in stored.items() if held.source == source and key not in wanted]
    # A vector of the wrong length is damage: its page is embedded again as if it were new.
    broken = {(p.language, p.page_id) for p in old if same_embedder and len(p.vector) != 4 * embedder.dimension}
    fresh = [key for key, (cut, _) in wanted.items() if stored.get(key) != cut or key in broken]
    added = sum(key not in stored for key in fresh)
    # Other sources' pages are no longer at hand, but their passages are.
    others: dict[PageKey, list[StoredPassage]] = {}
    for p in old:
        others.setdefault((p.language, p.page_id), []).append(p)
    again = [key for key, held in stored.items() if held.source != source and (key in broken or not same_embedder)]
    wanted |= {key: (stored[key], others.get(key, [])) for key in again}
    rewritten = [*fresh, *again] if same_embedder else list(wanted)

    known = {p.text_hash: p.vector for p in old if len(p.vector) == 4 * embedder.dimension} if same_embedder else {}
    passages = [passage for key in rewritten for passage in wanted[key][1]]
    titles = {key: cut.title for key, (cut, _) in wanted.items()}
    touched = {*gone, *rewritten}
    kept = [p for p in old if (p.language, p.page_id) not in touched]
    ids = [p.passage_id for p in (*kept, *passages)]
    stored_words = set(held_words) if same_embedder else set()
    titles |= {key: held.title for key, held in stored.items() if key not in titles}
    words = _words(embedder, [*kept, *passages], titles) if touched else stored_words
    steps = _Steps(progress)
    fresh_texts = _texts([p for p in passages if p.text_hash not in known], titles)
    fresh_words = sorted(words - stored_words)
    steps.expect(len(fresh_texts) + len(fresh_words) // _WORDS_A_TEXT)
    known |= _embed(embedder.passages, fresh_texts, _BATCH, steps, 1)
    passages = [replace(p, vector=known[p.text_hash]) for p in passages]
    added_words: dict[str, bytes] = {}
    if isinstance(embedder, WordEmbedder):
        added_words = _embed(embedder.words, {w: w for w in fresh_words}, _WORD_BATCH, steps, 1 / _WORDS_A_TEXT)

    after = before
    if touched or (not same_embedder and before.generation):
        after = State(before.generation + 1, embedder.name, embedder.dimension, fingerprint(ids))
        stored_pages = [wanted[key][0] for key in rewritten]
        write(
            engine,
            before,
            after,
            gone_pages=gone,
            pages=stored_pages,
            passages=passages,
            gone_words=set(held_words) - words if same_embedder else set(held_words),
            words=added_words,
        )
    return Changes(
        added=added,
        changed=len(fresh) - added,
        removed=len(gone),
        unchanged=len(pages) - len(fresh),
        chunks=len(ids),
        generation=after.generation,
    )


def withdraw(engine: Engine, keys: Collection[PageKey]) -> bool:
    """Takes pages (language, id) out of the index at once, without embedding anything; says whether any was in it.

    The next sync puts back those that are still wanted. One that runs meanwhile, and may have embedded a page that is
    not in the index yet, finds the index busy: so its generation is raised in any case. Raises `AppError`
    `index_busy` (409).
    """
    with engine.connect() as connection:
        before = read_state(connection)
        gone = [key for p in read_pages(connection) if (key := (p.language, p.page_id)) in keys]
        ids = [p.passage_id for p in read_passages(connection) if (p.language, p.page_id) not in keys] if gone else []
    # An index nothing was ever brought into has no state to raise.
    if before.generation and keys:
        after = replace(before, generation=before.generation + 1)
        if gone:
            after = replace(after, fingerprint=fingerprint(ids))
        write(engine, before, after, gone_pages=gone, pages=(), passages=())
    return bool(gone)


def _cut(page: Page, source: str) -> tuple[StoredPage, list[StoredPassage]]:
    passages = []
    for chunk in chunk_markdown(page.title, page.body):
        text_hash = _hash(indexed_text(page.title, chunk.section, chunk.text))
        passages.append(
            StoredPassage(
                passage_id=_hash(page.language, page.id, str(chunk.ordinal), text_hash, chunk.text)[:24],
                language=page.language,
                page_id=page.id,
                ordinal=chunk.ordinal,
                section=chunk.section,
                anchor=chunk.anchor,
                text=chunk.text,
                text_hash=text_hash,
                vector=b"",
            )
        )
    stored = StoredPage(
        language=page.language,
        page_id=page.id,
        source=source,
        title=page.title,
        screens=page.screens,
        audience=page.audience,
        updated=page.updated,
        fingerprint=_hash(str(LIMIT), *(part for p in passages for part in (p.passage_id, p.anchor))),
    )
    return stored, passages


class _Steps:
    """Tells `progress` how far the embedding is; a word counts for a small part of a text."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0.0
        self._of = 0

    def expect(self, texts: int) -> None:
        self._of = texts

    def take(self, texts: float) -> None:
        self._done += texts
        if self._progress is not None and self._of:
            self._progress(min(round(self._done), self._of), self._of)


def _texts(passages: Iterable[StoredPassage], titles: Mapping[PageKey, str]) -> dict[str, str]:
    """What is embedded of `passages`, by its hash, each text once."""
    return {p.text_hash: indexed_text(titles[p.language, p.page_id], p.section, p.text) for p in passages}


def _words(embedder: Embedder, passages: Sequence[StoredPassage], titles: Mapping[PageKey, str]) -> set[str]:
    """The words to be held for `passages`: none where the embedder embeds no words, or there are too many passages."""
    if not isinstance(embedder, WordEmbedder) or len(passages) > NEAR_LIMIT:
        return set()
    return set().union(*(comparable(text) for text in _texts(passages, titles).values()))


def _embed(
    encode: Callable[[Sequence[str]], Vectors], texts: Mapping[str, str], batch: int, steps: _Steps, weight: float
) -> dict[str, bytes]:
    """The vectors of `texts`, by their keys, as they are stored."""
    vectors: dict[str, bytes] = {}
    keys = list(texts)
    for start in range(0, len(keys), batch):
        part = keys[start : start + batch]
        rows = np.asarray(encode([texts[key] for key in part]))
        vectors |= {key: row.astype("<f4").tobytes() for key, row in zip(part, rows, strict=True)}
        steps.take(weight * len(part))
    return vectors


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
