"""Doing each kind of change through the services that screens use, as the session's actor."""

from dataclasses import replace

from sqlalchemy import select

from core.errors import AppError, NotFound
from crm import activity_changes, contacts, customer_changes, customers, hidden, opportunities, opportunity_changes
from crm.activity_changes import ActivityFields
from crm.contacts import ContactFields
from crm.opportunity_changes import OpportunityFacts
from crm.proposals.fields import decimal_of, user_id_of
from crm.proposals.items import (
    Assign,
    CompleteActivity,
    Convert,
    Item,
    MoveStage,
    NewActivity,
    NewContact,
    NewOpportunity,
    Reschedule,
    SetField,
)
from crm.session import CrmSession
from crm.tables import Activity, Base, Contact, Customer, Opportunity

CUSTOMER_FIELDS = (
    *("name", "tax_number", "country", "city", "address", "industry", "employees", "sites"),
    *("status", "segment", "currency", "language", "payment_days"),
)
CONTACT_FIELDS = ("family_name", "given_name", "position", "email", "phone")
OPPORTUNITY_FIELDS = ("title", "amount", "currency", "source", "campaign")
ACTIVITY_FIELDS = ("subject", "note", "priority", "minutes")
SETTABLE = {
    "customer": CUSTOMER_FIELDS,
    "contact": CONTACT_FIELDS,
    "opportunity": OPPORTUNITY_FIELDS,
    "activity": ACTIVITY_FIELDS,
}


def contact_by_id(session: CrmSession, record: str) -> Contact:
    """The contact with this id. Raises `NotFound`."""
    number = int(record) if record.isascii() and record.isdigit() and len(record) < 10 else 0
    found = session.scalar(select(Contact).where(Contact.id == number))
    if found is None:
        raise NotFound("contact", record)
    return found


def activity_by_id(session: CrmSession, record: str) -> Activity:
    """The activity with this id. Raises `NotFound`."""
    if not (record.isascii() and record.isdigit() and len(record) < 10):
        raise NotFound("activity", record)
    return activity_changes.by_id(session, int(record))


def subject(session: CrmSession, item: Item) -> Base:
    """The record `item` changes or, for a new one, the customer it will belong to. Raises `NotFound`."""
    match item:
        case NewActivity() | NewContact() | Convert() | NewOpportunity():
            return customers.by_code(session, item.customer)
        case CompleteActivity() | Reschedule():
            return activity_changes.by_id(session, item.activity)
        case MoveStage():
            return opportunities.by_code(session, item.opportunity)
        case SetField() | Assign():
            match item.resource:
                case "customer":
                    return customers.by_code(session, item.record)
                case "opportunity":
                    return opportunities.by_code(session, item.record)
                case "activity":
                    return activity_by_id(session, item.record)
                case "contact":
                    return contact_by_id(session, item.record)


def depends_on(session: CrmSession, item: Item) -> list[Base]:
    """The records that must be as they were shown when `item` is done. A new record depends on none: what its
    customer is called does not matter. Raises `NotFound`."""
    record = subject(session, item)
    if isinstance(item, NewContact | NewOpportunity):
        return []
    if isinstance(item, NewActivity):
        return _carried(session, item.opportunity) if item.done and item.opportunity else []
    if isinstance(item, CompleteActivity) and isinstance(record, Activity) and record.opportunity_id is not None:
        deal = session.get(Opportunity, record.opportunity_id)
        return [record, deal] if deal is not None else [record]
    return [record]


def _carried(session: CrmSession, code: str) -> list[Base]:
    return [opportunities.by_code(session, code)]


def activity_fields(activity: Activity) -> ActivityFields:
    """An activity as its form holds it."""
    return ActivityFields(
        activity.type_code,
        activity.subject,
        activity.opportunity.code if activity.opportunity else None,
        activity.assignee.login if activity.assignee else None,
        activity.due,
        activity.starts_at,
        activity.minutes,
        activity.priority,
        activity.note,
    )


def opportunity_facts(deal: Opportunity) -> OpportunityFacts:
    """An opportunity as its form holds it."""
    return OpportunityFacts(deal.title, deal.amount, deal.currency, deal.source, deal.campaign, deal.owner_id)


def perform(session: CrmSession, item: Item) -> None:
    """Do `item`. Raises whatever the service raises: a right that lacks, a rule of the pipeline, a faulty value."""
    match item:
        case NewActivity():
            fields = ActivityFields(
                item.type_code,
                item.subject,
                item.opportunity,
                item.assignee,
                item.due,
                item.starts_at,
                item.minutes,
                note=item.note,
            )
            activity_changes.create(session, item.customer, fields, done=item.done)
        case CompleteActivity():
            activity = activity_changes.by_id(session, item.activity)
            if activity.state == "done":
                raise AppError("proposal_already_so", 409)
            activity_changes.complete(session, activity, activity.version)
        case Reschedule():
            _reschedule(session, item)
        case MoveStage():
            deal = opportunities.by_code(session, item.opportunity)
            opportunity_changes.move(session, deal, item.stage, deal.version)
        case SetField():
            set_field(session, subject(session, item), item.field, item.value)
        case Assign():
            assign(session, subject(session, item), item.login)
        case NewContact():
            typed = ContactFields(item.family_name, item.given_name, item.position, item.email, item.phone)
            contacts.add(session, customers.by_code(session, item.customer), typed)
        case Convert():
            firm = customers.by_code(session, item.customer)
            customer_changes.update(session, firm.code, firm.version, {"status": "active"})
        case NewOpportunity():
            firm = customers.by_code(session, item.customer)
            owner = user_id_of(session, item.owner)
            facts = OpportunityFacts(item.title, item.amount, item.currency or firm.currency, owner_id=owner)
            opportunity_changes.create(session, firm, facts)


def _reschedule(session: CrmSession, item: Reschedule) -> None:
    activity = activity_changes.by_id(session, item.activity)
    if item.starts_at is None:
        if item.due is None:
            raise AppError("proposal_input", 422, input="due")
        activity_changes.postpone(session, activity, activity.version, item.due)
        return
    if activity.state != "open":
        raise AppError("activity_already_done", 409)
    fields = replace(activity_fields(activity), starts_at=item.starts_at)
    activity_changes.update(session, activity, activity.version, fields)


def set_field(session: CrmSession, record: Base, field: str, value: str) -> None:
    """Give `field` of `record` the typed `value`. Raises `AppError("field_not_settable")` for any other field."""
    if field not in SETTABLE.get(record.resource, ()):
        raise AppError("field_not_settable", 422, field=field)
    hidden.check_field(session.actor, record.resource, field)
    match record:
        case Customer():
            customer_changes.update(session, record.code, record.version, {field: value})
        case Contact():
            typed = ContactFields(
                record.family_name,
                record.given_name,
                record.position or "",
                record.email or "",
                record.phone or "",
                record.marketing_consent,
            )
            changed = replace(typed, **{field: value})  # type: ignore[arg-type]
            contacts.change(session, record.customer, record.id, record.version, changed)
        case Opportunity():
            facts = opportunity_facts(record)
            read = decimal_of(value) if field == "amount" else value
            opportunity_changes.update(session, record, replace(facts, **{field: read}), record.version)  # type: ignore[arg-type]
        case Activity():
            told = int(value) if field == "minutes" and value.isdigit() else value
            fields = replace(activity_fields(record), **{field: told})  # type: ignore[arg-type]
            activity_changes.update(session, record, record.version, fields)


def assign(session: CrmSession, record: Base, login: str | None) -> None:
    """Make `login` the owner of a customer or opportunity, or the one who does an activity."""
    match record:
        case Customer():
            customer_changes.hand_over(session, record.code, record.version, login or "")
        case Opportunity():
            facts = replace(opportunity_facts(record), owner_id=user_id_of(session, login))
            opportunity_changes.update(session, record, facts, record.version)
        case Activity():
            fields = replace(activity_fields(record), assignee=login)
            activity_changes.update(session, record, record.version, fields)
