"""Offer records: making drafts, finding them, and marking them issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.clock import now, today
from core.errors import AppError, NotFound
from crm import approvals, guard, numbers, offer_templates
from crm.session import CrmSession, acting
from crm.tables import (
    Customer,
    Offer,
    OfferDocument,
    OfferLine,
    OfferVersion,
    Opportunity,
    Price,
    Product,
)

# The states of an offer that the customer has.
OUT = frozenset({"issued", "accepted", "declined"})


@dataclass(frozen=True)
class NewLine:
    """A line to record, its figures decided: amounts in the offer's currency, `net` rounded to its minor unit.

    `price` is the row that `unit_price` comes from (which is another amount where a rate was applied), `provenance` all
    that led to the figures; `optional`, `option_group` and `contents` as in `OfferLine`.
    """

    product: Product
    price: Price
    name: str
    quantity: Decimal
    discount_percent: Decimal
    net: Decimal
    unit_price: Decimal
    vat_percent: Decimal
    provenance: Mapping[str, object]
    optional: bool = False
    option_group: str | None = None
    text: str = ""
    contents: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class NewVersion:
    """What an offer is to say, with all its figures in `currency`. `over` are the limits it is over, as warnings are
    kept: with any it awaits approval. Without a `template_version_id` documents are made from the language's standard
    template. The rest is as in `OfferVersion`."""

    currency: str
    language: str
    valid_until: date
    payment_days: int
    lines: Sequence[NewLine]
    net: Decimal
    vat: Decimal
    gross: Decimal
    warnings: Sequence[object]
    over: Sequence[object] = ()
    made_from: str = ""
    title: str | None = None
    notes: str = ""
    delivery: str = ""
    warranty: str = ""
    vat_rule: str = ""
    rate: Mapping[str, object] | None = None
    attachments: Sequence[str] = field(default=())
    template_version_id: int | None = None

    @property
    def state(self) -> str:
        """The state an offer has that says this."""
        return "awaiting_approval" if self.over else "draft"


def record(
    session: CrmSession, customer: Customer, opportunity: Opportunity | None, new: NewVersion, series: str
) -> Offer:
    """Store a draft (or one awaiting approval) owned by the actor, numbered `series-year-00001`."""
    year = today().year
    offer = Offer(
        number=f"{series}-{year}-{numbers.draw(session, f'offer {series} {year}'):05d}",
        customer_id=customer.id,
        customer=customer,
        opportunity_id=opportunity.id if opportunity else None,
        opportunity=opportunity,
        owner_id=session.actor.user_id,
        state=new.state,
    )
    version = _new_version(session, offer, 1, new)
    session.add_all((offer, version))
    session.flush()
    approvals.ask(session, offer, version, new.over)
    return offer


def revisable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not change `offer`: each change makes a version, by the right to make offers, and what
    the customer accepted stays as it is."""
    guard.check(session, session.actor, offer, "update")
    if offer.state == "accepted":
        raise AppError("offer_accepted_already", 409, number=offer.number)
    with session.no_autoflush:
        made = Offer(customer_id=offer.customer_id, owner_id=session.actor.user_id)
        guard.check(session, session.actor, made, "create")


def revise(session: CrmSession, offer: Offer, new: NewVersion) -> OfferVersion:
    """Have `offer` say `new` from now on, in a version of its own; it becomes a draft again, or awaits approval.

    Earlier versions and their documents stay as they are. Raises as `revisable`, and `AppError("conflict")` where
    somebody else changed the offer meanwhile.
    """
    revisable(session, offer)
    approvals.withdraw(session, offer)
    version = _new_version(session, offer, offer.latest_version + 1, new)
    session.add(version)
    offer.latest_version = version.ordinal
    offer.state = new.state
    session.flush()
    approvals.ask(session, offer, version, new.over)
    return version


def _new_version(session: CrmSession, offer: Offer, ordinal: int, new: NewVersion) -> OfferVersion:
    version = OfferVersion(
        offer=offer,
        ordinal=ordinal,
        currency=new.currency,
        language=new.language,
        made_on=today(),
        valid_until=new.valid_until,
        payment_days=new.payment_days,
        net=new.net,
        vat=new.vat,
        gross=new.gross,
        warnings=list(new.warnings),
        author_id=session.actor.user_id,
        made_from=new.made_from,
        title=new.title,
        notes=new.notes,
        delivery=new.delivery,
        warranty=new.warranty,
        vat_rule=new.vat_rule,
        rate=dict(new.rate) if new.rate else None,
        template_version_id=new.template_version_id or offer_templates.standard_version(session, new.language),
    )
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
                unit_price=line.unit_price,
                discount_percent=line.discount_percent,
                net=line.net,
                vat_percent=line.vat_percent,
                optional=line.optional,
                option_group=line.option_group,
                text=line.text,
                contents=[dict(part) for part in line.contents],
                provenance=dict(line.provenance),
            )
        )
    return version


def by_number(session: CrmSession, number: str, *, locked: bool = False) -> Offer:
    """The offer with this number, its versions, lines and documents loaded. Raises `NotFound`.

    A `locked` one is nobody else's to change until the unit of work ends (SQLite's writing units lock everything).
    """
    query = (
        select(Offer)
        .where(Offer.number == number.strip().upper())
        .options(
            selectinload(Offer.versions).selectinload(OfferVersion.lines),
            selectinload(Offer.versions).selectinload(OfferVersion.documents),
        )
    )
    found = session.scalar(query.with_for_update(of=Offer) if locked else query)
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


def issuable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not issue `offer` now: `Forbidden`, or `AppError` for an offer that was issued
    already, awaits approval, has run out, or has no checked documents yet."""
    guard.check(session, session.actor, offer, "issue")
    if offer.state in OUT:
        raise AppError("offer_already_issued", 409, number=offer.number)
    if offer.state == "awaiting_approval":
        raise AppError("offer_awaits_approval", 409, number=offer.number)
    if offer.state == "rejected":
        raise AppError("offer_rejected", 409, number=offer.number)
    if offer.latest.valid_until < today():
        raise AppError("offer_expired", 409, number=offer.number, day=offer.latest.valid_until.isoformat())
    if not {d.kind for d in offer.latest.documents} >= {"docx", "pdf"}:
        raise AppError("offer_without_documents", 409, number=offer.number)


def mark_issued(session: CrmSession, offer: Offer) -> None:
    """Mark `offer` issued by the actor. Raises like `issuable`."""
    issuable(session, offer)
    with acting(session, "issue"):
        offer.state = "issued"
        offer.issued_at = now()
