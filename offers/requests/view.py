"""A request as the doors show it: each line with its place, what it may be, and what is still to be said of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from core.errors import say
from core.language import Language
from core.money import Currency, plain, print_number
from crm import customers
from crm.session import CrmSession
from crm.tables import OfferRequestFile
from offers.names import VisibleNames
from offers.request import ProductName
from offers.requests.places import where
from offers.requests.quantities import doubts_about
from offers.requests.recognised import Doubt, Pick, Quote, Recognised, RecognisedLine, Sureness

RequestState = Literal["open", "used"]
LineState = Literal["sure", "unsure", "unknown", "settled", "left_out"]
_MOST_CANDIDATES = 8


class CandidateView(BaseModel):
    """A product that a line may mean; `unit` is the one it is sold in."""

    sku: str
    name: str
    unit: str


class QuoteView(BaseModel):
    """Words of the file, where they stand, and what they say (a day as ISO 8601, per cents)."""

    place: str
    words: str
    value: str = ""


class RequestLineView(BaseModel):
    """One thing asked for. `state` is how sure it was recognised, until the person has said what it is (`settled`) or
    that it is left out; `asks` are sentences about what is unsure. `sku`, `name` and `quantity` are what would be
    offered; `asked_discount` (per cent) and `their_price` are the customer's words, and change nothing."""

    n: int
    place: str
    words: str
    product: str
    state: LineState
    recognised: Sureness
    candidates: list[CandidateView]
    asks: list[str]
    sku: str | None
    name: str | None
    quantity: str | None
    unit: str
    asked_discount: str | None = None
    their_price: str | None = None
    note: str = ""


class CustomerChoice(BaseModel):
    """A customer it may be from."""

    code: str
    name: str
    city: str | None


class RequestCustomerView(BaseModel):
    """Whom it is from: `code` once that is sure or was picked."""

    state: LineState
    code: str | None
    name: str | None
    candidates: list[CustomerChoice]
    quote: QuoteView | None


class RequestView(BaseModel):
    """An uploaded request. `to_answer` counts what the person has still to say before an offer can be made; `aside` are
    words that were not taken for lines, `notes` sentences about the whole. Moments are UTC."""

    code: str
    version: int
    filename: str
    state: RequestState
    offer: str | None
    created_at: datetime
    conversation_id: str | None
    language: Language
    customer: RequestCustomerView
    lines: list[RequestLineView]
    aside: list[QuoteView]
    deadlines: list[QuoteView]
    asked_discounts: list[QuoteView]
    currency: Currency | None
    document_language: Language | None
    notes: list[str]
    to_answer: int
    path: str


def request_view(
    session: CrmSession, file: OfferRequestFile, language: Language, conversation: str | None = None
) -> RequestView:
    """The view of `file`, its sentences in `language`; its products and customers as the actor may see them now."""
    recognised = Recognised.model_validate(file.recognised)
    products = {product.sku: product for product in VisibleNames(session).products()}
    lines = [line_view(line, recognised.picks.lines.get(line.n), products, language) for line in recognised.lines]
    whose = _customer(session, recognised, language)
    waiting = sum(line.state in ("unsure", "unknown") for line in lines) + (whose.code is None)
    notes = [say("request_more_lines", language, most=len(lines))] if recognised.more else []
    notes += [] if lines else [say("request_no_lines", language)]
    return RequestView(
        code=file.code,
        version=file.version,
        filename=file.filename,
        state="used" if file.state == "used" else "open",
        offer=file.offer_number,
        created_at=file.created_at,
        conversation_id=conversation,
        language=recognised.language,
        customer=whose,
        lines=lines,
        aside=_quotes(recognised.aside, language),
        deadlines=_quotes(recognised.deadlines, language),
        asked_discounts=_quotes(recognised.discounts, language),
        currency=recognised.picks.currency or recognised.currency,
        document_language=recognised.picks.language or recognised.document_language,
        notes=notes,
        to_answer=waiting,
        path=f"/requests/{file.code}",
    )


def _quotes(quotes: tuple[Quote, ...], language: Language) -> list[QuoteView]:
    return [QuoteView(place=where(q.place, language), words=q.words, value=q.value) for q in quotes]


def _customer(session: CrmSession, recognised: Recognised, language: Language) -> RequestCustomerView:
    whose, picked = recognised.whose, recognised.picks.customer
    known = [c for code in whose.codes if (c := customers.find_by_code(session, code)) is not None]
    chosen = customers.find_by_code(session, picked) if picked else None
    state: LineState = "settled" if chosen else whose.sure if known else "unknown"
    if chosen is None and state == "sure":
        chosen = known[0]
    return RequestCustomerView(
        state=state,
        code=chosen.code if chosen else None,
        name=chosen.name if chosen else None,
        candidates=[CustomerChoice(code=c.code, name=c.name, city=c.city) for c in known],
        quote=_quotes((whose.quote,), language)[0] if whose.quote else None,
    )


def chosen(line: RecognisedLine, pick: Pick | None) -> tuple[str | None, Decimal | None]:
    """The SKU and the quantity that would be offered for a line, None for what is still to be said."""
    if pick is None:
        return (line.skus[0], Decimal(line.quantity or 0)) if line.sure == "sure" else (None, None)
    sku = pick.sku or (line.skus[0] if line.sure == "sure" else None)
    quantity = pick.quantity or line.quantity
    return sku, Decimal(quantity) if quantity else None


def line_view(
    line: RecognisedLine, pick: Pick | None, products: Mapping[str, ProductName], language: Language
) -> RequestLineView:
    """A line with what the person said of it. A product that is no longer on sale is asked about again."""
    sku, quantity = chosen(line, pick)
    product = products.get(sku) if sku else None
    doubts = doubts_about(quantity, "", product) if product is not None and quantity is not None else []
    state: LineState = line.sure if line.sure != "sure" else "unsure"
    if pick is not None and pick.left_out:
        state = "left_out"
    elif product is not None and quantity is not None and not doubts:
        state = "sure" if pick is None else "settled"
    asks = [] if state in ("sure", "settled", "left_out") else _asks(line, product, doubts, language)
    candidates = [products[sku] for sku in line.skus if sku in products][:_MOST_CANDIDATES]
    return RequestLineView(
        n=line.n,
        place=where(line.place, language),
        words=line.words,
        product=line.product,
        state=state,
        recognised=line.sure,
        candidates=[CandidateView(sku=p.sku, name=p.names[language], unit=p.unit) for p in candidates],
        asks=asks,
        sku=product.sku if product else None,
        name=product.names[language] if product else None,
        quantity=plain(quantity) if quantity is not None else line.quantity,
        unit=product.unit if product else line.unit,
        asked_discount=line.discount,
        their_price=line.price,
        note=line.note,
    )


def _asks(line: RecognisedLine, product: ProductName | None, doubts: list[Doubt], language: Language) -> list[str]:
    if not line.skus and product is None:
        return [say("request_unknown_product", language, written=line.product or line.words)]
    told = []
    for doubt in dict.fromkeys((*doubts, *line.doubts)):
        least = print_number(product.minimum_quantity, language) if product is not None else ""
        code = f"request_doubt_{doubt}"
        if doubt == "below_minimum" and not least:
            code = "request_doubt_below_minimum_of"
        told.append(say(code, language, least=least))
    return told or [say("request_doubt_not_on_sale", language)]
