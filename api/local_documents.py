"""Documents as the command line and the local door handle them, on behalf of the machine's administrator."""

from pathlib import Path

from pydantic import BaseModel

from assistant import documents
from assistant.context import Parts
from assistant.document_files import copied, incoming
from assistant.documents import LIMITS, Wanted
from core.errors import AppError
from crm.actor import SYSTEM
from retrieval.parsing.limits import MEGABYTE


class Asked(BaseModel):
    """A file of this machine to add."""

    path: str
    language: str | None = None
    audience: list[str]
    title: str | None = None


class Added(BaseModel):
    """A document made of a file; `unread` of its pages could not be read."""

    code: str
    title: str
    language: str
    pages: int
    unread: int


class Listed(BaseModel):
    """A document in the list; `done` of `total` characters are indexed while it is `indexing`."""

    code: str
    title: str
    filename: str
    language: str
    audience: list[str]
    state: str
    done: int
    total: int


class Removing(BaseModel):
    """The document to delete."""

    code: str


def add_file(parts: Parts, asked: Asked) -> Added:
    """Add a copy of the file. Raises as `assistant.documents.add`, and `AppError("document_no_file")` (422)."""
    path = Path(asked.path)
    with incoming(parts.settings) as copy:
        try:
            with path.open("rb") as source:
                size = copied(source, copy, LIMITS.file_bytes)
        except OSError as unreadable:
            raise AppError("document_no_file", 422, file=asked.path) from unreadable
        if size > LIMITS.file_bytes:
            raise AppError("file_too_large", 413, file=path.name, megabytes=LIMITS.file_bytes // MEGABYTE)
        wanted = Wanted(asked.title, asked.language, asked.audience)
        made = documents.add(parts, SYSTEM, copy, path.name, wanted)
    return Added(code=made.code, title=made.title, language=made.language, pages=made.pages, unread=made.unread)


def listed_documents(parts: Parts) -> list[Listed]:
    """All documents."""
    return [
        Listed(
            code=view.code,
            title=view.title,
            filename=view.filename,
            language=view.language,
            audience=list(view.audience),
            state=view.standing.state,
            done=view.standing.done,
            total=view.standing.total,
        )
        for view in documents.listed(parts, SYSTEM)
    ]


def remove_document(parts: Parts, code: str) -> None:
    """Delete a document as it is now. Raises as `assistant.documents.remove`."""
    documents.remove(parts, SYSTEM, code, documents.find(parts, SYSTEM, code).version)
