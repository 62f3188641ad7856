"""Bringing the index to a set of pages: only what changed is embedded again."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Engine

from core.errors import AppError
from knowledge.pages import Page, refuse_doubles
from retrieval.chunks import LIMIT, chunk_markdown
from retrieval.embed import Embedder
from retrieval.snapshot import indexed_text
from retrieval.store import (
    State,
    StoredPage,
    StoredPassage,
    fingerprint,
    read_pages,
    read_passages,
    read_state,
    write,
)

Progress = Callable[[int, int], None]
PageKey = tuple[str, str]

_BATCH = 16


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
    engine: Engine, embedder: Embedder, pages: Sequence[Page], source: str, progress: Progress | None
) -> Changes:
    """Makes what the index holds of `source` equal to `pages`, and every vector `embedder`'s own.

    `progress` is called with texts embedded and texts to embed. No transaction is open meanwhile.
    Raises `AppError`: `page_twice` (409) for two pages of one id and language, in `pages` or with another
    source; `index_busy` (409) when the index was changed by somebody else meanwhile; the embedder's own.
    """
    refuse_doubles(pages)
    with engine.connect() as connection:
        before = read_state(connection)
        stored: dict[PageKey, StoredPage] = {(held.language, held.page_id): held for held in read_pages(connection)}
        old = read_passages(connection)
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
    known |= _embed(embedder, [p for p in passages if p.text_hash not in known], titles, progress)
    passages = [replace(p, vector=known[p.text_hash]) for p in passages]

    touched = {*gone, *rewritten}
    kept = [p.passage_id for p in old if (p.language, p.page_id) not in touched]
    ids = [*kept, *(p.passage_id for p in passages)]
    after = before
    if touched or (not same_embedder and before.generation):
        after = State(before.generation + 1, embedder.name, embedder.dimension, fingerprint(ids))
        stored_pages = [wanted[key][0] for key in rewritten]
        write(engine, before, after, gone_pages=gone, pages=stored_pages, passages=passages)
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

    The next sync puts back those that are still wanted. Raises `AppError` `index_busy` (409).
    """
    with engine.connect() as connection:
        before = read_state(connection)
        gone = [key for p in read_pages(connection) if (key := (p.language, p.page_id)) in keys]
        ids = [p.passage_id for p in read_passages(connection) if (p.language, p.page_id) not in keys] if gone else []
    if gone:
        after = replace(before, generation=before.generation + 1, fingerprint=fingerprint(ids))
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


def _embed(
    embedder: Embedder, passages: Sequence[StoredPassage], titles: dict[PageKey, str], progress: Progress | None
) -> dict[str, bytes]:
    texts: dict[str, str] = {}
    for p in passages:
        texts.setdefault(p.text_hash, indexed_text(titles[p.language, p.page_id], p.section, p.text))
    hashes = list(texts)
    vectors: dict[str, bytes] = {}
    for start in range(0, len(hashes), _BATCH):
        part = hashes[start : start + _BATCH]
        rows = embedder.passages([texts[text_hash] for text_hash in part])
        vectors |= {
            text_hash: row.astype("<f4").tobytes() for text_hash, row in zip(part, np.asarray(rows), strict=True)
        }
        if progress is not None:
            progress(len(vectors), len(hashes))
    return vectors


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
