"""What issuing an offer does besides marking it: the activity, the pipeline's steps, the follow-up task."""

from datetime import timedelta

from sqlalchemy import select

from core.clock import today
from core.errors import say
from crm import activities, decisions, opportunities
from crm import offers as offer_records
from crm.company import company
from crm.session import CrmSession
from crm.tables import Customer, Offer, Opportunity


def write_back(session: CrmSession, offer: Offer) -> None:
    """Mark issued, record the activity that carries the pipeline's move, and set the follow-up task.

    The opportunity's amount becomes the offer's net where both are in one currency, for a level that sees amounts and
    may change opportunities. A new opportunity belongs to the campaign of the customer's newest one, if that has one.
    """
    language = session.actor.language
    offer_records.mark_issued(session, offer)
    version = offer.latest
    deal = decisions.locked_opportunity(session, offer) or _found(session, offer)
    offer.opportunity, offer.opportunity_id = deal, deal.id
    if session.actor.sees("opportunity", "amount") and session.actor.scope("opportunity", "update") is not None:
        decisions.set_amount(deal, offer, None, version.net)
    activities.record(
        session,
        offer.customer,
        "offer_sent",
        say("activity_offer_sent", language, number=offer.number),
        opportunity=deal,
        due=today(),
        done=True,
        assignee_id=session.actor.user_id,
    )
    activities.record(
        session,
        offer.customer,
        "task",
        say("task_follow_up", language, number=offer.number),
        opportunity=deal,
        due=today() + timedelta(days=company(session).follow_up_days),
        assignee_id=session.actor.user_id,
    )


def _found(session: CrmSession, offer: Offer) -> Opportunity:
    """The customer's newest open opportunity, or a new one. Of two offers issued at once the second finds the first's:
    the customer is locked meanwhile, though not against records that only refer to them."""
    customer = offer.customer
    session.execute(select(Customer.id).where(Customer.id == customer.id).with_for_update(key_share=True))
    newest = opportunities.newest_open(session, customer)
    if newest is not None:
        offer.opportunity_id = newest.id
        return decisions.locked_opportunity(session, offer) or newest
    # Those who never see amounts set none either.
    amount = offer.latest.net if session.actor.sees("opportunity", "amount") else None
    title = say("offer_title", session.actor.language, number=offer.number)
    campaign = session.scalar(
        select(Opportunity.campaign)
        .where(Opportunity.customer_id == customer.id)
        .order_by(Opportunity.opened_on.desc(), Opportunity.id.desc())
        .limit(1)
    )
    return opportunities.open_new(
        session, customer, title, "direct", amount=amount, currency=offer.latest.currency, campaign=campaign
    )
