"""Files of the library on disk: looked through, kept whole or not at all, and found again by their digest."""

import shutil
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from core.errors import AppError
from core.settings import Settings
from core.text import storable
from crm import library as records
from crm.actor import Actor
from crm.library import AttachmentFields, AttachmentFile
from crm.session import unit
from crm.settings_rules import may
from crm.tables import Attachment
from offers.documents.files import sha256_of, whole_file
from offers.packs.limits import LARGEST_FILE, MEGABYTE, PackLimits
from offers.packs.sandbox import ask

PDF = "application/pdf"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_MEMBERS = 5_000
_INSPECTING = PackLimits(seconds=25.0, cpu_seconds=20)


def shown_name(filename: str) -> str:
    """A file's name as it is safe to show and keep: its last part, printable, at most 120 characters."""
    name = storable(filename.replace("\\", "/").rpartition("/")[2])
    clean = "".join(c for c in name if c.isprintable() and c not in '"<>:|?*;').strip(" .")
    return clean[-120:] or "file"


def looked_through(file: Path, filename: str) -> AttachmentFile:
    """What the file at `file` is, which came under the name `filename`; no transaction may be open meanwhile.

    Its kind is told by its content. Raises `AppError`: `attachment_too_large` (413), `attachment_kind` (415), and 422
    with the reason why a file cannot go with offers (codes of `core/messages/library.toml`).
    """
    name, size = shown_name(filename), file.stat().st_size
    if size > LARGEST_FILE:
        raise AppError("attachment_too_large", 413, file=name, megabytes=LARGEST_FILE // MEGABYTE)
    media_type, suffix = _kind(file, name)
    pages = 0
    if media_type == PDF:
        answer = ask({"task": "inspect", "file": str(file.resolve())}, _INSPECTING, name)
        pages = int(str(answer["pages"]))
    shown = name if name.lower().endswith((suffix, ".jpeg") if suffix == ".jpg" else suffix) else f"{name}{suffix}"
    return AttachmentFile(shown, media_type, suffix, size, pages, sha256_of(file))


def _kind(file: Path, name: str) -> tuple[str, str]:
    with file.open("rb") as data:
        head = data.read(1024)
    if b"%PDF-" in head:
        return PDF, ".pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", ".png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", ".jpg"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file, name)
    raise AppError("attachment_kind", 415, file=name)


def _office_kind(file: Path, name: str) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise AppError("attachment_damaged", 422, file=name) from fault
    if len(members) > _MOST_MEMBERS:
        raise AppError("attachment_took_too_much", 422, file=name)
    if any(member.lower().rpartition("/")[2] == "vbaproject.bin" for member in members):
        raise AppError("attachment_with_script", 422, file=name)
    if "word/document.xml" in members:
        return _WORD, ".docx"
    if "xl/workbook.xml" in members:
        return _EXCEL, ".xlsx"
    raise AppError("attachment_kind", 415, file=name)


@dataclass(frozen=True)
class Library:
    """The library of one home: its records and its files together."""

    engine: Engine
    settings: Settings

    def add(self, actor: Actor, file: Path, filename: str, fields: AttachmentFields) -> Attachment:
        """Put the file at `file`, which came under the name `filename`, into the library.

        Raises as `looked_through` and `crm.library.add`.
        """
        may(actor, records.RESOURCE, "create")
        with unit(self.engine, actor, writes=False) as session:
            records.checked(session, fields)
        seen = looked_through(file, filename)
        with unit(self.engine, actor) as session:
            made = records.add(session, seen, fields)
            self._keep(file, made.path)
        return made

    def replace(self, actor: Actor, code: str, version: int, file: Path, filename: str) -> Attachment:
        """Give a record a new file; offers that went with the old one keep it. Raises as `add` and
        `crm.library.replace`."""
        may(actor, records.RESOURCE, "update")
        seen = looked_through(file, filename)
        with unit(self.engine, actor) as session:
            changed = records.replace(session, code, version, seen)
            self._keep(file, changed.path)
        return changed

    def remove(self, actor: Actor, code: str, version: int) -> None:
        """Delete a record that never went with an offer, and its files. Raises as `crm.library.remove`."""
        with unit(self.engine, actor) as session:
            folder = self.settings.home / "library" / records.by_code(session, code).code
            records.remove(session, code, version)
        shutil.rmtree(folder, ignore_errors=True)

    def file(self, actor: Actor, code: str) -> tuple[Attachment, Path]:
        """A record and its file. Raises `NotFound`, and `AppError("attachment_file_missing")` (404)."""
        with unit(self.engine, actor, writes=False) as session:
            found = records.by_code(session, code)
        return found, intact(self.settings, found.path, found.sha256, found.title, 404)

    def _keep(self, file: Path, path: str) -> None:
        with whole_file(self.settings.home.resolve() / path) as place:
            shutil.copyfile(file, place)
            with suppress(OSError):
                place.chmod(0o600)


def intact(settings: Settings, path: str, sha256: str, title: str, status: int = 409) -> Path:
    """The file at `path` of the home. Raises `AppError("attachment_file_missing")` where it is missing or another."""
    place = (settings.home / path).resolve()
    if not place.is_file() or sha256_of(place) != sha256:
        raise AppError("attachment_file_missing", status, file=title)
    return place
