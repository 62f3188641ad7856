"""What commands of this home ask of its running server, since the index has one process only."""

from pathlib import Path

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.deps import PartsDep, on_this_machine
from api.local_documents import Added, Asked, Listed, Removing, add_file, listed_documents, remove_document
from api.search import FoundPassage, search_as, sync_pages
from core.language import Language

router = APIRouter(prefix="/api/v1/local", tags=["local"], dependencies=[Depends(on_this_machine)])


class IndexRequest(BaseModel):
    """The folder to index; none for the pages that ship with the product."""

    path: str | None = None


class Indexed(BaseModel):
    """What indexing changed."""

    pages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    chunks: int
    generation: int


class SearchRequest(BaseModel):
    """A search as `login`."""

    question: str
    login: str
    language: Language | None = None
    screen: str | None = None
    k: int = 4


@router.post("/index")
def index(parts: PartsDep, body: IndexRequest) -> Indexed:
    """Bring the index up to date."""
    report = sync_pages(parts, Path(body.path) if body.path else None)
    return Indexed(**{name: getattr(report, name) for name in Indexed.model_fields})


@router.post("/search")
def search(parts: PartsDep, body: SearchRequest) -> list[FoundPassage]:
    """Passages as `login` would find them."""
    return search_as(parts, body.login, body.question, body.language, body.screen, body.k)


@router.post("/documents/add")
def add_document(parts: PartsDep, body: Asked) -> Added:
    """Add a file of this machine as a document."""
    return add_file(parts, body)


@router.post("/documents/list")
def list_documents(parts: PartsDep) -> list[Listed]:
    """All documents of the company."""
    return listed_documents(parts)


@router.post("/documents/remove")
def delete_document(parts: PartsDep, body: Removing) -> Removing:
    """Delete a document of the company; answers which."""
    remove_document(parts, body.code)
    return body
