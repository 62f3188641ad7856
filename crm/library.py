"""The library of what goes with offers: records of files in folders, found by title and folder, chosen by rules."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import AppError, NotFound
from core.language import LANGUAGES
from core.text import fold
from crm.customer_fields import FieldsRefused, needed_text, short_text, tidy
from crm.numbers import draw
from crm.session import CrmSession
from crm.settings_rules import may, same_version
from crm.tables import Attachment, Customer, OfferAttachment, Product, table_of

RESOURCE = "attachment"
LONGEST_TITLE = 150
DEEPEST = 5
_MOST_CONDITIONS = 200
_LEVEL = re.compile(r"[^./\\][^/\\]{0,79}")


@dataclass(frozen=True)
class AttachmentFile:
    """A file that was looked through: `pages` is 0 for kinds that have none, `size` in bytes, `sha256` in hexadecimal
    digits; `suffix` such as `.pdf` is what its kind is called on disk."""

    filename: str
    media_type: str
    suffix: str
    size: int
    pages: int
    sha256: str


@dataclass(frozen=True)
class AttachmentFields:
    """What a person decides about a file of the library. With `automatic` it goes with every offer that meets all the
    conditions that are not empty: document language, the customer's segment, a product's category, a product's SKU."""

    title: str
    folder: str = ""
    language: str | None = None
    automatic: bool = False
    languages: Sequence[str] = ()
    segments: Sequence[str] = ()
    categories: Sequence[str] = ()
    skus: Sequence[str] = ()


def stored_path(code: str, file: AttachmentFile) -> str:
    """Where a file of the library lies, relative to `ROBO_HOME`: no part of it comes from the file's own name."""
    return f"library/{code}/{file.sha256}{file.suffix}"


def listed(
    session: CrmSession, text: str = "", folder: str | None = None, *, switched_off: bool = True
) -> list[Attachment]:
    """The files by folder and title: those that have every word of `text` in title, folder or file name, accents and
    letter case aside, and lie in `folder` or below it."""
    wanted = fold(text).split()
    found = []
    for each in session.scalars(select(Attachment)):
        hay = fold(f"{each.title} {each.folder} {each.filename} {each.code}")
        inside = folder is None or each.folder == folder or each.folder.startswith(f"{folder}/")
        if inside and (each.active or switched_off) and all(word in hay for word in wanted):
            found.append(each)
    return sorted(found, key=lambda a: (fold(a.folder), fold(a.title), a.language or "", a.code))


def folders(session: CrmSession) -> list[str]:
    """Every folder that holds something, and those above it, in order."""
    names: set[str] = set()
    for path in session.scalars(select(Attachment.folder)):
        levels = path.split("/") if path else []
        names |= {"/".join(levels[:depth]) for depth in range(1, len(levels) + 1)}
    return sorted(names, key=fold)


def by_code(session: CrmSession, code: str) -> Attachment:
    """One file of the library. Raises `NotFound`."""
    found = session.scalar(select(Attachment).where(Attachment.code == code.strip().upper()))
    if found is None:
        raise NotFound(RESOURCE, code)
    return found


def add(session: CrmSession, file: AttachmentFile, fields: AttachmentFields) -> Attachment:
    """Keep a new file. Raises `FieldsRefused`, `Forbidden`, `AppError("attachment_twice")` (409)."""
    may(session.actor, RESOURCE, "create")
    kept = checked(session, fields)
    _refuse_double(session, file)
    attachment = Attachment(code=f"L{draw(session, 'attachment'):04d}")
    _put_file(attachment, file)
    _put_fields(attachment, kept)
    session.add(attachment)
    session.flush()
    return attachment


def change(session: CrmSession, code: str, version: int, fields: AttachmentFields) -> Attachment:
    """Change what a person decides about a file, as it was at `version`; offers that have it keep what they have.

    Raises `FieldsRefused`, `Forbidden`, `NotFound`, `AppError("conflict")`.
    """
    attachment = _changing(session, code, version, "update")
    _put_fields(attachment, checked(session, fields))
    session.flush()
    return attachment


def replace(session: CrmSession, code: str, version: int, file: AttachmentFile) -> Attachment:
    """Give a record a new file: for offers from now on, since those before keep the file they went with.

    Raises as `change`, and `AppError("attachment_twice")`.
    """
    attachment = _changing(session, code, version, "update")
    _refuse_double(session, file, attachment)
    _put_file(attachment, file)
    session.flush()
    return attachment


def switch(session: CrmSession, code: str, version: int, *, active: bool) -> Attachment:
    """Switch a file on or off: one that is off goes with no new offer. Raises as `change`."""
    attachment = _changing(session, code, version, "update")
    attachment.active = active
    session.flush()
    return attachment


def remove(session: CrmSession, code: str, version: int) -> None:
    """Delete a file that never went with an offer. Raises `AppError("attachment_in_use")` (409) for one that did, and
    as `change`."""
    attachment = _changing(session, code, version, "delete")
    uses = table_of(OfferAttachment)
    query = select(uses.c.id).where(uses.c.attachment_id == attachment.id).limit(1)
    if session.connection().execute(query).first() is not None:
        raise AppError("attachment_in_use", 409, title=attachment.title, code=attachment.code)
    session.delete(attachment)
    session.flush()


def known_conditions(session: CrmSession) -> tuple[list[str], list[str]]:
    """The segments of customers and the categories of products there are, for rules to be made of."""
    segments = session.scalars(select(Customer.segment).where(Customer.segment.is_not(None)).distinct())
    categories = session.scalars(select(Product.category).where(Product.category.is_not(None)).distinct())
    return sorted((s for s in segments if s), key=fold), sorted((c for c in categories if c), key=fold)


def fields_of(attachment: Attachment) -> AttachmentFields:
    """What was decided about a file, as a form shows it."""
    return AttachmentFields(
        attachment.title,
        attachment.folder,
        attachment.language,
        attachment.automatic,
        tuple(map(str, attachment.languages)),
        tuple(map(str, attachment.segments)),
        tuple(map(str, attachment.categories)),
        tuple(map(str, attachment.skus)),
    )


def checked(session: CrmSession, fields: AttachmentFields) -> AttachmentFields:
    """`fields` as they are kept. Raises `FieldsRefused`."""
    faults: dict[str, AppError] = {}
    title = folder = ""
    try:
        title = needed_text(fields.title)
        short_text(title, LONGEST_TITLE)
    except AppError as fault:
        faults["title"] = fault
    levels = [tidy(level) for level in fields.folder.split("/") if tidy(level)]
    if len(levels) > DEEPEST or not all(_LEVEL.fullmatch(level) for level in levels):
        faults["folder"] = AppError("attachment_folder_wrong", 422, most=DEEPEST)
    folder = "/".join(levels)
    if fields.language and fields.language not in LANGUAGES:
        faults["language"] = AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))
    known = {"languages": set(LANGUAGES), "skus": set()}
    skus = _conditions(sku.upper() for sku in fields.skus)
    known["skus"] = set(session.scalars(select(Product.sku).where(Product.sku.in_(skus))))
    conditions = {
        "languages": _conditions(fields.languages),
        "segments": _conditions(fields.segments),
        "categories": _conditions(fields.categories),
        "skus": skus,
    }
    for name, values in conditions.items():
        unknown = [value for value in values if name in known and value not in known[name]]
        if unknown or len(values) > _MOST_CONDITIONS:
            faults[name] = AppError("attachment_rule_wrong", 422, value=", ".join(unknown)[:100] or len(values))
    if faults:
        raise FieldsRefused(faults)
    return AttachmentFields(title, folder, fields.language or None, fields.automatic, **conditions)


def _conditions(typed: Iterable[str]) -> tuple[str, ...]:
    values = [tidy(value)[:100] for value in typed]
    return tuple(dict.fromkeys(value for value in values if value))


def _changing(session: CrmSession, code: str, version: int, action: str) -> Attachment:
    may(session.actor, RESOURCE, action)
    attachment = by_code(session, code)
    same_version(attachment.version, version)
    return attachment


def _refuse_double(session: CrmSession, file: AttachmentFile, besides: Attachment | None = None) -> None:
    query = select(Attachment.code, Attachment.title).where(Attachment.sha256 == file.sha256)
    for code, title in session.execute(query):
        if besides is None or code != besides.code:
            raise AppError("attachment_twice", 409, code=code, title=title)


def _put_file(attachment: Attachment, file: AttachmentFile) -> None:
    attachment.filename, attachment.media_type = file.filename, file.media_type
    attachment.size, attachment.pages, attachment.sha256 = file.size, file.pages, file.sha256
    attachment.path = stored_path(attachment.code, file)


def _put_fields(attachment: Attachment, fields: AttachmentFields) -> None:
    attachment.title, attachment.folder, attachment.language = fields.title, fields.folder, fields.language
    attachment.automatic = fields.automatic
    attachment.languages, attachment.segments = list(fields.languages), list(fields.segments)
    attachment.categories, attachment.skus = list(fields.categories), list(fields.skus)
