"""Word templates of offers as records: their versions, and which one is taken by itself."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.errors import AppError, NotFound
from core.language import LANGUAGES
from crm.customer_fields import FieldsRefused, needed_text
from crm.numbers import draw
from crm.session import CrmSession
from crm.settings_rules import LONGEST_NAME, may, same_version
from crm.tables import OfferTemplate, OfferTemplateVersion, table_of

RESOURCE = "template"
_TEMPLATES, _VERSIONS = table_of(OfferTemplate), table_of(OfferTemplateVersion)


@dataclass(frozen=True)
class TemplateFile:
    """A file found to be sound: its name as uploaded and its SHA-256 in hexadecimal digits."""

    filename: str
    sha256: str


@dataclass(frozen=True)
class StandardVersion:
    """The file of a version of a template: its id, where it lies relative to `ROBO_HOME`, and its SHA-256."""

    id: int
    code: str
    path: str
    sha256: str


def listed(session: CrmSession) -> list[OfferTemplate]:
    """Every template the actor may read, by language and name."""
    found = session.scalars(select(OfferTemplate).options(selectinload(OfferTemplate.versions)))
    return sorted(found, key=lambda one: (LANGUAGES.index(one.language), one.name.casefold(), one.code))


def by_code(session: CrmSession, code: str) -> OfferTemplate:
    """One template with its versions. Raises `NotFound`."""
    query = select(OfferTemplate).where(OfferTemplate.code == code).options(selectinload(OfferTemplate.versions))
    found = session.scalar(query)
    if found is None:
        raise NotFound(RESOURCE, code)
    return found


def place_of(code: str, sha256: str) -> str:
    """Where the file of a template lies, relative to `ROBO_HOME`; no part of it comes from a file's name."""
    return f"templates/{code}/{sha256}.docx"


def create(session: CrmSession, name: str, language: str, file: TemplateFile, standard: bool = False) -> OfferTemplate:
    """A new template with its first version. Raises `FieldsRefused`, `Forbidden`."""
    may(session.actor, RESOURCE, "create")
    named = _name(name)
    if language not in LANGUAGES:
        raise FieldsRefused({"language": AppError("template_language", 422)})
    template = OfferTemplate(code=f"T{draw(session, 'template'):04d}", name=named, language=language)
    _put_standard(session, template, standard)
    session.add(template)
    _add(session, template, file)
    session.flush()
    return template


def add_version(session: CrmSession, code: str, version: int, file: TemplateFile) -> OfferTemplate:
    """Give a template, as it was at record version `version`, a newer file; offers made before keep the older one.

    Raises `Forbidden`, `NotFound`, `AppError("conflict")`.
    """
    template = _changing(session, code, version)
    _add(session, template, file)
    # The record's own version moves too, so that two uploads at once are noticed.
    template.updated_at = template.versions[-1].made_at
    session.flush()
    return template


def change(session: CrmSession, code: str, version: int, name: str, active: bool, standard: bool) -> OfferTemplate:
    """Rename a template, switch it on or off, or make it the one that offers in its language are made from.

    Raises `FieldsRefused`, `Forbidden`, `NotFound`, `AppError`: `conflict`, `template_off_not_standard` (409).
    """
    template = _changing(session, code, version)
    named = _name(name)
    if standard and not active:
        raise AppError("template_off_not_standard", 409)
    _put_standard(session, template, standard)
    template.name, template.active = named, active
    session.flush()
    return template


def standard_version(session: Session, language: str) -> int | None:
    """The id of the version that offers in `language` are made from now; None for the shipped template.

    Not a reading of the actor's: which file the company's offers look like holds for everyone.
    """
    query = (
        select(_VERSIONS.c.id)
        .join(_TEMPLATES, _TEMPLATES.c.id == _VERSIONS.c.template_id)
        .where(_TEMPLATES.c.language == language, _TEMPLATES.c.standard, _TEMPLATES.c.active)
        .order_by(_VERSIONS.c.ordinal.desc())
        .limit(1)
    )
    return session.connection().execute(query).scalar()


def version_file(session: Session, version_id: int | None) -> StandardVersion | None:
    """The file of a version by its id, while its template is switched on; None where it is not, or for no id."""
    if version_id is None:
        return None
    query = (
        select(_VERSIONS.c.id, _TEMPLATES.c.code, _VERSIONS.c.path, _VERSIONS.c.sha256)
        .join(_TEMPLATES, _TEMPLATES.c.id == _VERSIONS.c.template_id)
        .where(_VERSIONS.c.id == version_id, _TEMPLATES.c.active)
    )
    found = session.connection().execute(query).one_or_none()
    return None if found is None else StandardVersion(*found)


def _name(text: str) -> str:
    try:
        name = needed_text(text)
        if len(name) > LONGEST_NAME:
            raise AppError("field_too_long", 422, longest=LONGEST_NAME)
    except AppError as fault:
        raise FieldsRefused({"name": fault}) from fault
    return name


def _changing(session: CrmSession, code: str, version: int) -> OfferTemplate:
    may(session.actor, RESOURCE, "update")
    template = by_code(session, code)
    same_version(template.version, version)
    return template


def _add(session: CrmSession, template: OfferTemplate, file: TemplateFile) -> None:
    who = None if session.actor.is_system else session.actor.user_id
    made = OfferTemplateVersion(
        template=template,
        ordinal=len(template.versions) + 1,
        filename=file.filename,
        path=place_of(template.code, file.sha256),
        sha256=file.sha256,
        uploaded_by_id=who,
    )
    session.add(made)
    session.flush()


def _put_standard(session: CrmSession, template: OfferTemplate, standard: bool) -> None:
    """Of a language's templates at most one is the standard one."""
    if standard:
        others = select(OfferTemplate).where(OfferTemplate.language == template.language, OfferTemplate.standard)
        for other in session.scalars(others):
            if other is not template:
                other.standard = False
    template.standard = standard
