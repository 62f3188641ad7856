"""Opening opportunities and changing their facts. Their stage is moved by the pipeline alone (`crm.pipeline`)."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from core.clock import today
from core.errors import AppError, NotFound
from core.money import CURRENCIES, round_money
from core.text import storable
from crm import numbers, pipeline
from crm.session import CrmSession
from crm.tables import Customer, Opportunity, PipelineEntry, User

LONGEST_TITLE = 200
LONGEST_WORD = 100
# Sums of a hundred thousand such amounts still fit into the stored integers.
LARGEST_AMOUNT = Decimal(10) ** 9


@dataclass(frozen=True)
class OpportunityFacts:
    """What people say about an opportunity. `amount` is net, in `currency`; `owner_id` None means nobody answers."""

    title: str
    amount: Decimal | None
    currency: str
    source: str | None = None
    campaign: str | None = None
    owner_id: int | None = None


def _short(text: str | None) -> str | None:
    return " ".join(storable(text or "").split()) or None


def faults(session: CrmSession, facts: OpportunityFacts, before: Opportunity | None = None) -> dict[str, AppError]:
    """What is wrong with `facts`, by field name: everything at once, so that a form tells it all.

    An owner who has left may stay where they were (`before`), but gets nothing new.
    """
    wrong: dict[str, AppError] = {}
    title = _short(facts.title)
    if title is None:
        wrong["title"] = AppError("opportunity_without_title", 422)
    elif len(title) > LONGEST_TITLE:
        wrong["title"] = AppError("opportunity_text_too_long", 422, longest=LONGEST_TITLE)
    for name, text in (("source", facts.source), ("campaign", facts.campaign)):
        if len(_short(text) or "") > LONGEST_WORD:
            wrong[name] = AppError("opportunity_text_too_long", 422, longest=LONGEST_WORD)
    currency = next((known for known in CURRENCIES if known == facts.currency), None)
    if currency is None:
        wrong["currency"] = AppError("opportunity_currency", 422, currencies=", ".join(CURRENCIES))
    if facts.amount is not None:
        if not facts.amount.is_finite() or not 0 <= facts.amount <= LARGEST_AMOUNT:
            wrong["amount"] = AppError("opportunity_amount_range", 422, largest=int(LARGEST_AMOUNT))
        elif currency is not None and round_money(facts.amount, currency) != facts.amount:
            wrong["amount"] = AppError("opportunity_amount_places", 422, currency=currency)
    new_owner = facts.owner_id is not None and (before is None or before.owner_id != facts.owner_id)
    if new_owner and session.scalar(select(User.id).where(User.id == facts.owner_id, User.active)) is None:
        wrong["owner_id"] = AppError("opportunity_owner", 422)
    return wrong


def _put(session: CrmSession, opportunity: Opportunity, facts: OpportunityFacts) -> None:
    opportunity.title = _short(facts.title) or ""
    # An amount hidden from the actor's level stays what it is: they could not have meant to empty it.
    if session.actor.sees("opportunity", "amount"):
        opportunity.amount = facts.amount
    opportunity.currency = facts.currency
    opportunity.source, opportunity.campaign = _short(facts.source), _short(facts.campaign)
    opportunity.owner_id = facts.owner_id
    session.add(opportunity)
    session.flush()


def create(session: CrmSession, customer: Customer, facts: OpportunityFacts, origin: str = "direct") -> Opportunity:
    """A new opportunity of `customer`, opened today in the stage the pipeline has for `origin`.

    `origin` is `direct` (it began with us) or `external` (an outside system sent it). Raises the first of
    `faults`, `NotFound` for another origin or a customer out of reach, `Forbidden` without the right to create.
    """
    if session.get(PipelineEntry, origin) is None:
        raise NotFound("origin", origin)
    for fault in faults(session, facts).values():
        raise fault
    opportunity = Opportunity(
        code=f"O{numbers.draw(session, 'opportunity'):04d}",
        customer_id=customer.id,
        customer=customer,
        stage_code=pipeline.entry_stage(session, origin),
        opened_on=today(),
    )
    _put(session, opportunity, facts)
    return opportunity


def seen(opportunity: Opportunity, version: int) -> None:
    """Raise `AppError("conflict")` unless `version`, the one a screen showed, is still the present one."""
    if opportunity.version != version:
        raise AppError("conflict", 409)


def update(session: CrmSession, opportunity: Opportunity, facts: OpportunityFacts, version: int) -> None:
    """Give `opportunity` these facts. `version` is the one that was shown when they were typed.

    Raises `AppError("conflict")` where someone else changed it meanwhile, else the first of `faults`, or `Forbidden`.
    """
    seen(opportunity, version)
    for fault in faults(session, facts, opportunity).values():
        raise fault
    _put(session, opportunity, facts)


def move(session: CrmSession, opportunity: Opportunity, end: str, version: int) -> None:
    """Move to stage `end` the card that was shown in `version`. Raises `conflict`, or as `pipeline.move` does."""
    seen(opportunity, version)
    pipeline.move(session, opportunity, end)
