"""The help as it is in force: the shipped pages with the company's own laid over them, and both kept in the index.

A page saved is found by the next question; one that was hidden, removed or narrowed is quoted by no answer any more
once the change is stored, even if the embedder cannot be reached.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from assistant import document_index
from assistant.context import Parts
from core.errors import AppError, NotFound
from core.language import LANGUAGES, Language
from crm import documents as own_documents
from crm import help_pages as own_pages
from crm.actor import SYSTEM, Actor
from crm.help_pages import PageFields
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import HelpPage, KnowledgeDocument
from knowledge import pages as shipped_pages
from knowledge.pages import EVERYONE, Page
from retrieval.index import Knowledge
from retrieval.reach import withdraw_now
from retrieval.result import SyncReport
from retrieval.store import StoredPage, readable

Origin = Literal["shipped", "changed", "own", "folder", "document"]
# What `robo index FOLDER` indexed: known to the index alone.
FOLDER = "company"
_TRIES = 4
# Of two people saving at once, each brings the index to what both stored.
_syncing = threading.Lock()


@dataclass(frozen=True)
class HelpText:
    """A page to be read. `origin`: shipped, shipped but `changed` by the company, its `own`, from an indexed `folder`,
    or the text of a `document` of the company, which has a `code` and a `filename`; `version` is that of the company's
    record, 0 where there is none."""

    id: str
    language: Language
    title: str
    body: str
    audience: tuple[str, ...]
    screens: tuple[str, ...]
    updated: date
    origin: Origin
    hidden: bool = False
    version: int = 0
    code: str = ""
    filename: str = ""

    @property
    def fields(self) -> PageFields:
        """What a form about this page holds."""
        return PageFields(self.title, self.body, self.audience, self.screens)


@lru_cache(maxsize=1)
def shipped() -> tuple[Page, ...]:
    """The pages that ship with the product; they do not change while it runs."""
    return shipped_pages.help_pages()


def _of_row(row: HelpPage, origin: Origin) -> HelpText:
    return HelpText(
        row.page_id,
        as_language(row.language),
        row.title,
        row.body,
        tuple(map(str, row.audience)),
        tuple(map(str, row.screens)),
        row.updated_on,
        origin,
        row.hidden,
        row.version,
    )


def _laid_over(rows: list[HelpPage]) -> list[HelpText]:
    """Shipped pages and rows of the company together, hidden ones among them, shipped first."""
    found = {
        (p.language, p.id): HelpText(p.id, p.language, p.title, p.body, p.audience, p.screens, p.updated, "shipped")
        for p in shipped()
    }
    for row in rows:
        key = (as_language(row.language), row.page_id)
        found[key] = _of_row(row, "changed" if key in found else "own")
    return list(found.values())


def _of_folder(stored: StoredPage, body: str = "") -> HelpText:
    return HelpText(
        stored.page_id,
        stored.language,
        stored.title,
        body,
        stored.audience,
        stored.screens,
        stored.updated,
        "folder",
    )


def _of_document(row: KnowledgeDocument, body: str = "") -> HelpText:
    return HelpText(
        document_index.page_id(row.code),
        as_language(row.language),
        row.title,
        body,
        tuple(map(str, row.audience)),
        tuple(map(str, row.screens)),
        row.updated_at.date(),
        "document",
        row.hidden,
        row.version,
        row.code,
        row.filename,
    )


def _all(engine: Engine) -> list[HelpText]:
    with unit(engine, SYSTEM, writes=False) as session:
        return _laid_over(own_pages.listed(session))


def _may_read(page: HelpText, actor: Actor | None) -> bool:
    if actor is None:
        return not page.hidden and EVERYONE in page.audience
    edits = actor.scope("page", "update") == "all" and page.origin != "folder"
    return edits or (not page.hidden and readable(page.audience, actor.audiences))


def contents(parts: Parts, language: Language, actor: Actor | None) -> list[HelpText]:
    """The pages `actor` may read, in `language` and, where a page has none in it, in another; by title.

    Nobody signed in (None) reads what is for everyone. Those who may change pages also get the hidden ones. The text
    of pages from a folder and of documents is left out.
    """
    readables = [p for p in _all(parts.engine) if _may_read(p, actor)]
    readables += [p for s in parts.knowledge.pages(FOLDER) if _may_read(p := _of_folder(s), actor)]
    with unit(parts.engine, SYSTEM, writes=False) as session:
        readables += [p for d in own_documents.listed(session) if _may_read(p := _of_document(d), actor)]
    order = [language, *(code for code in LANGUAGES if code != language)]
    best: dict[str, HelpText] = {}
    for page in sorted(readables, key=lambda p: order.index(p.language)):
        best.setdefault(page.id, page)
    return sorted(best.values(), key=lambda p: p.title.casefold())


def find(parts: Parts, language: Language, page_id: str, actor: Actor | None) -> HelpText:
    """One page. Raises `AppError("unknown_page")` (404), the same for one that is missing and one `actor` may not
    read."""
    key = (language, page_id)
    found = next((page for page in _all(parts.engine) if (page.language, page.id) == key), None)
    if found is None:
        found = _document(parts.engine, key) or _in_folder(parts.knowledge, key)
    if found is None or not _may_read(found, actor):
        raise AppError("unknown_page", 404, page=page_id)
    return found


def _document(engine: Engine, key: tuple[Language, str]) -> HelpText | None:
    code = document_index.code_of(key[1])
    if code is None:
        return None
    try:
        with unit(engine, SYSTEM, writes=False) as session:
            row = own_documents.by_code(session, code)
    except NotFound:
        return None
    return _of_document(row, row.body) if row.language == key[0] else None


def _in_folder(knowledge: Knowledge, key: tuple[Language, str]) -> HelpText | None:
    stored = next((s for s in knowledge.pages(FOLDER) if (s.language, s.page_id) == key), None)
    return _of_folder(stored, knowledge.page_text(*key)) if stored else None


def in_force(engine: Engine) -> list[Page]:
    """Every page the assistant answers from, apart from folders: what the index holds as its part `help`."""
    return [
        Page(p.id, p.title, p.language, p.screens, p.audience, p.updated, p.body, Path("help", p.language, p.id))
        for p in _all(engine)
        if not p.hidden
    ]


def index(engine: Engine, knowledge: Knowledge, progress: Callable[[int, int], None] | None = None) -> SyncReport:
    """Bring the index to the pages in force. Raises `AppError` `index_busy` (409) where others keep changing it, and
    the embedder's own."""
    with _syncing:
        for _ in range(_TRIES):
            wanted = in_force(engine)
            try:
                report = knowledge.sync(wanted, progress)
            except AppError as error:
                if error.code != "index_busy":
                    raise
                continue
            if in_force(engine) == wanted:
                return report
    raise AppError("index_busy", 409)


@contextmanager
def _changing(parts: Parts, actor: Actor, language: Language, page_id: str) -> Iterator[CrmSession]:
    """A unit of work that changes one page; once it is stored, the page leaves the index as it was, without waiting
    for the embedder, and comes back as it is."""
    key = (language, page_id)
    if any((s.language, s.page_id) == key for s in parts.knowledge.pages(FOLDER)):
        raise AppError("page_of_folder", 409, page=page_id)
    with unit(parts.engine, actor) as session:
        yield session
    try:
        withdraw_now(parts.engine, {key})
        index(parts.engine, parts.knowledge)
    except AppError as fault:
        raise AppError("page_not_indexed", 503, page=page_id) from fault


def save(parts: Parts, actor: Actor, language: Language, page_id: str, version: int, typed: PageFields) -> None:
    """Write a page (`crm.help_pages.save`). Raises as that does, `AppError("page_of_folder")` (409), and
    `AppError("page_not_indexed")` (503) where the page is stored but is not found by the assistant yet."""
    with _changing(parts, actor, language, page_id) as session:
        own_pages.save(session, page_id, language, version, typed)


def hide(parts: Parts, actor: Actor, language: Language, page_id: str, version: int) -> None:
    """Take a page away from readers. Raises as `save` does, and `AppError("unknown_page")`."""
    present = find(parts, language, page_id, actor)
    with _changing(parts, actor, language, page_id) as session:
        own_pages.hide(session, page_id, language, version, present.fields)


def remove(parts: Parts, actor: Actor, language: Language, page_id: str, version: int) -> None:
    """Delete the company's page; a shipped one of that id is in force again. Raises as `crm.help_pages.remove`."""
    with _changing(parts, actor, language, page_id) as session:
        own_pages.remove(session, page_id, language, version)
