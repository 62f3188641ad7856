"""Activity types: what people record, and which of them move an opportunity when they are done."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.errors import AppError, NotFound
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.settings_rules import code_from, names_from, same_version
from crm.tables import Activity, ActivityType, Stage, Transition, table_of

# The program records these by itself: an enquiry's text, the follow-up of an offer, the offer that was sent.
BUILT_IN = frozenset({"note", "task", "offer_sent", "offer_accepted", "offer_declined"})


@dataclass(frozen=True)
class TypeRow:
    """An activity type, how many activities are of it, and the stages its move is possible from."""

    type: ActivityType
    activities: int
    moves_from: tuple[str, ...]

    @property
    def removable(self) -> bool:
        """Whether nothing needs it."""
        return not self.activities and self.type.code not in BUILT_IN


def listed(session: CrmSession) -> list[TypeRow]:
    """Every activity type, those of a new database in their order, later ones behind them."""
    done = table_of(Activity)
    counted = select(done.c.type_code, func.count()).group_by(done.c.type_code)
    used: dict[str, int] = {row[0]: row[1] for row in session.connection().execute(counted)}
    first = ("call", "email", "meeting", "note", "task", "offer_sent", "offer_accepted", "offer_declined")
    types = sorted(
        session.scalars(select(ActivityType)),
        key=lambda t: (first.index(t.code) if t.code in first else len(first), t.code),
    )
    steps = session.scalars(select(Transition).where(Transition.trigger == "activity")).all()
    return [
        TypeRow(t, used.get(t.code, 0), tuple(s.from_stage for s in steps if s.to_stage == t.moves_to)) for t in types
    ]


def _at(session: CrmSession, code: str, version: int) -> ActivityType:
    found = session.get(ActivityType, code)
    if found is None:
        raise NotFound("settings", code)
    same_version(found.version, version)
    return found


def _read(
    session: CrmSession, typed: Mapping[str, str], moves_to: str, known: ActivityType | None
) -> tuple[dict[str, object], str | None]:
    faults: dict[str, AppError] = {}
    names: dict[str, object] = {}
    try:
        names = names_from(typed, (t.names for t in session.scalars(select(ActivityType)) if t is not known))
    except FieldsRefused as refused:
        faults |= refused.faults
    if moves_to and session.get(Stage, moves_to) is None:
        faults["moves_to"] = AppError("field_missing", 422)
    if faults:
        raise FieldsRefused(faults)
    return names, moves_to or None


def add(session: CrmSession, typed: Mapping[str, str], moves_to: str) -> ActivityType:
    """A new type; one with `moves_to`, the code of a stage, moves the opportunity there when it is done.

    Raises `FieldsRefused`, `Forbidden`.
    """
    names, target = _read(session, typed, moves_to, None)
    codes = session.scalars(select(ActivityType.code)).all()
    made = ActivityType(code=code_from(str(names["en"]), codes), names=names, moves_to=target)
    session.add(made)
    session.flush()
    return made


def change(session: CrmSession, code: str, version: int, typed: Mapping[str, str], moves_to: str) -> ActivityType:
    """Rename a type, or have it move opportunities elsewhere. Raises as `add`, `NotFound`, `AppError("conflict")`."""
    found = _at(session, code, version)
    names, target = _read(session, typed, moves_to, found)
    if found.names != names:
        found.names = names
    found.moves_to = target
    session.flush()
    return found


def remove(session: CrmSession, code: str, version: int) -> None:
    """Remove a type. Raises `AppError("type_in_use")` for one with activities, `AppError("type_built_in")` for one
    the program itself records (409), and as `change`."""
    found = _at(session, code, version)
    if code in BUILT_IN:
        raise AppError("type_built_in", 409)
    row = next(each for each in listed(session) if each.type is found)
    if row.activities:
        raise AppError("type_in_use", 409, count=row.activities)
    session.delete(found)
    session.flush()
