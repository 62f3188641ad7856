"""Offer records: making drafts, finding them, and marking them issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.clock import now, today
from core.errors import AppError, NotFound
from crm import guard, numbers
from crm.session import CrmSession, acting
from crm.tables import Customer, Offer, OfferDocument, OfferLine, OfferVersion, Opportunity, Price, Product


@dataclass(frozen=True)
class NewLine:
    """A line to record, its figures decided: amounts in the offer's currency, `net` rounded to its minor unit."""

    product: Product
    price: Price
    name: str
    quantity: Decimal
    discount_percent: Decimal
    net: Decimal


@dataclass(frozen=True)
class NewOffer:
    """An offer to record, with all its figures."""

    customer: Customer
    opportunity: Opportunity | None
    currency: str
    language: str
    valid_until: date
    lines: Sequence[NewLine]
    net: Decimal
    vat: Decimal
    gross: Decimal
    warnings: Sequence[str]
    awaiting_approval: bool


def record(session: CrmSession, new: NewOffer, series: str) -> Offer:
    """Store a draft (or one awaiting approval) owned by the actor, numbered `series-year-00001`."""
    year = today().year
    offer = Offer(
        number=f"{series}-{year}-{numbers.draw(session, f'offer {series} {year}'):05d}",
        customer_id=new.customer.id,
        customer=new.customer,
        opportunity_id=new.opportunity.id if new.opportunity else None,
        opportunity=new.opportunity,
        owner_id=session.actor.user_id,
        state="awaiting_approval" if new.awaiting_approval else "draft",
    )
    version = OfferVersion(
        offer=offer,
        ordinal=1,
        currency=new.currency,
        language=new.language,
        made_on=today(),
        valid_until=new.valid_until,
        payment_days=new.customer.payment_days,
        net=new.net,
        vat=new.vat,
        gross=new.gross,
        warnings=list(new.warnings),
    )
    session.add(offer)
    for position, line in enumerate(new.lines, start=1):
        version.lines.append(
            OfferLine(
                position=position,
                product_id=line.product.id,
                price_id=line.price.id,
                sku=line.product.sku,
                name=line.name,
                quantity=line.quantity,
                unit=line.product.unit,
                unit_price=line.price.unit_price,
                discount_percent=line.discount_percent,
                net=line.net,
                vat_percent=line.product.vat_percent,
            )
        )
    session.flush()
    return offer


def by_number(session: CrmSession, number: str) -> Offer:
    """The offer with this number, its versions, lines and documents loaded. Raises `NotFound`."""
    found = session.scalar(
        select(Offer)
        .where(Offer.number == number.strip().upper())
        .options(
            selectinload(Offer.versions).selectinload(OfferVersion.lines),
            selectinload(Offer.versions).selectinload(OfferVersion.documents),
        )
    )
    if found is None:
        raise NotFound("offer", number)
    return found


def add_document(session: CrmSession, version: OfferVersion, kind: str, path: str, sha256: str) -> OfferDocument:
    """Note a finished and checked file of `version`; replaces the note of an earlier one of that kind."""
    known = next((d for d in version.documents if d.kind == kind), None)
    if known is not None:
        known.path, known.sha256, known.made_at = path, sha256, now()
        session.flush()
        return known
    document = OfferDocument(offer_version=version, kind=kind, path=path, sha256=sha256)
    session.add(document)
    session.flush()
    return document


def mark_issued(session: CrmSession, offer: Offer) -> None:
    """Mark `offer` issued by the actor. Raises `Forbidden`, or `AppError` for an offer that awaits approval,
    has run out, or has no checked documents yet."""
    guard.check(session, session.actor, offer, "issue")
    if offer.state == "awaiting_approval":
        raise AppError("offer_awaits_approval", 409, number=offer.number)
    if offer.latest.valid_until < today():
        raise AppError("offer_expired", 409, number=offer.number, day=offer.latest.valid_until.isoformat())
    if {d.kind for d in offer.latest.documents} != {"docx", "pdf"}:
        raise AppError("offer_without_documents", 409, number=offer.number)
    with acting(session, "issue"):
        offer.state = "issued"
        offer.issued_at = now()
