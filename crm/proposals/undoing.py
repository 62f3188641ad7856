"""Taking back what a proposal did, while nothing was built on it."""

from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Engine, func, select

from core import clock
from core.errors import AppError, NotFound
from crm import activity_changes, contacts, opportunity_changes
from crm.actor import Actor
from crm.proposals.doing import activity_fields, assign, set_field, subject
from crm.proposals.evidence import bound, record_of
from crm.proposals.fields import login_of
from crm.proposals.items import (
    Assign,
    CompleteActivity,
    Convert,
    Effect,
    Item,
    MoveStage,
    NewActivity,
    NewContact,
    NewOpportunity,
    Reschedule,
    SetField,
    loaded,
    stored,
)
from crm.proposals.reading import because, by_code
from crm.session import CrmSession, unit
from crm.tables import Activity, Base, Contact, Customer, Offer, Opportunity, Proposal

_R = TypeVar("_R", bound=Base)


def undo(engine: Engine, actor: Actor, code: str) -> None:
    """Take back every item that was done, last first, in one transaction: all of it or nothing.

    A record must be as the proposal left it; a stage goes back by a step the pipeline has and the actor may take; what
    was made is removed only if nothing belongs to it. Raises `NotFound`, `AppError` `proposal_not_done` or
    `proposal_built_on` (409), or what refuses the way back.
    """
    with unit(engine, actor) as session:
        _undo(session, by_code(session, code))


def undoable(engine: Engine, actor: Actor, code: str) -> bool:
    """Whether `undo` would succeed now; tried out and taken back. Raises `NotFound`."""
    with unit(engine, actor, writes=False) as session:
        proposal = by_code(session, code)
        if proposal.state == "undone" or not _as_left(session, loaded(proposal.items)):
            return False
    try:
        with unit(engine, actor) as session:
            _undo(session, by_code(session, code))
            raise _TakenBack
    except _TakenBack:
        return True
    except AppError:
        return False


class _TakenBack(Exception):
    """The end of a trial."""


def _undo(session: CrmSession, proposal: Proposal) -> None:
    items = list(loaded(proposal.items))
    if proposal.state == "undone" or not any(item.state == "done" for item in items):
        raise AppError("proposal_not_done", 409, proposal=proposal.code)
    if not _as_left(session, tuple(items)):
        raise AppError("proposal_built_on", 409, proposal=proposal.code)
    because(session, proposal)
    for place in reversed(range(len(items))):
        item = items[place]
        if item.state == "done":
            _take_back(session, item)
            session.flush()
            items[place] = item.model_copy(update={"state": "undone"})
    # What had not been decided is not left waiting behind what was taken back.
    items = [i.model_copy(update={"state": "rejected"}) if i.state == "open" else i for i in items]
    proposal.items, proposal.state, proposal.undone_at = stored(tuple(items)), "undone", clock.now()
    session.flush()


def _as_left(session: CrmSession, items: tuple[Item, ...]) -> bool:
    """Whether every record the proposal changed is in the version it left it in last."""
    last = {(b.table, b.id): b for item in items if item.state == "done" for b in item.made}
    if not last:
        return False
    present = [(record_of(session, b), b.version) for b in last.values()]
    return all(record is not None and bound(record).version == version for record, version in present)


def _made(session: CrmSession, item: Item, kind: type[_R]) -> _R:
    for each in item.made:
        record = record_of(session, each)
        if isinstance(record, kind):
            return record
    raise NotFound(kind.resource, "")


def _before(item: Item, table: str) -> dict[str, object]:
    return next((e.before for e in item.effects if e.table == table and e.before is not None), {})


def _take_back(session: CrmSession, item: Item) -> None:
    match item:
        case NewActivity():
            _stages_back(session, item)
            activity = _made(session, item, Activity)
            activity_changes.delete(session, activity, activity.version)
        case CompleteActivity():
            _stages_back(session, item)
            activity = activity_changes.by_id(session, item.activity)
            activity_changes.reopen(session, activity, activity.version)
        case Reschedule():
            _when_back(session, activity_changes.by_id(session, item.activity), _before(item, "activities"))
        case MoveStage():
            _stages_back(session, item)
        case SetField():
            record = subject(session, item)
            value = _before(item, record.__tablename__).get(item.field)
            set_field(session, record, item.field, "" if value is None else str(value))
        case Convert():
            firm = subject(session, item)
            set_field(session, firm, "status", str(_before(item, Customer.__tablename__)["status"]))
        case Assign():
            record = subject(session, item)
            before = _before(item, record.__tablename__)
            assign(session, record, login_of(session, before.get("owner_id", before.get("assignee_id"))))
        case NewContact():
            contact = _made(session, item, Contact)
            contacts.remove(session, contact.customer, contact.id, contact.version)
        case NewOpportunity():
            _close_unused(session, _made(session, item, Opportunity))


def _stages_back(session: CrmSession, item: Item) -> None:
    for effect in item.effects:
        if effect.table == Opportunity.__tablename__ and effect.before is not None:
            _stage_back(session, effect)


def _stage_back(session: CrmSession, effect: Effect) -> None:
    deal = session.scalar(select(Opportunity).where(Opportunity.code == effect.record))
    if deal is None or effect.before is None:
        raise NotFound("opportunity", effect.record)
    opportunity_changes.move(session, deal, str(effect.before["stage_code"]), deal.version)


def _when_back(session: CrmSession, activity: Activity, before: dict[str, object]) -> None:
    present = activity_fields(activity)
    due, starts_at, minutes = (before.get(name, getattr(present, name)) for name in ("due", "starts_at", "minutes"))
    fields = replace(
        present,
        due=date.fromisoformat(due) if isinstance(due, str) else due,  # type: ignore[arg-type]
        starts_at=datetime.fromisoformat(starts_at) if isinstance(starts_at, str) else starts_at,  # type: ignore[arg-type]
        minutes=minutes,  # type: ignore[arg-type]
    )
    activity_changes.update(session, activity, activity.version, fields)


def _close_unused(session: CrmSession, deal: Opportunity) -> None:
    for entity in (Activity, Offer):
        if session.scalar(select(func.count(entity.id)).where(entity.opportunity_id == deal.id)):
            raise AppError("proposal_built_on", 409, proposal=deal.code)
    session.delete(deal)
    session.flush()
