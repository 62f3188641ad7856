"""Where the figures of an offer come from, told in the language of whoever asks."""

from typing import Literal

from pydantic import BaseModel

from core.errors import say
from core.language import Language
from core.money import exact, plain, print_number
from crm import offers as offer_records
from crm.session import CrmSession
from crm.tables import OfferVersion
from offers.currency import as_currency
from offers.documents.view import print_percent, print_price
from offers.documents.words import print_date
from offers.margins import Margin, margins_of
from offers.provenance import (
    Bundled,
    Computed,
    DiscountSource,
    Figure,
    GivenSource,
    Priced,
    PriceSource,
    RateSource,
    Source,
    VatSource,
    figures_of,
)
from offers.to_sheet import offer_sheet

SourceKind = Literal["price", "given", "discount", "vat", "rate", "computed", "bundle", "none"]


class FigureView(BaseModel):
    """A printed figure: its `name` such as `lines[0].unit_price`, its `value` as an exact decimal, the SKU of its line,
    what kind of source it has and that source told as a sentence; with the price row and the rate where there are any.
    """

    name: str
    value: str
    sku: str | None = None
    kind: SourceKind
    source: str
    price: PriceSource | None = None
    rate: RateSource | None = None


class MarginView(BaseModel):
    """Net, cost and what is left, in the offer's currency, and what is left in per cent of net; None where not known.
    `sku` is None for the sum of the lines that count and whose cost is known."""

    sku: str | None
    net: str
    cost: str | None
    left: str | None
    percent: str | None


class ProvenanceView(BaseModel):
    """Every figure of an offer's newest version with its source. `margins` is None for those without the right."""

    number: str
    version: int
    currency: str
    figures: list[FigureView]
    margins: list[MarginView] | None


def provenance_view(session: CrmSession, number: str) -> ProvenanceView:
    """The figures of the offer with this number, told in the actor's language. Raises `NotFound`."""
    offer = offer_records.by_number(session, number)
    sheet = offer_sheet(session, offer)
    skus = [line.sku for line in sheet.lines]
    return ProvenanceView(
        number=offer.number,
        version=offer.latest.ordinal,
        currency=sheet.currency,
        figures=[_view(figure, skus, session.actor.language) for figure in figures_of(sheet)],
        margins=_margins(session, offer.latest),
    )


def _view(figure: Figure, skus: list[str], language: Language) -> FigureView:
    source = figure.source
    of_line = figure.name.startswith("lines[") and figure.place is not None
    return FigureView(
        name=figure.name,
        value=exact(figure.value),
        sku=skus[figure.place] if of_line and figure.place is not None else None,
        kind=kind_of(source),
        source=source_told(source, language),
        price=source.price if isinstance(source, Priced) else None,
        rate=source.rate if isinstance(source, Priced) else source if isinstance(source, RateSource) else None,
    )


def kind_of(source: Source | None) -> SourceKind:
    """The kind of a source, by a word that never changes."""
    match source:
        case Priced():
            return "price"
        case RateSource():
            return "rate"
        case DiscountSource():
            return "discount"
        case GivenSource():
            return "given"
        case VatSource():
            return "vat"
        case Computed():
            return "computed"
        case Bundled():
            return "bundle"
        case None:
            return "none"


def source_told(source: Source | None, language: Language) -> str:
    """A source as a sentence in `language`."""
    match source:
        case Priced():
            return price_told(source, language)
        case RateSource():
            return rate_told(source, language)
        case DiscountSource():
            whole = "source_discount_whole" if source.whole else "source_discount_line"
            percent = print_percent(source.percent, language)
            return say(whole, language, percent=percent, given=given_told(source.given, language))
        case GivenSource():
            return say("source_given", language, given=given_told(source.given, language))
        case VatSource():
            if source.rule:
                return say(f"source_vat_{source.rule}", language)
            return say("source_vat", language, percent=print_percent(source.percent, language))
        case Computed():
            return say(f"source_computed_{source.how}", language)
        case Bundled():
            return say("source_bundle", language, sku=source.sku)
        case None:
            return say("source_none", language)


def price_told(source: Priced, language: Language) -> str:
    """The price row a unit price was taken from, its list and quantity break, and the rate it was converted by."""
    row = source.price
    values = {
        "id": row.id,
        "price": print_price(row.unit_price, as_currency(row.currency), language),
        "list": f"{row.list.name} ({row.list.code})" if row.list else "",
        "quantity": print_number(row.quantity_from, language),
    }
    if row.version is None or row.valid_from is None:
        sentences = [say("source_price_before", language, **values)]
    else:
        known = {**values, "version": row.version, "day": print_date(row.valid_from, language)}
        sentences = [say("source_price_list" if row.list else "source_price_standard", language, **known)]
    if row.quantity_from > 0:
        sentences.append(say("source_break", language, **values))
    if source.rate is not None:
        sentences.append(rate_told(source.rate, language))
    return " ".join(sentences)


def rate_told(rate: RateSource, language: Language) -> str:
    """An exchange rate with its day."""
    values = {"base": rate.base, "quote": rate.quote, "rate": print_number(rate.rate, language)}
    return say("source_rate", language, **values, day=print_date(rate.on, language))


def given_told(given: str, language: Language) -> str:
    """What an offer was made of, such as `prompt` or `request RQ00001`, in words."""
    word, _, code = given.partition(" ")
    known = word if word in ("prompt", "form", "request", "offer", "record") else "record"
    return say(f"given_{known}", language, code=code)


def _margins(session: CrmSession, version: OfferVersion) -> list[MarginView] | None:
    found = margins_of(session, version)
    if found is None:
        return None
    return [*(_margin(line.sku, line.margin) for line in found.lines), _margin(None, found.total)]


def _margin(sku: str | None, margin: Margin) -> MarginView:
    return MarginView(
        sku=sku,
        net=exact(margin.net),
        cost=None if margin.cost is None else exact(margin.cost),
        left=None if margin.left is None else exact(margin.left),
        percent=None if margin.percent is None else plain(margin.percent),
    )
