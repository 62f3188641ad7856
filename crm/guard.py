"""The check every ORM write passes: the actor's grant, on the record as it was and as it will be."""

from collections.abc import Iterator

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.errors import Forbidden, NotFound
from crm import hidden, kept
from crm.actor import Actor, Scope
from crm.tables import (
    AcceptanceLink,
    Activity,
    ApprovalRequest,
    Base,
    Contact,
    Conversation,
    Customer,
    CustomerWord,
    Handover,
    Message,
    ModelUsage,
    Offer,
    OfferAttachment,
    OfferDecision,
    OfferDocument,
    OfferLine,
    OfferMail,
    OfferRequestFile,
    OfferVersion,
    OpenQuestion,
    Opportunity,
    Prompt,
    Proposal,
    SavedView,
    User,
    table_of,
)

_USERS_OWN = Conversation | OfferRequestFile | Prompt | Proposal | SavedView
_OWNED_BY_CUSTOMER = (Contact, Activity, Opportunity, Offer)


def _values(record: Base, name: str) -> set[object]:
    """The value of `name` now and, where it changed, before; read from the database where it was not loaded."""
    history = inspect(record).attrs[name].load_history()
    return {*history.added, *history.unchanged, *history.deleted} or {None}


def _customer_of(session: Session, record: Base) -> Iterator[object]:
    """Ids of the customers `record` belongs or belonged to; a pending customer is yielded itself."""
    if isinstance(record, _OWNED_BY_CUSTOMER):
        pending = record.__dict__.get("customer")
        if record.customer_id is None and pending is not None:
            yield pending
        else:
            yield from _values(record, "customer_id")
    elif isinstance(record, OfferVersion | ApprovalRequest | OfferMail | AcceptanceLink | OfferDecision):
        yield from _customer_of(session, record.offer or session.get_one(Offer, record.offer_id))
    elif isinstance(record, OfferLine | OfferDocument | OfferAttachment):
        yield from _customer_of(session, record.offer_version)


def _owners(session: Session, record: Base) -> Iterator[object]:
    """User ids that own or owned `record`, None for nobody; nothing for records without an owner."""
    if isinstance(record, Customer):
        yield from _values(record, "owner_id")
    elif isinstance(
        record, Conversation | ModelUsage | OfferRequestFile | OpenQuestion | Prompt | Proposal | SavedView
    ):
        yield record.user_id
    elif isinstance(record, Handover):
        # Begun by who hands over; answered by either side.
        mine = record.to_user_id if inspect(record).persistent else None
        yield mine if mine == session.info["actor"].user_id else record.from_user_id
    elif isinstance(record, Message):
        threads = table_of(Conversation)
        for thread in _values(record, "conversation_id"):
            owner = session.connection().execute(select(threads.c.user_id).where(threads.c.id == thread)).scalar()
            yield record.conversation.user_id if thread is None else owner
    else:
        table = table_of(Customer)
        for customer in _customer_of(session, record):
            if isinstance(customer, Customer):
                yield customer.owner_id
                continue
            row = session.connection().execute(select(table.c.owner_id).where(table.c.id == customer)).first()
            if row is None:
                raise NotFound("customer", customer)
            yield row[0]


def _covers(session: Session, actor: Actor, scope: Scope, owner: object) -> bool:
    if owner is None or owner == actor.user_id:
        return True
    if scope == "own":
        return False
    table = table_of(User)
    team = session.connection().execute(select(table.c.team_id).where(table.c.id == owner)).scalar()
    return team is not None and team == actor.team_id


# What only a service of its own may change, and the actions it does so under.
_GUARDED: dict[type[Base], tuple[str, frozenset[str]]] = {
    Opportunity: ("stage_code", frozenset({"transition", "undo"})),
    Offer: ("state", frozenset({"issue", "approve", "reject", "accept", "undo"})),
}


def _check_guarded(session: Session, actor: Actor, record: Base, action: str) -> None:
    """Refuse a stage or state that is set as if it were any field, and a link to another customer's opportunity."""
    for kind, (field, actions) in _GUARDED.items():
        changed = isinstance(record, kind) and action != "create" and inspect(record).attrs[field].history.has_changes()
        revised = changed and isinstance(record, Offer) and kept.makes_new_version(session, record)
        if changed and action not in actions and not revised:
            raise Forbidden(action, record.resource)
    if isinstance(record, Offer) and action == "approve" and record.owner_id == actor.user_id:
        raise Forbidden(action, record.resource)
    if isinstance(record, Activity | Offer) and record.opportunity_id is not None:
        deals = table_of(Opportunity)
        query = select(deals.c.customer_id).where(deals.c.id == record.opportunity_id)
        if session.connection().execute(query).scalar() != record.customer_id:
            raise NotFound("opportunity", record.opportunity_id)


def check(session: Session, actor: Actor, record: Base, action: str) -> None:
    """Raise `Forbidden` if `actor` has no grant for `action`, `NotFound` if `record` is outside its scope."""
    if actor.is_system or isinstance(record, CustomerWord):
        return
    scope = actor.scope(record.resource, action)
    if scope is None:
        raise Forbidden(action, record.resource)
    with session.no_autoflush:
        _check_guarded(session, actor, record, action)
        hidden.check_write(actor, record, action)
        kept.check(session, record, action)
    if isinstance(record, _USERS_OWN | Message | Handover):
        if any(owner != actor.user_id for owner in _owners(session, record)):
            raise NotFound(record.resource, record.record)
        return
    if scope == "all":
        return
    with session.no_autoflush:
        owners = list(_owners(session, record))
        if not owners or not all(_covers(session, actor, scope, owner) for owner in owners):
            raise NotFound(record.resource, record.record)
