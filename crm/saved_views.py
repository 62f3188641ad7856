"""A user's saved views: lists as they like them, each a name for the query part of a list's address."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, select

from core.errors import AppError, NotFound
from crm.customer_fields import tidy
from crm.session import CrmSession
from crm.tables import SavedView

SCREENS = frozenset({"customers", "opportunities", "activities", "calendar", "offers", "products", "dashboard"})
LONGEST_NAME = 60
LONGEST_QUERY = 2_000
MOST_VIEWS = 50
_MOST_CONDITIONS = 100
# Where one is in the list is no part of how one likes it.
_PASSING = frozenset({"offset", "page"})


def of(session: CrmSession, screen: str) -> list[SavedView]:
    """The actor's own views of `screen`, by name."""
    rows = session.scalars(
        select(SavedView).where(SavedView.screen == screen, SavedView.user_id == session.actor.user_id)
    )
    return sorted(rows, key=lambda view: (view.name.casefold(), view.id))


def by_id(session: CrmSession, view_id: int) -> SavedView:
    """The actor's view with this id. Raises `NotFound`, also for somebody else's."""
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.user_id == session.actor.user_id))
    if found is None:
        raise NotFound("view", view_id)
    return found


def _name(text: str) -> str:
    name = tidy(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise AppError("view_name", 422, longest=LONGEST_NAME)
    return name


def _query(text: str) -> str:
    if len(text) > LONGEST_QUERY:
        raise AppError("view_too_long", 422, longest=LONGEST_QUERY)
    try:
        typed = parse_qsl(text.removeprefix("?"), max_num_fields=_MOST_CONDITIONS)
    except ValueError as many:
        raise AppError("view_too_long", 422, longest=LONGEST_QUERY) from many
    pairs = [(tidy(name), tidy(value)) for name, value in typed]
    return urlencode([(name, value) for name, value in pairs if name not in _PASSING and value])


def save(session: CrmSession, screen: str, name: str, query: str) -> SavedView:
    """Keep `query` (the part of the address after the question mark) under `name`; one of that name is replaced.

    Raises `AppError` for a screen that has no list, a name or an address that does not do, and too many views.
    """
    if screen not in SCREENS:
        raise AppError("view_unknown_screen", 422, screen=screen[:40])
    name, query = _name(name), _query(query)
    mine = of(session, screen)
    known = next((view for view in mine if view.name == name), None)
    if known is not None:
        known.query = query
        session.flush()
        return known
    if len(mine) >= MOST_VIEWS:
        raise AppError("view_too_many", 409, most=MOST_VIEWS)
    view = SavedView(user_id=session.actor.user_id, screen=screen, name=name, query=query)
    session.add(view)
    session.flush()
    return view


def rename(session: CrmSession, view_id: int, name: str) -> SavedView:
    """Give a view another name. Raises `NotFound`, or `AppError` for a name that does not do or is taken."""
    view, name = by_id(session, view_id), _name(name)
    taken = session.scalar(
        select(func.count(SavedView.id)).where(
            SavedView.screen == view.screen,
            SavedView.name == name,
            SavedView.id != view.id,
            SavedView.user_id == session.actor.user_id,
        )
    )
    if taken:
        raise AppError("view_name_taken", 409, name=name)
    view.name = name
    session.flush()
    return view


def delete(session: CrmSession, view_id: int) -> None:
    """Forget a view. Raises `NotFound`."""
    session.delete(by_id(session, view_id))
    session.flush()
