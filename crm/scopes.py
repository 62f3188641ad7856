"""What a scope means, as SQL for reading and as a check for writing.

Customers are in scope `own` when the actor owns them or nobody does, in `team` when a member of the
actor's team owns them or nobody does. Contacts, activities, opportunities and offers, with all that belongs to an
offer, inherit the scope of their customer; conversations, uploaded requests, proposals and saved views are always their
owner's alone, a hand-over that of the two people it is between; open questions and what the model used follow their
user. A company's help pages and documents are read by those they are for, and by those who may change them.
"""

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, cast, false, or_, select
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

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
    HelpPage,
    KnowledgeDocument,
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

# Core tables inside the criteria: an ORM entity there would be filtered again, without end.
_CUSTOMERS = table_of(Customer)
_USERS = table_of(User)
_OFFERS = table_of(Offer)
_VERSIONS = table_of(OfferVersion)
_CONVERSATIONS = table_of(Conversation)

# Pipeline, activity types and company settings shape every screen, so reading them needs no grant.
OPEN_FOR_READING = frozenset({"settings"})


def _owned(
    actor: Actor, scope: Scope, owner: SQLColumnExpression[int | None] = _CUSTOMERS.c.owner_id
) -> ColumnElement[bool]:
    if scope == "own" or actor.team_id is None:
        return or_(owner == actor.user_id, owner.is_(None))
    team = select(_USERS.c.id).where(_USERS.c.team_id == actor.team_id)
    return or_(owner.in_(team), owner == actor.user_id, owner.is_(None))


def _criterion(entity: type[Base], actor: Actor, scope: Scope) -> ColumnElement[bool] | None:
    """The rows of `entity` within `scope`; None when every row is."""
    if issubclass(entity, Conversation | OfferRequestFile | Prompt | Proposal | SavedView):
        return entity.user_id == actor.user_id
    if issubclass(entity, Handover):
        return or_(entity.from_user_id == actor.user_id, entity.to_user_id == actor.user_id)
    if issubclass(entity, Message):
        own = select(_CONVERSATIONS.c.id).where(_CONVERSATIONS.c.user_id == actor.user_id)
        return entity.conversation_id.in_(own)
    if issubclass(entity, HelpPage | KnowledgeDocument):
        return None if actor.scope("page", "update") == "all" else _for_audiences(entity, actor)
    if scope == "all":
        return None
    if issubclass(entity, OpenQuestion | ModelUsage):
        return entity.user_id == actor.user_id
    if issubclass(entity, Customer):
        return _owned(actor, scope, entity.owner_id)
    customers = select(_CUSTOMERS.c.id).where(_owned(actor, scope))
    if issubclass(entity, CustomerWord | Contact | Activity | Opportunity | Offer):
        return entity.customer_id.in_(customers)
    offers = select(_OFFERS.c.id).where(_OFFERS.c.customer_id.in_(customers))
    if issubclass(entity, OfferVersion | ApprovalRequest | OfferMail | AcceptanceLink | OfferDecision):
        return entity.offer_id.in_(offers)
    if issubclass(entity, OfferLine | OfferDocument | OfferAttachment):
        return entity.offer_version_id.in_(select(_VERSIONS.c.id).where(_VERSIONS.c.offer_id.in_(offers)))
    # A resource that has no owner has no smaller scope than all.
    return false()


def _for_audiences(entity: type[HelpPage] | type[KnowledgeDocument], actor: Actor) -> ColumnElement[bool]:
    """Pages in force that are for everyone or for the actor's level. The list of names is compared as text: JSON
    puts each between quotation marks, which no code of a level contains."""
    listed = cast(entity.audience, String)
    named = [listed.contains(f'"{name}"', autoescape=True) for name in sorted(actor.audiences)]
    return and_(entity.hidden.is_(False), or_(*named))


def reading_options(actor: Actor) -> list[LoaderCriteriaOption]:
    """The criteria that every ORM select of `actor` gets, one per table that is not wholly open."""
    options = []
    for mapper in Base.registry.mappers:
        entity: type[Base] = mapper.class_
        if entity.resource in OPEN_FOR_READING:
            continue
        scope = actor.scope(entity.resource, "read")
        criterion = false() if scope is None else _criterion(entity, actor, scope)
        if criterion is not None:
            options.append(with_loader_criteria(entity, criterion, include_aliases=True))
    return options
