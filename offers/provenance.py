"""Where the figures of an offer come from: what is kept with each line, and that every printed figure has a source.

A figure has a source only if it follows from it: the unit price from the price row (and the rate), the net from
quantity, price and discount, VAT and totals from the lines. A number that somebody changed on the way has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import AppError
from core.money import exact, plain
from crm.exchange import converted
from crm.tables import OfferLine, OfferVersion
from offers.pricing import line_net, totals, vat_rows
from offers.sheet import OfferSheet, SheetLine

_KEPT = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class ListSource(BaseModel):
    """The price list a row is of."""

    model_config = _KEPT

    code: str
    name: str


class PriceSource(BaseModel):
    """A price row in the version it had: `unit_price`, net, in `currency`, for `quantity_from` and more. Without a list
    it was everybody's price; without a version the line was stored before versions were kept."""

    model_config = _KEPT

    id: int
    version: int | None = None
    unit_price: Decimal
    currency: str
    valid_from: date | None = Field(default=None, alias="from")
    quantity_from: Decimal = Decimal(0)
    list: ListSource | None = None


class RateSource(BaseModel):
    """An exchange rate: one unit of `base` is `rate` units of `quote`, of the day `on`."""

    model_config = _KEPT

    id: int
    base: str
    quote: str
    rate: Decimal = Field(gt=0)
    on: date


class GivenSource(BaseModel):
    """Something a person asked for: `given` says where, as `made_from` of a version does."""

    model_config = _KEPT

    given: str


class DiscountSource(GivenSource):
    """A discount in per cent, given for the line, or for the `whole` offer."""

    percent: Decimal
    whole: bool = False


class VatSource(BaseModel):
    """A VAT rate in per cent: the product's own, or 0 by `rule` (`reverse_charge`, `export`)."""

    model_config = _KEPT

    percent: Decimal
    rule: str = ""


class LineSources(BaseModel):
    """All that led to the figures of a line, as `OfferLine.provenance` keeps it."""

    model_config = _KEPT

    price: PriceSource
    rate: RateSource | None = None
    quantity: GivenSource | None = None
    discount: DiscountSource | None = None
    vat: VatSource | None = None


@dataclass(frozen=True)
class Priced:
    """A unit price: the row, and the rate it was converted by, if any."""

    price: PriceSource
    rate: RateSource | None


@dataclass(frozen=True)
class Computed:
    """A figure worked out of others of the same offer: `how` is `line_net`, `vat_percent`, `vat_base`, `vat`,
    `net`, `total_vat` or `gross`."""

    how: str


@dataclass(frozen=True)
class Bundled:
    """What the bundle `sku` contained when the offer was made."""

    sku: str


Source = Priced | RateSource | GivenSource | DiscountSource | VatSource | Computed | Bundled


@dataclass(frozen=True)
class Figure:
    """A printed figure: `name` such as `lines[0].net` or `totals.gross`, its value, and where it comes from.

    `place` is the line's or row's place, counted from zero; None for figures of the whole offer.
    """

    name: str
    value: Decimal
    source: Source | None
    place: int | None = None


def sources_of(line: SheetLine) -> LineSources | None:
    """What is kept of a line's figures; None where nothing readable is."""
    try:
        return LineSources.model_validate(line.provenance)
    except ValidationError:
        return None


def figures_of(sheet: OfferSheet) -> tuple[Figure, ...]:
    """Every figure a document of `sheet` prints, each with its source, or with None where it follows from none."""
    return (*_of_lines(sheet), *_of_sums(sheet), *_of_rate(sheet))


def require_sources(sheet: OfferSheet) -> None:
    """Raise `AppError("figure_without_source")` (500) for the first figure of `sheet` that has no source."""
    for figure in figures_of(sheet):
        if figure.source is None:
            raise AppError("figure_without_source", 500, figure=figure.name)


def line_provenance(line: OfferLine, version: OfferVersion) -> Mapping[str, object]:
    """What is kept of a stored line's figures. For a line stored before anything was, the price row it points to is the
    source of its unit price, and the version itself of what was asked for."""
    given = version.made_from or "record"
    price: dict[str, object] = {
        "id": line.price_id,
        "unit_price": exact(line.unit_price),
        "currency": version.currency,
    }
    before: dict[str, object] = {
        "price": price,
        "quantity": {"given": given},
        "discount": {"percent": plain(line.discount_percent), "given": given},
        "vat": {"percent": plain(line.vat_percent), "rule": version.vat_rule},
    }
    return {**before, **(line.provenance or {})}


def _of_lines(sheet: OfferSheet) -> Iterator[Figure]:
    for place, line in enumerate(sheet.lines):
        kept = sources_of(line)
        given = None if kept is None else kept.quantity or kept.discount
        yield _figure(place, "quantity", line.quantity, GivenSource(given=given.given) if given else None)
        yield _figure(place, "unit_price", line.unit_price, _price_source(sheet, line, kept))
        discount = kept.discount if kept is not None else None
        asked = discount if discount is not None and discount.percent == line.discount_percent else None
        # No discount is printed as a dash, which is no figure.
        if line.discount_percent or asked is not None:
            yield _figure(place, "discount_percent", line.discount_percent, asked)
        net = line_net(line.quantity, line.unit_price, line.discount_percent, sheet.currency)
        yield _figure(place, "net", line.net, Computed("line_net") if net == line.net else None)
        vat = kept.vat if kept is not None else None
        fits = vat is not None and vat.percent == line.vat_percent and vat.rule == sheet.vat_rule
        lawful = not sheet.vat_rule or line.vat_percent == 0
        yield _figure(place, "vat_percent", line.vat_percent, vat if fits and lawful else None)
        for number, part in enumerate(line.contents):
            yield _figure(place, f"contents[{number}].quantity", part.quantity, Bundled(line.sku))


def _figure(place: int, name: str, value: Decimal, source: Source | None) -> Figure:
    return Figure(f"lines[{place}].{name}", value, source, place)


def _price_source(sheet: OfferSheet, line: SheetLine, kept: LineSources | None) -> Priced | None:
    if kept is None:
        return None
    price, rate = kept.price, kept.rate
    if rate is None:
        same = price.currency == sheet.currency and price.unit_price == line.unit_price
        return Priced(price, None) if same else None
    shown, pair = sheet.rate, {rate.base, rate.quote}
    if shown is None or (shown.base, shown.quote, shown.rate, shown.on) != (rate.base, rate.quote, rate.rate, rate.on):
        return None
    if pair != {price.currency, sheet.currency} or len(pair) == 1:
        return None
    amount = converted(price.unit_price, rate.rate, rate.quote == sheet.currency, sheet.currency)
    return Priced(price, rate) if amount == line.unit_price else None


def _of_sums(sheet: OfferSheet) -> Iterator[Figure]:
    counted = ((line.net, line.vat_percent) for line in sheet.lines if not line.optional)
    rows = vat_rows(counted, sheet.currency)
    by_percent = {row.percent: row for row in rows}
    for place, row in enumerate(sheet.vat):
        right = by_percent.get(row.percent)
        base = Computed("vat_base") if right is not None and right.net == row.net else None
        vat = Computed("vat") if right is not None and right.vat == row.vat else None
        yield Figure(f"vat[{place}].percent", row.percent, Computed("vat_percent") if right else None, place)
        yield Figure(f"vat[{place}].net", row.net, base, place)
        yield Figure(f"vat[{place}].vat", row.vat, vat, place)
    sums = totals(rows)
    for name, value, expected, how in (
        ("net", sheet.totals.net, sums.net, "net"),
        ("vat", sheet.totals.vat, sums.vat, "total_vat"),
        ("gross", sheet.totals.gross, sums.gross, "gross"),
    ):
        yield Figure(f"totals.{name}", value, Computed(how) if value == expected else None)


def _of_rate(sheet: OfferSheet) -> Iterator[Figure]:
    if sheet.rate is None:
        return
    shown = sheet.rate
    kept = (sources.rate for line in sheet.lines if (sources := sources_of(line)) is not None)
    source = next((rate for rate in kept if rate is not None and rate.rate == shown.rate), None)
    yield Figure("rate", shown.rate, source)
