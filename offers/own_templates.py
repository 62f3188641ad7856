"""A company's own Word templates: uploading, versions, looking at one with a real offer, and which is the standard.

A file is checked before anything of it is kept, and its record is made in the same step as it is put in its place.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from sqlalchemy import Engine

from core.errors import AppError, NotFound
from core.language import Language
from core.settings import Settings
from core.text import storable
from crm import offer_templates
from crm import offers as offer_records
from crm.actor import Actor
from crm.offer_templates import RESOURCE, TemplateFile, place_of
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.settings_rules import may, same_version
from crm.tables import OfferTemplate
from offers.documents import pdf_engine, read_back, render_docx, render_pdf, sha256_of
from offers.documents.files import whole_file
from offers.documents.own_files import check_template
from offers.documents.word import shipped_template
from offers.sheet import OfferSheet
from offers.to_sheet import offer_sheet

Kind = Literal["docx", "pdf"]
_LONGEST_FILENAME = 120


@dataclass(frozen=True)
class VersionView:
    """One uploaded file of a template."""

    ordinal: int
    filename: str
    sha256: str
    made_at: datetime


@dataclass(frozen=True)
class TemplateView:
    """A template with its versions, newest last; `lock` is the record's own version, for changing it."""

    code: str
    name: str
    language: Language
    active: bool
    standard: bool
    lock: int
    versions: tuple[VersionView, ...]


@dataclass(frozen=True)
class OwnTemplates:
    """The templates of one home."""

    engine: Engine
    settings: Settings

    @property
    def pdf_possible(self) -> bool:
        """Whether own templates can become PDF files here: that needs LibreOffice."""
        return pdf_engine() == "libreoffice"

    def listed(self, actor: Actor) -> list[TemplateView]:
        """Every template, by language and name."""
        with unit(self.engine, actor, writes=False) as session:
            return [_view(template) for template in offer_templates.listed(session)]

    def find(self, actor: Actor, code: str) -> TemplateView:
        """One template. Raises `NotFound`."""
        with unit(self.engine, actor, writes=False) as session:
            return _view(offer_templates.by_code(session, code))

    def upload(
        self, actor: Actor, path: Path, filename: str, name: str, language: Language, standard: bool = False
    ) -> TemplateView:
        """Keep the file at `path`, called `filename`, as a new template for offers in `language`.

        Raises `Forbidden`, `FieldsRefused`, and `AppError` with the place of the fault (`check_template`).
        """
        may(actor, RESOURCE, "create")
        check_template(path, filename, language)
        file = _file(path, filename)
        return self._kept(
            actor, path, file, lambda session: offer_templates.create(session, name, language, file, standard)
        )

    def replace(self, actor: Actor, code: str, lock: int, path: Path, filename: str) -> TemplateView:
        """Keep the file at `path` as the next version of a template; offers made before keep theirs.

        Raises as `upload`, `NotFound`, and `AppError("conflict")`.
        """
        may(actor, RESOURCE, "update")
        known = self.find(actor, code)
        same_version(known.lock, lock)
        check_template(path, filename, known.language)
        file = _file(path, filename)
        return self._kept(actor, path, file, lambda session: offer_templates.add_version(session, code, lock, file))

    def change(self, actor: Actor, code: str, lock: int, name: str, active: bool, standard: bool) -> TemplateView:
        """Rename it, switch it on or off, or make it the standard one of its language. Raises as
        `crm.offer_templates.change`."""
        with unit(self.engine, actor) as session:
            return _view(offer_templates.change(session, code, lock, name, active, standard))

    def _kept(
        self, actor: Actor, path: Path, file: TemplateFile, record: Callable[[CrmSession], OfferTemplate]
    ) -> TemplateView:
        placed: Path | None = None
        try:
            with unit(self.engine, actor) as session:
                template = record(session)
                place = self.settings.home.resolve() / place_of(template.code, file.sha256)
                if not place.is_file():
                    with whole_file(place) as draft:
                        shutil.copyfile(path, draft)
                    placed = place
                return _view(template)
        except BaseException:
            if placed is not None:
                placed.unlink(missing_ok=True)
            raise

    def original(self, actor: Actor, code: str, ordinal: int | None = None) -> tuple[VersionView, Path]:
        """A version's file as it was uploaded, the newest without `ordinal`. Raises `NotFound`,
        `AppError("template_file_missing")`."""
        view = self.find(actor, code)
        version = next((v for v in reversed(view.versions) if ordinal in (None, v.ordinal)), None)
        if version is None:
            raise NotFound(RESOURCE, f"{code} v{ordinal}")
        path = self.settings.home.resolve() / place_of(code, version.sha256)
        if not path.is_file() or sha256_of(path) != version.sha256:
            raise AppError("template_file_missing", 409, code=code)
        return version, path

    def preview(self, actor: Actor, code: str, ordinal: int | None, number: str, kind: Kind) -> bytes:
        """The offer `number` as a version of a template prints it, read back, and kept nowhere.

        Raises `NotFound` for either, and `AppError` where the document cannot be made or says other figures
        (`document_mismatch`); `pdf_needs_libreoffice` where that is missing.
        """
        _, path = self.original(actor, code, ordinal)
        language = self.find(actor, code).language
        with unit(self.engine, actor, writes=False) as session:
            sheet = offer_sheet(session, offer_records.by_number(session, number))
        return _made(replace(sheet, language=language), path, kind)

    def shipped(self, language: Language) -> Path:
        """The template that comes with the product, to start one's own from."""
        return shipped_template(language)


def _made(sheet: OfferSheet, template: Path, kind: Kind) -> bytes:
    with TemporaryDirectory(prefix="offer-preview-") as folder:
        docx = render_docx(sheet, Path(folder, "offer.docx"), template)
        read_back(docx, sheet, custom_template=True)
        if kind == "docx":
            return docx.read_bytes()
        pdf = render_pdf(sheet, docx, Path(folder, "offer.pdf"), custom_template=True)
        read_back(pdf, sheet, custom_template=True)
        return pdf.read_bytes()


def _file(path: Path, filename: str) -> TemplateFile:
    return TemplateFile(" ".join(storable(filename).split())[-_LONGEST_FILENAME:], sha256_of(path))


def _view(template: OfferTemplate) -> TemplateView:
    return TemplateView(
        template.code,
        template.name,
        as_language(template.language),
        template.active,
        template.standard,
        template.version,
        tuple(VersionView(v.ordinal, v.filename, v.sha256, v.made_at) for v in template.versions),
    )
