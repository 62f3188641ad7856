"""A company's own documents as knowledge: read, kept, indexed, and out of reach the moment they are taken away.

A file is read in a process of its own and with no transaction open, kept together with its record, and indexed behind.
What was removed, hidden or narrowed leaves the index before the change is answered, even if the embedder cannot be
reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant import document_files as files
from assistant.context import Parts
from assistant.document_index import SOURCE, Standing, desk, page_id
from core.errors import AppError
from core.language import LANGUAGES, Language, detect_language
from crm import documents as records
from crm.actor import Actor
from crm.customer_fields import FieldsRefused
from crm.documents import DocumentFields, DocumentFile
from crm.help_pages import LONGEST_TITLE
from crm.session import unit
from crm.settings_rules import may
from crm.tables import KnowledgeDocument
from retrieval.parsing.door import ParsedDocument, parse, shown_name
from retrieval.parsing.limits import Limits
from retrieval.reach import indexed_under, readdress, withdraw_now

LIMITS = Limits(text=1_000_000)
# So much of a text tells its language.
_SAMPLE = 4_000


@dataclass(frozen=True)
class DocumentView:
    """A document as it is listed, without its text. `audience` and `screens` as in a help page; `updated` its last
    change; `version` what a change of it has to name; `unread` pages that could not be read, known when it was."""

    code: str
    title: str
    filename: str
    media_type: str
    language: Language
    audience: tuple[str, ...]
    screens: tuple[str, ...]
    hidden: bool
    pages: int
    size: int
    sha256: str
    version: int
    updated: date
    standing: Standing
    unread: int = 0

    @property
    def path(self) -> str:
        """Where its text is read."""
        return f"/help/{self.language}/{page_id(self.code)}"


@dataclass(frozen=True)
class Wanted:
    """What is asked for a new document; None is found out from the file: its title, and its language (that of whoever
    adds it where the text does not tell). Whom it is for is always said: nothing becomes public by leaving it out."""

    title: str | None = None
    language: str | None = None
    audience: Sequence[str] = ()
    screens: Sequence[str] = ()


def _view(parts: Parts, document: KnowledgeDocument, indexed: frozenset[str], unread: int = 0) -> DocumentView:
    fields = records.fields_of(document)
    return DocumentView(
        document.code,
        document.title,
        document.filename,
        document.media_type,
        records.language_of(document),
        tuple(fields.audience),
        tuple(fields.screens),
        document.hidden,
        document.pages,
        document.size,
        document.sha256,
        document.version,
        document.updated_at.date(),
        desk(parts.engine, parts.knowledge).standing(document, document.code in indexed),
        unread,
    )


def _indexed(parts: Parts) -> frozenset[str]:
    return frozenset(source.removeprefix(SOURCE) for source in indexed_under(parts.engine, SOURCE).values())


def listed(parts: Parts, actor: Actor) -> list[DocumentView]:
    """The documents `actor` may read, by title."""
    indexed = _indexed(parts)
    with unit(parts.engine, actor, writes=False) as session:
        return [_view(parts, document, indexed) for document in records.listed(session)]


def find(parts: Parts, actor: Actor, code: str) -> DocumentView:
    """One document. Raises `NotFound`, the same for one that is missing and one `actor` may not read."""
    with unit(parts.engine, actor, writes=False) as session:
        return _view(parts, records.by_code(session, code), _indexed(parts))


def original(parts: Parts, actor: Actor, code: str) -> tuple[DocumentView, Path]:
    """A document and its file. Raises as `find`, and `AppError("document_file_missing")` (404)."""
    found = find(parts, actor, code)
    return found, files.original(parts.settings, code, found.sha256)


def _read(file: Path, filename: str, language: Language | None, actor: Actor) -> tuple[ParsedDocument, Language]:
    """The file read, and the language it is in: `language` where one was named."""
    parsed = parse(file, filename, LIMITS)
    if language is None:
        sample = "\n".join(section.text for section in parsed.sections)[:_SAMPLE]
        language = detect_language(sample, actor.language)
    return parsed, language


def _kept(parsed: ParsedDocument, file: Path, filename: str, language: Language) -> DocumentFile:
    return DocumentFile(
        shown_name(filename),
        parsed.media_type,
        parsed.text(language),
        parsed.pages,
        file.stat().st_size,
        files.digest(file),
    )


def add(parts: Parts, actor: Actor, file: Path, filename: str, wanted: Wanted) -> DocumentView:
    """Add the file at `file` (of the home's disk; it is moved), which came under the name `filename`.

    It is indexed behind; its `standing` tells. Raises as `retrieval.parsing.door.parse` and `crm.documents.add`.
    """
    may(actor, records.RESOURCE, "create")
    named = _language(wanted.language)
    # Told before the file is read, which can take a minute.
    with unit(parts.engine, actor, writes=False) as session:
        records.check(session, DocumentFields(wanted.title or filename, named or "en", wanted.audience, wanted.screens))
    parsed, language = _read(file, filename, named, actor)
    kept = _kept(parsed, file, filename, language)
    title = wanted.title if wanted.title and wanted.title.strip() else parsed.title[:LONGEST_TITLE]
    code = ""
    try:
        with files.settling, unit(parts.engine, actor) as session:
            fields = DocumentFields(title, language, wanted.audience, wanted.screens)
            document = records.add(session, kept, fields)
            code = document.code
            files.keep(parts.settings, code, kept.sha256, file)
    except BaseException:
        if code:
            files.drop(parts.settings, code)
        raise
    desk(parts.engine, parts.knowledge).put(code)
    return _view(parts, document, frozenset(), parsed.unread)


def _language(code: str | None) -> Language | None:
    if not code:
        return None
    found = next((language for language in LANGUAGES if language == code), None)
    if found is None:
        raise FieldsRefused({"language": AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))})
    return found


def change(parts: Parts, actor: Actor, code: str, version: int, fields: DocumentFields) -> DocumentView:
    """Change title, language, audience, screens, or hide it. Raises as `crm.documents.change`, and
    `AppError("document_not_indexed")` (503) where it is stored, but the index could not be changed."""
    with files.settling:
        with unit(parts.engine, actor) as session:
            before = records.language_of(records.by_code(session, code))
            document = records.change(session, code, version, fields)
        key = (before, page_id(code))
        try:
            if document.hidden or before != document.language:
                withdraw_now(parts.engine, [key])
            else:
                readdress(parts.engine, key, tuple(map(str, document.audience)))
        except AppError as busy:
            raise AppError("document_not_indexed", 503, code=code) from busy
        finally:
            desk(parts.engine, parts.knowledge).put(code)
    return _view(parts, document, _indexed(parts))


def replace(parts: Parts, actor: Actor, code: str, version: int, file: Path, filename: str) -> DocumentView:
    """Put another file in a document's place (moved from `file`). Raises as `add` and `change`."""
    may(actor, records.RESOURCE, "update")
    present = find(parts, actor, code)
    parsed, _ = _read(file, filename, present.language, actor)
    kept = _kept(parsed, file, filename, present.language)
    with files.settling:
        with unit(parts.engine, actor) as session:
            document = records.replace(session, code, version, kept)
            files.keep(parts.settings, code, kept.sha256, file)
        _withdraw(parts, document)
        files.drop_others(parts.settings, code, kept.sha256)
    return _view(parts, document, frozenset(), parsed.unread)


def remove(parts: Parts, actor: Actor, code: str, version: int) -> None:
    """Delete a document, its passages and its file. Raises as `crm.documents.remove`, and
    `AppError("document_not_indexed")`."""
    with files.settling:
        with unit(parts.engine, actor) as session:
            document = records.remove(session, code, version)
        try:
            _withdraw(parts, document)
        finally:
            files.drop(parts.settings, code)


def _withdraw(parts: Parts, document: KnowledgeDocument) -> None:
    """Take what the index has of a document out of it; what it is to have comes back behind."""
    try:
        withdraw_now(parts.engine, [(document.language, page_id(document.code))])
    except AppError as busy:
        raise AppError("document_not_indexed", 503, code=document.code) from busy
    finally:
        desk(parts.engine, parts.knowledge).put(document.code)
