"""Help pages the company writes itself, or writes over those that are shipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.clock import today
from core.errors import AppError, NotFound
from core.language import LANGUAGES
from core.text import storable
from crm.customer_fields import FieldsRefused, needed_text
from crm.session import CrmSession
from crm.settings_rules import may, same_version
from crm.tables import HelpPage, Role

EVERYONE = "everyone"
LONGEST_TITLE = 150
LONGEST_BODY = 60_000
MOST_SCREENS = 20
# One part of an address; pages indexed from a folder may have longer ids.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_SCREEN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")


@dataclass(frozen=True)
class PageFields:
    """What a person types about a page. `body` is Markdown; `audience` are codes of levels, or `everyone`;
    `screens` the ids of the screens it explains."""

    title: str = ""
    body: str = ""
    audience: Sequence[str] = (EVERYONE,)
    screens: Sequence[str] = ()


def of(session: CrmSession, page_id: str, language: str) -> HelpPage | None:
    """The company's page, if there is one the actor may read: hidden ones are for those who may change pages."""
    return session.scalar(select(HelpPage).where(HelpPage.page_id == page_id, HelpPage.language == language))


def listed(session: CrmSession) -> list[HelpPage]:
    """The company's pages that the actor may read, by language and id."""
    return list(session.scalars(select(HelpPage).order_by(HelpPage.language, HelpPage.page_id)))


def check_address(page_id: str, language: str) -> None:
    """Raise `FieldsRefused` for an id or language that a page of the company cannot have."""
    faults: dict[str, AppError] = {}
    if not _ID.fullmatch(page_id) or page_id == "new":
        faults["page_id"] = AppError("page_id_wrong", 422)
    if language not in LANGUAGES:
        faults["language"] = AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))
    if faults:
        raise FieldsRefused(faults)


@dataclass(frozen=True)
class Reach:
    """Whom a page or document is for and where it is preferred, as they are kept."""

    title: str
    audience: tuple[str, ...]
    screens: tuple[str, ...]


def checked_reach(session: CrmSession, typed: PageFields) -> tuple[Reach, dict[str, AppError]]:
    """Title, audience and screens of `typed` as they are kept, and what is wrong with them by field."""
    faults: dict[str, AppError] = {}
    title = ""
    try:
        title = needed_text(typed.title)
        if len(title) > LONGEST_TITLE:
            raise AppError("field_too_long", 422, longest=LONGEST_TITLE)
    except AppError as fault:
        faults["title"] = fault
    known = {EVERYONE, *session.scalars(select(Role.code))}
    audience = tuple(dict.fromkeys(typed.audience))
    if not audience or not known.issuperset(audience):
        faults["audience"] = AppError("page_audience", 422)
    screens = tuple(dict.fromkeys(name.strip() for name in typed.screens if name.strip()))
    if len(screens) > MOST_SCREENS or not all(_SCREEN.fullmatch(name) for name in screens):
        faults["screens"] = AppError("page_screens", 422)
    # Everyone includes every level.
    return Reach(title, (EVERYONE,) if EVERYONE in audience else audience, screens), faults


def checked(session: CrmSession, typed: PageFields) -> PageFields:
    """`typed` as it is kept. Raises `FieldsRefused`."""
    reach, faults = checked_reach(session, typed)
    body = storable(typed.body).replace("\r\n", "\n").strip()
    if not body:
        faults["body"] = AppError("field_missing", 422)
    elif len(body) > LONGEST_BODY:
        faults["body"] = AppError("field_too_long", 422, longest=LONGEST_BODY)
    if faults:
        raise FieldsRefused(faults)
    return PageFields(reach.title, body, reach.audience, reach.screens)


def _all_checked(session: CrmSession, page_id: str, language: str, typed: PageFields) -> PageFields:
    """Address and fields together, so that a form tells all its faults at once."""
    faults: dict[str, AppError] = {}
    kept = typed
    try:
        check_address(page_id, language)
    except FieldsRefused as refused:
        faults |= refused.faults
    try:
        kept = checked(session, typed)
    except FieldsRefused as refused:
        faults |= refused.faults
    if faults:
        raise FieldsRefused(faults)
    return kept


def save(session: CrmSession, page_id: str, language: str, version: int, typed: PageFields) -> HelpPage:
    """Write a page: a new one, or over a shipped one of the same id, where `version` is 0; else over the company's
    own as it was at `version`. A hidden one comes back into force.

    Raises `FieldsRefused`, `Forbidden`, `AppError("conflict")`.
    """
    return _put(session, page_id, language, version, typed, hidden=False)


def hide(session: CrmSession, page_id: str, language: str, version: int, present: PageFields) -> HelpPage:
    """Take a page away from readers, its text `present` kept; `save` brings it back. Raises as `save` does."""
    return _put(session, page_id, language, version, present, hidden=True)


def _put(
    session: CrmSession, page_id: str, language: str, version: int, typed: PageFields, *, hidden: bool
) -> HelpPage:
    may(session.actor, "page", "update" if version else "create")
    kept = _all_checked(session, page_id, language, typed)
    page = of(session, page_id, language)
    same_version(page.version if page is not None else 0, version)
    if page is None:
        page = HelpPage(page_id=page_id, language=language)
        session.add(page)
    page.title, page.body, page.hidden, page.updated_on = kept.title, kept.body, hidden, today()
    page.audience, page.screens = list(kept.audience), list(kept.screens)
    session.flush()
    return page


def remove(session: CrmSession, page_id: str, language: str, version: int) -> None:
    """Delete the company's page; a shipped one of the same id is in force again.

    Raises `NotFound`, `Forbidden`, `AppError("conflict")`.
    """
    may(session.actor, "page", "delete")
    page = of(session, page_id, language)
    if page is None:
        raise NotFound("page", page_id)
    same_version(page.version, version)
    session.delete(page)
    session.flush()
