"""Activities and tasks; recording a finished one moves the opportunity where its type says."""

from datetime import date

from sqlalchemy import or_, select

from core.clock import now
from crm import pipeline
from crm.customers import escape_like
from crm.session import CrmSession
from crm.tables import Activity, ActivityType, Customer, Opportunity


def record(
    session: CrmSession,
    customer: Customer,
    type_code: str,
    subject: str,
    *,
    opportunity: Opportunity | None = None,
    due: date | None = None,
    done: bool = False,
    assignee_id: int | None = None,
    note: str | None = None,
) -> Activity:
    """Record an activity with `customer`; a finished one carries its type's move of `opportunity`.

    Raises `AppError("step_refused")` where the pipeline does not allow that move: then nothing is recorded.
    """
    activity = Activity(
        customer_id=customer.id,
        customer=customer,
        opportunity_id=opportunity.id if opportunity else None,
        type_code=type_code,
        subject=subject,
        assignee_id=assignee_id,
        due=due,
        state="done" if done else "open",
        done_at=now() if done else None,
        note=note,
    )
    session.add(activity)
    session.flush()
    kind = session.get_one(ActivityType, type_code)
    if done and opportunity is not None and kind.moves_to is not None:
        pipeline.carry(session, opportunity, kind.moves_to)
    return activity


def search(session: CrmSession, text: str, limit: int = 50) -> list[Activity]:
    """Activities whose subject holds `text` or whose customer's code it is; open ones first, by due date."""
    query = select(Activity).join(Customer, Customer.id == Activity.customer_id)
    if text.strip():
        subject = Activity.subject.ilike(f"%{escape_like(text.strip())}%", escape="\\")
        query = query.where(or_(subject, Customer.code == text.strip().upper()))
    return list(session.scalars(query.order_by(Activity.state.desc(), Activity.due, Activity.id).limit(limit)))
