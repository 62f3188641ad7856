"""Indexing and searching as the command line and the local door both do it."""

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from assistant import document_index, pages
from assistant.context import Parts
from core.language import Language
from crm.people import actor_for
from knowledge.pages import load_pages
from retrieval.result import SyncReport


class FoundPassage(BaseModel):
    """A passage found: which page and section, its score (0 to 1 and a little), and its text."""

    page_id: str
    title: str
    section: str
    language: str
    score: float
    cosine: float
    text: str


def sync_pages(parts: Parts, path: Path | None, progress: Callable[[int, int], None] | None = None) -> SyncReport:
    """Index the pages in force and have the company's documents brought up to date behind, or index the pages under
    `path` beside them."""
    if path is None:
        report = pages.index(parts.engine, parts.knowledge, progress)
        document_index.catch_up(parts.engine, parts.knowledge)
        return report
    return parts.knowledge.sync(load_pages(path), progress, source=pages.FOLDER)


def search_as(
    parts: Parts, login: str, question: str, language: Language | None, screen: str | None, k: int
) -> list[FoundPassage]:
    """The `k` best passages that `login` may read. Raises `NotFound` for an unknown login."""
    audiences = actor_for(parts.engine, login).audiences
    result = parts.knowledge.search(question, language=language, audiences=audiences, screen=screen, k=k)
    return [
        FoundPassage(
            page_id=hit.page_id,
            title=hit.title,
            section=hit.section,
            language=hit.language,
            score=round(hit.score, 4),
            cosine=round(hit.dense_cosine, 4),
            text=hit.text,
        )
        for hit in parts.knowledge.still_readable(result.hits, audiences)
    ]
