"""What issuing an offer does besides marking it: the activity, the pipeline's steps, the follow-up task."""

from datetime import timedelta

from core.clock import today
from core.errors import say
from crm import activities, opportunities
from crm import offers as offer_records
from crm.company import company
from crm.session import CrmSession
from crm.tables import Offer


def write_back(session: CrmSession, offer: Offer) -> None:
    """Mark issued, record the activity that carries the pipeline's move, and set the follow-up task."""
    language = session.actor.language
    offer_records.mark_issued(session, offer)
    version = offer.latest
    if offer.opportunity is None:
        # Those who never see amounts set none either.
        amount = version.net if session.actor.sees("opportunity", "amount") else None
        found = opportunities.newest_open(session, offer.customer) or opportunities.open_new(
            session, offer.customer, say("offer_title", language, number=offer.number), "direct", amount=amount
        )
        offer.opportunity, offer.opportunity_id = found, found.id
    activities.record(
        session,
        offer.customer,
        "offer_sent",
        say("activity_offer_sent", language, number=offer.number),
        opportunity=offer.opportunity,
        due=today(),
        done=True,
        assignee_id=session.actor.user_id,
    )
    activities.record(
        session,
        offer.customer,
        "task",
        say("task_follow_up", language, number=offer.number),
        opportunity=offer.opportunity,
        due=today() + timedelta(days=company(session).follow_up_days),
        assignee_id=session.actor.user_id,
    )
