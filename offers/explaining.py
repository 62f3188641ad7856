"""Why an offer cannot be issued, changed or approved: what its record, its files and the pipeline say."""

from core.errors import AppError
from crm import offers as offer_records
from crm.actor import Actor
from crm.explain import Explanation, explain, refused
from crm.session import unit
from offers.service import Offers


def explain_offer(offers: Offers, actor: Actor, action: str, number: str) -> Explanation:
    """`crm.explain.explain` for an offer.

    Where its record allows issuing, the steps of issuing are tried and taken back: the files, the activity, the
    opportunity it belongs to and the pipeline may still refuse.
    """
    with unit(offers.engine, actor, writes=False) as session:
        explained = explain(session, action, "offer", number)
    if action != "issue" or not explained.allowed:
        return explained
    try:
        offers.try_issue(actor, number)
    except AppError as error:
        with unit(offers.engine, actor, writes=False) as session:
            return refused(session, action, "offer", number, error, offer_records.by_number(session, number))
    return explained
