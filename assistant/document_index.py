"""Bringing documents into the index, piece by piece, behind whoever added them.

A large one takes minutes to embed. It grows in the index a few dozen passages at a time, so that questions, other
pages, and taking a document away never wait for it, and what was done is not done again after a restart.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from assistant import document_files as files
from core.errors import AppError
from crm.actor import SYSTEM
from crm.documents import language_of, listed
from crm.session import unit
from crm.tables import KnowledgeDocument
from knowledge.pages import Page
from retrieval.chunks import LIMIT
from retrieval.index import Knowledge
from retrieval.reach import indexed_under, pages_under, readdress, withdraw_now

log = logging.getLogger(__name__)

SOURCE = "documents/"
_PAGE = "doc-"
# Characters a piece adds: about as much as is embedded in some seconds.
_PIECE = 40 * LIMIT
_TRIES = 20
State = Literal["ready", "indexing", "waiting", "hidden"]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Standing:
    """How far the assistant knows a document: `ready`; `indexing`, of which `done` of `total` characters are in;
    `waiting` where indexing it failed (`fault`) or has not begun; `hidden`."""

    state: State
    done: int = 0
    total: int = 0
    fault: AppError | None = None


def page_id(code: str) -> str:
    """The id of the page a document is read and cited as."""
    return f"{_PAGE}{code}"


def code_of(page: str) -> str | None:
    """The code of the document that is read as this page; None for other pages."""
    return page.removeprefix(_PAGE) if page.startswith(_PAGE) else None


def page_of(document: KnowledgeDocument) -> Page:
    """A document as the index takes it. Its path is for messages alone."""
    return Page(
        page_id(document.code),
        document.title,
        language_of(document),
        tuple(map(str, document.screens)),
        tuple(map(str, document.audience)),
        document.updated_at.date(),
        document.body,
        Path(document.filename),
    )


def _growing(page: Page) -> Iterator[Page]:
    """The page in pieces that grow to all of it, cut before headings, or at a blank line where none comes for long:
    passages already made stay the same, but for some of the last ones before a blank line."""
    lines = page.body.split("\n")
    since = 0
    for at, line in enumerate(lines):
        if (since >= _PIECE and line.startswith("#")) or (since >= 2 * _PIECE and not line.strip()):
            yield replace(page, body="\n".join(lines[:at]))
            since = 0
        since += len(line) + 1
    yield page


class Desk:
    """The documents of one home that wait to be indexed, and the thread that does it while there are any."""

    def __init__(self, engine: Engine, knowledge: Knowledge) -> None:
        self._engine, self._knowledge = engine, knowledge
        self._lock = threading.Lock()
        self._queue: deque[str] = deque()
        self._standings: dict[str, Standing] = {}
        self._worker: threading.Thread | None = None

    def put(self, *codes: str) -> None:
        """Have documents indexed as they are now, soon; or taken out where they are gone."""
        with self._lock:
            for code in codes:
                if code not in self._queue:
                    self._queue.append(code)
                self._standings[code] = Standing("indexing")
            if self._queue and self._worker is None:
                self._worker = threading.Thread(target=self._work, name="documents", daemon=True)
                self._worker.start()

    def settle(self, seconds: float | None = None) -> None:
        """Wait until nothing waits any more."""
        with self._lock:
            worker = self._worker
        if worker is not None:
            worker.join(seconds)

    def standing(self, document: KnowledgeDocument, indexed: bool) -> Standing:
        """How far a document is; `indexed` says whether the index has its page."""
        with self._lock:
            noted = self._standings.get(document.code)
        if document.hidden:
            return Standing("hidden")
        # What was noted here is newer than what `indexed` was read from.
        if noted is not None:
            return noted
        return Standing("ready" if indexed else "waiting")

    def _note(self, code: str, standing: Standing) -> None:
        with self._lock:
            # Put again meanwhile: it waits again.
            if code not in self._queue:
                self._standings[code] = standing

    def _going_on(self, code: str, done: int, total: int) -> None:
        self._note(code, Standing("indexing", done, total))

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._worker = None
                    return
                code = self._queue.popleft()
            try:
                bring(self._engine, self._knowledge, code, partial(self._going_on, code))
                self._note(code, Standing("ready"))
            except AppError as fault:
                log.warning("document %s is not indexed: %s", code, fault)
                self._note(code, Standing("waiting", fault=fault))
            # The thread must go on for the other documents, whatever broke.
            except Exception:
                log.exception("document %s is not indexed", code)
                self._note(code, Standing("waiting", fault=AppError("document_not_indexed", 503, code=code)))


_desks: WeakKeyDictionary[Knowledge, Desk] = WeakKeyDictionary()
_opening = threading.Lock()


def desk(engine: Engine, knowledge: Knowledge) -> Desk:
    """The desk of an index."""
    with _opening:
        return _desks.setdefault(knowledge, Desk(engine, knowledge))


def _read(engine: Engine, code: str) -> KnowledgeDocument | None:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(KnowledgeDocument).where(KnowledgeDocument.code == code))


def _version(engine: Engine, code: str) -> int | None:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(KnowledgeDocument.version).where(KnowledgeDocument.code == code))


def bring(engine: Engine, knowledge: Knowledge, code: str, told: Told | None = None) -> None:
    """Bring the index to a document as it is, or take it out where it is hidden or gone; `told` hears how many
    characters of how many are in. Changes made meanwhile are followed.

    Raises `AppError`: the embedder's own, and `index_busy` (409) where others keep changing the index.
    """
    failed = 0
    while True:
        document = _read(engine, code)
        if document is None or document.hidden:
            _withdraw(engine, code)
            return
        for piece in _growing(page_of(document)):
            try:
                knowledge.grow(partial(_unless_changed, engine, document, piece), source=SOURCE + code)
            except AppError as error:
                failed += 1
                if error.code != "index_busy" or failed > _TRIES:
                    if _version(engine, code) != document.version:
                        _withdraw(engine, code)
                    raise
                break
            if told is not None:
                told(len(piece.body), len(document.body))
            if _version(engine, code) != document.version:
                break
        else:
            return


def _unless_changed(engine: Engine, document: KnowledgeDocument, piece: Page) -> list[Page]:
    """A piece of a document. Raises `AppError` `index_busy` where the document is no longer what the piece is of."""
    if _version(engine, document.code) != document.version:
        raise AppError("index_busy", 409)
    return [piece]


def _withdraw(engine: Engine, code: str) -> None:
    withdraw_now(engine, [key for key, source in indexed_under(engine, SOURCE).items() if source == SOURCE + code])


def catch_up(engine: Engine, knowledge: Knowledge) -> None:
    """After a start: what may not be quoted leaves the index at once; what is not in it, or may have changed, is
    indexed behind. Files that a process left which was killed are deleted."""
    with files.settling:
        with unit(engine, SYSTEM, writes=False) as session:
            rows = listed(session)
        kept = {d.code: (language_of(d), d.hidden, tuple(map(str, d.audience))) for d in rows}
        stray = []
        for key, page in pages_under(engine, SOURCE).items():
            language, hidden, audience = kept.get(page.source.removeprefix(SOURCE), (None, True, ()))
            if hidden or language != key[0]:
                stray.append(key)
            elif page.audience != audience:
                readdress(engine, key, audience)
        if stray:
            withdraw_now(engine, stray)
        files.sweep(knowledge.settings, {d.code: d.sha256 for d in rows})
    desk(engine, knowledge).put(*(code for code, (_, hidden, _) in kept.items() if not hidden))
