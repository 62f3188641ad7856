"""An offer as the doors show it: the stable contract, amounts as strings of exact decimals."""

from typing import Literal

from pydantic import BaseModel

from core.language import Language
from core.money import Currency, exact, plain, round_money
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer
from offers.currency import as_currency
from offers.pricing import vat_rows
from offers.warnings import told


class CustomerView(BaseModel):
    """Whom the offer is for."""

    code: str
    name: str
    tax_number: str | None


class LineView(BaseModel):
    """One line; `unit_price` and `net` in the offer's currency, percentages in per cent."""

    sku: str
    name: str
    quantity: str
    unit: str
    unit_price: str
    discount_percent: str
    net: str
    vat_percent: str


class VatView(BaseModel):
    """VAT of one rate."""

    percent: str
    net: str
    vat: str


class TotalsView(BaseModel):
    """Sums of the whole offer; gross = net + VAT."""

    net: str
    vat: str
    gross: str


class DocumentView(BaseModel):
    """A finished file: where to fetch it (`url`, from the API) or where it lies (`path`, on the machine)."""

    kind: Literal["docx", "pdf"]
    url: str | None = None
    path: str | None = None
    sha256: str


class OpportunityView(BaseModel):
    """The opportunity the offer belongs to, and the code of its stage."""

    code: str
    stage: str


class OfferView(BaseModel):
    """An offer in its newest version."""

    number: str
    version: int
    state: Literal["draft", "awaiting_approval", "issued"]
    customer: CustomerView
    owner: str
    currency: Currency
    language: Language
    valid_until: str
    lines: list[LineView]
    vat: list[VatView]
    totals: TotalsView
    documents: list[DocumentView]
    opportunity: OpportunityView | None
    warnings: list[str]


def offer_view(session: CrmSession, offer: Offer, language: Language | None = None) -> OfferView:
    """The view of `offer`, all of it loaded; its warnings in `language`, else in the actor's."""
    version = offer.latest
    currency = as_currency(version.currency)
    rows = vat_rows(((line.net, line.vat_percent) for line in version.lines), currency)

    def money(amount: object) -> str:
        return exact(round_money(amount, currency))  # type: ignore[arg-type]

    return OfferView(
        number=offer.number,
        version=version.ordinal,
        state="issued" if offer.state == "issued" else "awaiting_approval" if offer.state != "draft" else "draft",
        customer=CustomerView(code=offer.customer.code, name=offer.customer.name, tax_number=offer.customer.tax_number),
        owner=offer.owner.login,
        currency=currency,
        language=as_language(version.language),
        valid_until=version.valid_until.isoformat(),
        lines=[
            LineView(
                sku=line.sku,
                name=line.name,
                quantity=plain(line.quantity),
                unit=line.unit,
                unit_price=money(line.unit_price),
                discount_percent=plain(line.discount_percent),
                net=money(line.net),
                vat_percent=plain(line.vat_percent),
            )
            for line in version.lines
        ],
        vat=[VatView(percent=plain(r.percent), net=money(r.net), vat=money(r.vat)) for r in rows],
        totals=TotalsView(net=money(version.net), vat=money(version.vat), gross=money(version.gross)),
        documents=[
            DocumentView(kind="docx" if d.kind == "docx" else "pdf", path=d.path, sha256=d.sha256)
            for d in sorted(version.documents, key=lambda d: d.kind)
        ],
        opportunity=_opportunity(session, offer),
        warnings=[told(warning, language or session.actor.language) for warning in version.warnings],
    )


def _opportunity(session: CrmSession, offer: Offer) -> OpportunityView | None:
    if offer.opportunity is None:
        return None
    return OpportunityView(code=offer.opportunity.code, stage=offer.opportunity.stage_code)
