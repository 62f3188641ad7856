"""What each action asks of its record: the very functions that refuse it when it is done, without doing it."""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from core.errors import AppError, Forbidden, NotFound
from crm import activity_changes, approvals, catalogue, customers, guard, offers, opportunities, pipeline
from crm.pipeline_rules import BY_HAND, rules
from crm.session import CrmSession
from crm.tables import (
    Activity,
    ActivityType,
    Base,
    Contact,
    Customer,
    Offer,
    Opportunity,
    Price,
    Product,
)

# What is made belongs to a record of this kind; a customer and a product stand alone.
MADE_AT: Mapping[str, str] = {
    **dict.fromkeys(("contact", "activity", "opportunity", "offer"), "customer"),
    "price": "product",
}


def _activity(session: CrmSession, code: str) -> Activity:
    if not (code.isascii() and code.isdigit() and len(code) < 10):
        raise NotFound("activity", code)
    return activity_changes.by_id(session, int(code))


def _contact(session: CrmSession, code: str) -> Contact:
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 10 else 0
    found = session.scalar(select(Contact).where(Contact.id == number))
    if found is None:
        raise NotFound("contact", code)
    return found


def _product(session: CrmSession, code: str) -> Product:
    found = catalogue.by_sku(session, code)
    if found is None:
        raise NotFound("product", code)
    return found


_FINDERS: Mapping[str, Callable[[CrmSession, str], Base]] = {
    "customer": customers.by_code,
    "opportunity": opportunities.by_code,
    "offer": offers.by_number,
    "activity": _activity,
    "contact": _contact,
    "product": _product,
}


def find(session: CrmSession, resource: str, code: str) -> Base:
    """The record of `resource` with this code (a number for contacts and activities), as the actor sees it.

    Raises `NotFound`: the same where there is none and where the actor may not see it."""
    finder = _FINDERS.get(resource)
    if finder is None:
        raise NotFound(resource, code)
    return finder(session, code)


def _made(session: CrmSession, resource: str, at: Base | None) -> Base:
    """An empty record of `resource` as it would be made at `at`; the session never gets it."""
    owner = session.actor.user_id
    match resource, at:
        case "contact", Customer():
            return Contact(customer_id=at.id)
        case "activity", Customer():
            return Activity(customer_id=at.id)
        case "opportunity", Customer():
            return Opportunity(customer_id=at.id)
        case "offer", Customer():
            return Offer(customer_id=at.id, owner_id=owner)
        case "price", Product():
            return Price(product_id=at.id)
        case "product", None:
            return Product()
        case "customer", None:
            return Customer(owner_id=owner)
    raise AppError("action_not_offered", 409, action="create", resource=resource)


def _move(session: CrmSession, opportunity: Opportunity, end: str | None, action: str) -> None:
    """Raise what stands in the way of the step to `end` or, without one, of every step by hand that is `action`."""
    if end is not None:
        step = pipeline.step_by_hand(session, opportunity, end)
        guard.check(session, session.actor, opportunity, step.action)
        return
    known = rules(session)
    ends = [
        t.to_stage
        for t in known.transitions
        if t.from_stage == opportunity.stage_code and t.trigger in BY_HAND and t.action == action
    ]
    stage = known.name(opportunity.stage_code, session.actor.language)
    refused = AppError("no_step_from", 409, stage=stage, legal=known.legal_names(opportunity.stage_code, session.actor))
    for each in ends:
        try:
            _move(session, opportunity, each, action)
        except AppError as reason:
            refused = reason
        else:
            return
    raise refused


def _complete(session: CrmSession, activity: Activity) -> None:
    """Raise what `activity_changes.complete` would."""
    if activity.state == "done":
        return
    guard.check(session, session.actor, activity, "update")
    kind = session.get_one(ActivityType, activity.type_code)
    if kind.moves_to is None or activity.opportunity_id is None:
        return
    opportunity = session.get(Opportunity, activity.opportunity_id)
    if opportunity is None:
        raise NotFound("opportunity", activity.opportunity_id)
    for step in pipeline.steps_carried(session, opportunity, kind.moves_to):
        guard.check(session, session.actor, opportunity, step.action)


# What a screen or the API can do to a record that is there; all else is offered to nobody.
_OFFERED = frozenset(
    {
        *((resource, "read") for resource in _FINDERS),
        *((resource, "update") for resource in _FINDERS),
        ("contact", "delete"),
        ("activity", "delete"),
    }
)


def check(session: CrmSession, action: str, resource: str, record: Base | None, end: str | None) -> None:
    """Raise the `AppError` that doing `action` would raise now; nothing is changed.

    `record` is what the action is done to or, for `create`, what the new record belongs to. `end` is the stage an
    opportunity is to be moved to. Beside the actions of grants there is `complete`, of an activity.
    """
    match action, record:
        case _, None if action != "create" or resource not in ("customer", "product"):
            # Which record is not said: only whether the level does such things at all.
            right = "update" if action == "complete" else action
            if session.actor.scope(resource, right) is None:
                raise Forbidden(right, resource)
        case "create", _:
            # The record is made and looked at, never flushed: its half-filled row must not reach the database.
            with session.no_autoflush:
                guard.check(session, session.actor, _made(session, resource, record), "create")
        case "update", Offer():
            offers.revisable(session, record)
        case "issue", Offer():
            offers.issuable(session, record)
        case "approve", Offer():
            approvals.approvable(session, record)
        case (("transition" | "undo"), Opportunity()):
            _move(session, record, end, action)
        case "complete", Activity():
            _complete(session, record)
        case "read", Base():
            return
        case _, Base() if (resource, action) in _OFFERED:
            guard.check(session, session.actor, record, action)
        case _:
            raise AppError("action_not_offered", 409, action=action, resource=resource)
