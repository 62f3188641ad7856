"""A live question answered: its kind's function, after the record it is about was found for the asker."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from assistant.live import of_activities, of_catalogue, of_customers, of_history, of_offers, of_opportunities
from assistant.live.found import Found, Row
from assistant.live.kinds import kinds
from assistant.live.question import LiveQuestion
from assistant.live.wording import offer_row
from core.errors import NotFound, say
from core.language import Language
from crm import customers, opportunities
from crm import offers as offer_records
from crm.session import CrmSession
from crm.tables import Customer, Opportunity, User

Answerer = Callable[[CrmSession, LiveQuestion, Language], Found]
_OneCustomer = Callable[[CrmSession, Customer, LiveQuestion, Language], Found]

_COUNTED: dict[str, Answerer] = {
    "offers_awaiting": of_offers.offers_awaiting,
    "offers_draft": of_offers.offers_draft,
    "offers_expired": of_offers.offers_expired,
    "offers_expiring": of_offers.offers_expiring,
    "offers_issued": of_offers.offers_issued,
    "offer_last": of_offers.offer_last,
    "offers_open": of_offers.offers_open,
    "offers": of_offers.offers,
    "tasks_overdue": of_activities.tasks_overdue,
    "customer_tasks": of_activities.tasks_due,
    "tasks_due": of_activities.tasks_due,
    "calendar": of_activities.calendar,
    "activities_done": of_activities.activities_done,
    "customer_last_activity": of_activities.last_activity,
    "customer_next_activity": of_activities.next_activity,
    "opportunities_won": of_opportunities.opportunities_won,
    "opportunities_lost": of_opportunities.opportunities_lost,
    "opportunities_stuck": of_opportunities.opportunities_stuck,
    "opportunities_by_stage": of_opportunities.opportunities_by_stage,
    "opportunities_biggest": of_opportunities.opportunities_biggest,
    "enquiries_new": of_opportunities.enquiries_new,
    "opportunities_new": of_opportunities.opportunities_new,
    "campaign_opportunities": of_opportunities.campaign_opportunities,
    "customer_opportunities": of_opportunities.customer_opportunities,
    "opportunities_open": of_opportunities.opportunities_open,
    "customers_quiet": of_customers.customers_quiet,
    "customers_unassigned": of_customers.customers_unassigned,
    "customers": of_customers.customers,
    "product_price": of_catalogue.product_price,
    "products_in_category": of_catalogue.products_in_category,
    "team_members": of_catalogue.team_members,
    "my_level": of_catalogue.my_level,
}
_OF_ONE: dict[str, _OneCustomer] = {
    "customer_owner": lambda session, customer, _, language: of_customers.owner(session, customer, language),
    "customer_contacts": of_customers.contact_people,
    "customer_details": of_customers.details,
    "customer_bought": lambda session, customer, _, language: of_history.bought(session, customer, language),
    "record_changes": of_history.customer_changes,
}


@dataclass(frozen=True)
class Choice:
    """Several records fit a name: what to ask, and each with the value that names it alone."""

    field: str
    question: str
    choices: tuple[tuple[str, str], ...]


_MOST_CHOICES = 8


def answer(session: CrmSession, question: LiveQuestion, language: Language) -> Found | Choice:
    """The answer to `question` under the rights of the session's actor.

    A name that several customers or colleagues fit gives a `Choice`. A record that does not exist, one outside the
    actor's rights and a whole kind of record their level does not read are told in the same words.
    """
    if len(question.customers) > 1:
        return _which_customer(session, question, language)
    if question.people:
        return _which_person(session, question, language)
    if question.unknown and not question.customers:
        return Found(say("no_such_customer", language, written=question.unknown), known=False)
    if question.customer and customers.find_by_code(session, question.customer) is None:
        return Found(say("no_such_customer", language, written=question.customer), known=False)
    if session.actor.scope(kinds()[question.kind].about, "read") is None:
        return Found(say("live_nothing_readable", language), known=False)
    try:
        return _of_record(session, question, language)
    except NotFound:
        written = question.record[1] if question.record else question.customer
        return Found(say("live_no_such_record", language, written=written), known=False)


def _of_record(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    if question.record is not None and question.kind in ("opportunity_facts", "record_changes"):
        return _by_code(session, question, question.record, language)
    if question.kind in _OF_ONE:
        customer = customers.by_code(session, question.customer)
        return _OF_ONE[question.kind](session, customer, question, language)
    return _COUNTED[question.kind](session, question, language)


def _by_code(session: CrmSession, question: LiveQuestion, record: tuple[str, str], language: Language) -> Found:
    kind, code = record
    if kind == "offer":
        offer = offer_records.by_number(session, code)
        row: Row = offer_row(offer, language)
        sentence = say("live_offer_facts", language, number=offer.number, facts=row.text)
        return Found(sentence, (row,), 1)
    deal: Opportunity = opportunities.by_code(session, code)
    if question.kind == "record_changes":
        return of_history.opportunity_changes(session, deal, question, language)
    return of_opportunities.opportunity_facts(session, deal, language)


def _which_customer(session: CrmSession, question: LiveQuestion, language: Language) -> Choice:
    found = [customers.find_by_code(session, code) for code in question.customers[:_MOST_CHOICES]]
    choices = tuple((f"{c.name} ({c.code})", c.code) for c in found if c is not None)
    return Choice("customer", say("which_record", language), choices)


def _which_person(session: CrmSession, question: LiveQuestion, language: Language) -> Choice:
    users = session.scalars(select(User).where(User.login.in_(question.people)).order_by(User.login))
    choices = tuple((f"{user.display_name(language)} ({user.login})", user.login) for user in users)
    return Choice("person", say("live_which_person", language), choices[:_MOST_CHOICES])
