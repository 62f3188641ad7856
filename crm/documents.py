"""A company's own documents: files the assistant answers from. Rights and audiences are those of help pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer

from core.errors import AppError, NotFound
from core.language import LANGUAGES, Language
from crm.customer_fields import FieldsRefused
from crm.help_pages import EVERYONE, PageFields, Reach, checked_reach
from crm.numbers import draw
from crm.session import CrmSession
from crm.settings_rules import may, same_version
from crm.tables import KnowledgeDocument

RESOURCE = "page"


@dataclass(frozen=True)
class DocumentFile:
    """A file that was read: its name and media type as they are shown, its text in Markdown, its `pages` or sheets,
    its size in bytes and its SHA-256 in hexadecimal digits."""

    filename: str
    media_type: str
    body: str
    pages: int
    size: int
    sha256: str


@dataclass(frozen=True)
class DocumentFields:
    """What a person decides about a document. `audience` are codes of levels, or `everyone`; `screens` the ids of the
    screens it is about; a `hidden` one is kept, but nobody is answered from it."""

    title: str
    language: str
    audience: Sequence[str] = (EVERYONE,)
    screens: Sequence[str] = ()
    hidden: bool = False


def listed(session: CrmSession) -> list[KnowledgeDocument]:
    """The documents the actor may read, by title, without their text; hidden ones are for those who may change
    pages."""
    query = select(KnowledgeDocument).options(defer(KnowledgeDocument.body, raiseload=True))
    return sorted(session.scalars(query), key=lambda document: (document.title.casefold(), document.code))


def by_code(session: CrmSession, code: str) -> KnowledgeDocument:
    """One document. Raises `NotFound`, the same for one that is missing and one the actor may not read."""
    found = session.scalar(select(KnowledgeDocument).where(KnowledgeDocument.code == code))
    if found is None:
        raise NotFound(RESOURCE, code)
    return found


def add(session: CrmSession, file: DocumentFile, fields: DocumentFields) -> KnowledgeDocument:
    """Keep a new document. Raises `FieldsRefused`, `Forbidden`, `AppError("document_twice")` (409)."""
    may(session.actor, RESOURCE, "create")
    reach = check(session, fields)
    _refuse_double(session, file)
    document = KnowledgeDocument(code=f"D{draw(session, 'document'):04d}", uploaded_by_id=_who(session))
    _put_file(document, file)
    _put_fields(document, fields, reach)
    session.add(document)
    session.flush()
    return document


def change(session: CrmSession, code: str, version: int, fields: DocumentFields) -> KnowledgeDocument:
    """Change what a person decides about a document, as it was at `version`.

    Raises `FieldsRefused`, `Forbidden`, `NotFound`, `AppError("conflict")`.
    """
    document = _changing(session, code, version, "update")
    _put_fields(document, fields, check(session, fields))
    session.flush()
    return document


def replace(session: CrmSession, code: str, version: int, file: DocumentFile) -> KnowledgeDocument:
    """Put another file in a document's place; its title, language and audience stay.

    Raises as `change`, and `AppError("document_twice")` where another document has this very file.
    """
    document = _changing(session, code, version, "update")
    _refuse_double(session, file, document)
    _put_file(document, file)
    document.uploaded_by_id = _who(session)
    session.flush()
    return document


def remove(session: CrmSession, code: str, version: int) -> KnowledgeDocument:
    """Delete a document; returns it as it was. Raises `Forbidden`, `NotFound`, `AppError("conflict")`."""
    document = _changing(session, code, version, "delete")
    session.delete(document)
    session.flush()
    return document


def _changing(session: CrmSession, code: str, version: int, action: str) -> KnowledgeDocument:
    may(session.actor, RESOURCE, action)
    document = by_code(session, code)
    same_version(document.version, version)
    return document


def _who(session: CrmSession) -> int | None:
    return None if session.actor.is_system else session.actor.user_id


def _refuse_double(session: CrmSession, file: DocumentFile, besides: KnowledgeDocument | None = None) -> None:
    query = select(KnowledgeDocument.code, KnowledgeDocument.title).where(KnowledgeDocument.sha256 == file.sha256)
    for code, title in session.execute(query):
        if besides is None or code != besides.code:
            raise AppError("document_twice", 409, file=file.filename, code=code, title=title)


def check(session: CrmSession, fields: DocumentFields) -> Reach:
    """`fields` as they are kept. Raises `FieldsRefused`."""
    reach, faults = checked_reach(session, PageFields(fields.title, "", fields.audience, fields.screens))
    if fields.language not in LANGUAGES:
        faults["language"] = AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))
    if faults:
        raise FieldsRefused(faults)
    return reach


def _put_fields(document: KnowledgeDocument, fields: DocumentFields, reach: Reach) -> None:
    document.title, document.language, document.hidden = reach.title, fields.language, fields.hidden
    document.audience, document.screens = list(reach.audience), list(reach.screens)


def _put_file(document: KnowledgeDocument, file: DocumentFile) -> None:
    document.filename, document.media_type, document.body = file.filename, file.media_type, file.body
    document.pages, document.size, document.sha256 = file.pages, file.size, file.sha256


def fields_of(document: KnowledgeDocument) -> DocumentFields:
    """What was decided about a document, as a form shows it."""
    return DocumentFields(
        document.title,
        document.language,
        tuple(map(str, document.audience)),
        tuple(map(str, document.screens)),
        document.hidden,
    )


def language_of(document: KnowledgeDocument) -> Language:
    """The document's language."""
    return next(language for language in LANGUAGES if language == document.language)
