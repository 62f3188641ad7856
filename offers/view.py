"""An offer as the doors show it: the stable contract, amounts as strings of exact decimals."""

from typing import Literal

from pydantic import BaseModel, TypeAdapter

from core.language import Language
from core.money import Currency, exact, plain, round_money
from crm import approvals
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferVersion
from offers.currency import as_currency
from offers.to_sheet import sheet_lines, version_rate, version_vat
from offers.warnings import told

OfferState = Literal["draft", "awaiting_approval", "rejected", "issued", "accepted", "declined"]
ApprovalState = Literal["open", "approved", "rejected", "withdrawn"]
VatRule = Literal["", "reverse_charge", "export"]
_STATE: TypeAdapter[OfferState] = TypeAdapter(OfferState)
_APPROVAL: TypeAdapter[ApprovalState] = TypeAdapter(ApprovalState)
_RULE: TypeAdapter[VatRule] = TypeAdapter(VatRule)


class CustomerView(BaseModel):
    """Whom the offer is for."""

    code: str
    name: str
    tax_number: str | None


class ContentView(BaseModel):
    """A part of a bundle, and how much of it one bundle contains."""

    sku: str
    name: str
    quantity: str
    unit: str


class LineView(BaseModel):
    """One line; `unit_price` and `net` in the offer's currency, percentages in per cent. An optional line is not in the
    totals; of the lines of one `option_group` the customer takes one."""

    sku: str
    name: str
    quantity: str
    unit: str
    unit_price: str
    discount_percent: str
    net: str
    vat_percent: str
    optional: bool = False
    option_group: str | None = None
    text: str = ""
    contents: list[ContentView] = []


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


class ApprovalView(BaseModel):
    """The approval that the newest version waits for or got: why it is needed, and what was said of it."""

    code: str
    state: ApprovalState
    reasons: list[str]
    comment: str | None
    decided_by: str | None
    delegate: str | None


class RateView(BaseModel):
    """An exchange rate that prices were converted by: one unit of `base` is `rate` of `quote`, of the day `on`."""

    base: Currency
    quote: Currency
    rate: str
    on: str


class OfferView(BaseModel):
    """An offer in its newest version."""

    number: str
    version: int
    state: OfferState
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
    payment_days: int = 0
    made_from: str = ""
    title: str | None = None
    notes: str = ""
    delivery: str = ""
    warranty: str = ""
    vat_rule: VatRule = ""
    rate: RateView | None = None
    approval: ApprovalView | None = None


def offer_view(session: CrmSession, offer: Offer, language: Language | None = None) -> OfferView:
    """The view of `offer`, all of it loaded; its warnings in `language`, else in the actor's."""
    version, reader = offer.latest, language or session.actor.language
    currency = as_currency(version.currency)
    rows = version_vat(version)

    def money(amount: object) -> str:
        return exact(round_money(amount, currency))  # type: ignore[arg-type]

    return OfferView(
        number=offer.number,
        version=version.ordinal,
        state=_STATE.validate_python(offer.state),
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
                optional=line.optional,
                option_group=line.option_group,
                text=line.text,
                contents=[
                    ContentView(sku=part.sku, name=part.name, quantity=plain(part.quantity), unit=part.unit)
                    for part in line.contents
                ],
            )
            for line in sheet_lines(version)
        ],
        vat=[VatView(percent=plain(r.percent), net=money(r.net), vat=money(r.vat)) for r in rows],
        totals=TotalsView(net=money(version.net), vat=money(version.vat), gross=money(version.gross)),
        documents=[
            DocumentView(kind="docx" if d.kind == "docx" else "pdf", path=d.path, sha256=d.sha256)
            for d in sorted(version.documents, key=lambda d: d.kind)
            if d.kind != "pack"
        ],
        opportunity=_opportunity(session, offer),
        warnings=[told(warning, reader) for warning in version.warnings],
        payment_days=version.payment_days,
        made_from=version.made_from,
        title=version.title,
        notes=version.notes,
        delivery=version.delivery,
        warranty=version.warranty,
        vat_rule=_RULE.validate_python(version.vat_rule),
        rate=_rate(version),
        approval=_approval(session, version, reader),
    )


def _rate(version: OfferVersion) -> RateView | None:
    rate = version_rate(version)
    if rate is None:
        return None
    return RateView(base=rate.base, quote=rate.quote, rate=plain(rate.rate), on=rate.on.isoformat())


def _approval(session: CrmSession, version: OfferVersion, reader: Language) -> ApprovalView | None:
    request = approvals.request_of(session, version)
    if request is None:
        return None
    decided, handed = request.decided_by, request.delegate
    return ApprovalView(
        code=request.code,
        state=_APPROVAL.validate_python(request.state),
        reasons=[told(reason, reader) for reason in request.reasons],
        comment=request.comment,
        decided_by=decided.display_name(reader) if decided else None,
        delegate=handed.display_name(reader) if handed else None,
    )


def _opportunity(session: CrmSession, offer: Offer) -> OpportunityView | None:
    if offer.opportunity is None:
        return None
    return OpportunityView(code=offer.opportunity.code, stage=offer.opportunity.stage_code)
