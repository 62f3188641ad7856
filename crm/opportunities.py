"""Opportunities: finding them, and opening new ones where the pipeline says they begin."""

from decimal import Decimal

from sqlalchemy import or_, select

from core.clock import today
from core.errors import NotFound
from crm import numbers, pipeline
from crm.customers import escape_like
from crm.session import CrmSession
from crm.tables import Customer, Opportunity, Stage


def by_code(session: CrmSession, code: str) -> Opportunity:
    """The opportunity with this code, in any letter case. Raises `NotFound`."""
    found = session.scalar(select(Opportunity).where(Opportunity.code == code.strip().upper()))
    if found is None:
        raise NotFound("opportunity", code)
    return found


def newest_open(session: CrmSession, customer: Customer) -> Opportunity | None:
    """The customer's opportunity opened last among those not yet won or lost."""
    return session.scalars(
        select(Opportunity)
        .join(Stage, Stage.code == Opportunity.stage_code)
        .where(Opportunity.customer_id == customer.id, Stage.closed.is_(False))
        .order_by(Opportunity.opened_on.desc(), Opportunity.id.desc())
        .limit(1)
    ).first()


def open_new(
    session: CrmSession,
    customer: Customer,
    title: str,
    origin: str,
    *,
    amount: Decimal | None = None,
    currency: str | None = None,
    source: str | None = None,
    campaign: str | None = None,
) -> Opportunity:
    """A new opportunity in the stage the pipeline has for `origin`; owned by the customer's owner or the actor.

    `amount` is net, in `currency`, which is the customer's where none is given.
    """
    opportunity = Opportunity(
        code=f"O{numbers.draw(session, 'opportunity'):04d}",
        customer_id=customer.id,
        customer=customer,
        title=title,
        stage_code=pipeline.entry_stage(session, origin),
        owner_id=customer.owner_id or (None if session.actor.is_system else session.actor.user_id),
        amount=amount,
        currency=currency or customer.currency,
        source=source,
        campaign=campaign,
        opened_on=today(),
    )
    session.add(opportunity)
    session.flush()
    return opportunity


def search(session: CrmSession, text: str, limit: int = 50) -> list[Opportunity]:
    """Opportunities whose title holds `text`, or whose or whose customer's code it is; newest first."""
    query = select(Opportunity).join(Customer, Customer.id == Opportunity.customer_id)
    if text.strip():
        code = text.strip().upper()
        title = Opportunity.title.ilike(f"%{escape_like(text.strip())}%", escape="\\")
        query = query.where(or_(title, Opportunity.code == code, Customer.code == code))
    return list(session.scalars(query.order_by(Opportunity.opened_on.desc(), Opportunity.id.desc()).limit(limit)))
