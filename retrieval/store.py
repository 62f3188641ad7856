"""Reading and writing the index in SQL; each function is one short unit of work."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import numpy as np
from sqlalchemy import Connection, Engine, Row, Select, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from core.errors import AppError
from core.language import Language
from knowledge.pages import EVERYONE
from retrieval.arrays import Vectors
from retrieval.tables import SCHEMA, page_table, passage_table, state_table, word_table

_SLICE = 500


@dataclass(frozen=True)
class State:
    """What the index is: `generation` grows by one with every change and is 0 for an index never
    filled; vectors are of `embedder` and have `dimension` numbers; `fingerprint` is over passage ids."""

    generation: int = 0
    embedder: str = ""
    dimension: int = 0
    fingerprint: str = ""


@dataclass(frozen=True)
class StoredPage:
    """A page as indexed, without its text; (`language`, `page_id`) is unique over all sources."""

    language: Language
    page_id: str
    source: str
    title: str
    screens: tuple[str, ...]
    audience: tuple[str, ...]
    updated: date
    fingerprint: str


@dataclass(frozen=True)
class StoredPassage:
    """A chunk as indexed. `passage_id` is a hash that covers the text: other words, other id."""

    passage_id: str
    language: Language
    page_id: str
    ordinal: int
    section: str
    anchor: str
    text: str
    text_hash: str
    vector: bytes = field(repr=False)


def fingerprint(passage_ids: Iterable[str]) -> str:
    """SHA-256 over the ids, whatever their order."""
    return hashlib.sha256("\n".join(sorted(passage_ids)).encode()).hexdigest()


def read_state(connection: Connection) -> State:
    """The state of the index; generation 0 where nothing was ever indexed."""
    c = state_table.c
    row = connection.execute(select(c.generation, c.embedder, c.dimension, c.fingerprint)).first()
    return State(row.generation, row.embedder, row.dimension, row.fingerprint) if row else State()


def read_pages(connection: Connection) -> list[StoredPage]:
    """All pages, by language and id."""
    rows = connection.execute(select(page_table).order_by(page_table.c.language, page_table.c.page_id))
    return [
        StoredPage(
            r.language, r.page_id, r.source, r.title, tuple(r.screens), tuple(r.audience), r.updated, r.fingerprint
        )
        for r in rows
    ]


def read_passages(connection: Connection) -> list[StoredPassage]:
    """All passages, by language, page and place in the page."""
    c = passage_table.c
    rows = connection.execute(select(passage_table).order_by(c.language, c.page_id, c.ordinal))
    return [_passage(row) for row in rows]


def _passage(r: Row[tuple[object, ...]]) -> StoredPassage:
    return StoredPassage(
        r.passage_id, r.language, r.page_id, r.ordinal, r.section, r.anchor, r.text, r.text_hash, r.vector
    )


def read_words(connection: Connection) -> dict[str, bytes]:
    """The words of the passages and their vectors, as stored."""
    return {row.word: row.vector for row in connection.execute(select(word_table))}


def joined(passages: Iterable[StoredPassage]) -> str:
    """The passages of one page, in order, as Markdown: each heading they stand under, then their texts."""
    parts: list[str] = []
    above: list[str] = []
    for passage in passages:
        path = passage.section.split(" › ") if passage.section else []
        same = next((at for at, pair in enumerate(zip(above, path, strict=False)) if pair[0] != pair[1]), None)
        kept = min(len(above), len(path)) if same is None else same
        parts += [f"{'#' * min(depth + 2, 6)} {path[depth]}" for depth in range(kept, len(path))]
        above = path
        parts.append(passage.text)
    return "\n\n".join(parts)


def matrix(passages: Sequence[StoredPassage], dimension: int) -> Vectors:
    """The vectors of `passages`, shape (n, `dimension`). Raises `AppError` `index_broken` (500) when one
    has another length: the index has to be made again."""
    if any(len(p.vector) != 4 * dimension for p in passages):
        raise AppError("index_broken", 500)
    joined = b"".join(p.vector for p in passages)
    return np.frombuffer(joined, dtype="<f4").reshape(len(passages), dimension).astype(np.float32)


def write(
    engine: Engine,
    before: State,
    after: State,
    *,
    gone_pages: Iterable[tuple[str, str]],
    pages: Sequence[StoredPage],
    passages: Sequence[StoredPassage],
    gone_words: Collection[str] = (),
    words: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """One transaction: takes `gone_pages` (language, id) and `gone_words` out, puts `pages` with all their
    `passages` in place of what they had, adds `words`, and sets the state from `before` to `after`.

    Raises `AppError` `index_busy` (409) if somebody else changed the index since `before` was read.
    """
    touched = [*gone_pages, *((page.language, page.page_id) for page in pages)]
    with engine.begin() as connection:
        try:
            _advance(connection, before, after)
        except IntegrityError as fault:
            raise AppError("index_busy", 409) from fault
        for start in range(0, len(touched), _SLICE):
            part = touched[start : start + _SLICE]
            for table in (passage_table, page_table):
                connection.execute(delete(table).where(tuple_(table.c.language, table.c.page_id).in_(part)))
        if pages:
            connection.execute(insert(page_table), [_page_values(page) for page in pages])
        for start in range(0, len(passages), _SLICE):
            part_values = [vars(passage) for passage in passages[start : start + _SLICE]]
            connection.execute(insert(passage_table), part_values)
        listed = sorted(gone_words)
        for start in range(0, len(listed), _SLICE):
            part_words = listed[start : start + _SLICE]
            connection.execute(delete(word_table).where(word_table.c.word.in_(part_words)))
        if words:
            connection.execute(insert(word_table), [{"word": w, "vector": v} for w, v in words.items()])


def _page_values(page: StoredPage) -> dict[str, object]:
    return {**vars(page), "screens": list(page.screens), "audience": list(page.audience)}


def _advance(connection: Connection, before: State, after: State) -> None:
    values = {**vars(after), "schema": SCHEMA}
    if before.generation == 0:
        # Two first fillings at once: the primary key lets one of them through.
        if connection.execute(select(func.count()).select_from(state_table)).scalar_one():
            raise AppError("index_busy", 409)
        connection.execute(insert(state_table), [{**values, "id": 1}])
        return
    c = state_table.c
    changed = connection.execute(
        update(state_table).where(c.id == 1, c.generation == bindparam("was")).values(values),
        {"was": before.generation},
    )
    if changed.rowcount != 1:
        raise AppError("index_busy", 409)


def readable(audience: Iterable[str], audiences: frozenset[str]) -> bool:
    """The audience rule: a page is for everyone, or for a group the asker belongs to."""
    return any(group == EVERYONE or group in audiences for group in audience)


def still_readable(connection: Connection, passage_ids: Sequence[str], audiences: frozenset[str]) -> frozenset[str]:
    """Those of `passage_ids` that are still indexed, word for word, and that `audiences` may read now."""
    query: Select[tuple[str, list[str]]] = (
        select(passage_table.c.passage_id, page_table.c.audience)
        .join_from(passage_table, page_table)
        .where(passage_table.c.passage_id.in_(list(passage_ids)))
    )
    return frozenset(row.passage_id for row in connection.execute(query) if readable(row.audience, audiences))
