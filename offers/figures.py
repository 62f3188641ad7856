"""The figures of an offer that a person edits line by line: computed the same for the screen and for storing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from core.clock import today
from core.errors import AppError
from core.language import Language
from core.money import Currency, plain, print_money, print_number
from crm import bundles, catalogue
from crm.company import company
from crm.offers import NewLine, NewVersion
from crm.session import CrmSession
from crm.tables import Price, Product
from offers.clarify import LARGEST_QUANTITY, MOST_LINES
from offers.currency import as_currency
from offers.limits import limits_of, offered, over
from offers.prices import ForWhom, priced
from offers.pricing import line_net, totals, vat_rows
from offers.sheet import Totals, VatRow
from offers.vat import BuyerVat, buyer_vat
from offers.warnings import Warned, warned

FARTHEST = timedelta(days=3653)
LONGEST_PAYMENT = 365
# Sums are stored as ten-thousandths in 64 bits, which hold some 922 million millions.
_LARGEST_SUM = Decimal(10) ** 14
_PLACES = 4


@dataclass(frozen=True)
class EditedLine:
    """One line as typed. An empty `quantity` or `discount_percent` is None, one that is no number is NaN; a line
    without a discount of its own gets that of the offer. `optional`, `option_group`, `text` as in `OfferLine`."""

    sku: str
    quantity: Decimal | None
    discount_percent: Decimal | None = None
    optional: bool = False
    option_group: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Edit:
    """An offer as typed. `discount_percent`, in per cent, is for lines without one of their own; `valid_until` is the
    last day of validity, `payment_days` calendar days; None is what could not be read. Without a `language` the
    document keeps the one it has, or has the customer's. `attach` are codes of the library. `made_from` as in
    `OfferVersion`. Without a `currency` the offer keeps the one it has, or has the customer's."""

    lines: tuple[EditedLine, ...]
    valid_until: date | None
    payment_days: int | None
    discount_percent: Decimal | None = None
    language: Language | None = None
    title: str | None = None
    notes: str = ""
    delivery: str = ""
    warranty: str = ""
    attach: tuple[str, ...] = ()
    made_from: str = "form"
    currency: Currency | None = None


@dataclass(frozen=True)
class FiguredLine:
    """A typed line with its figures, or why it has none."""

    typed: EditedLine
    new: NewLine | None
    error: AppError | None


@dataclass(frozen=True)
class Figures:
    """What the offer would say. Sums are those of the lines without an error, in `currency`; `errors` are by field:
    `lines`, `valid_until`, `payment_days`, `discount_percent`. With any error nothing can be stored. `vat_rule` and
    `rate` as in `OfferVersion`."""

    lines: tuple[FiguredLine, ...]
    vat: tuple[VatRow, ...]
    totals: Totals
    currency: Currency
    language: Language
    warnings: tuple[Warned, ...]
    over: tuple[Warned, ...]
    errors: Mapping[str, AppError] = field(default_factory=dict)
    vat_rule: str = ""
    rate: Mapping[str, object] | None = None

    @property
    def awaiting_approval(self) -> bool:
        """Whether somebody has to approve it."""
        return bool(self.over)

    @property
    def complete(self) -> bool:
        """Whether this can be stored as it is."""
        return not self.errors and all(line.error is None for line in self.lines)

    def version(self, edit: Edit) -> NewVersion:
        """The version to store. Raises `AppError("offer_form_wrong")` unless complete."""
        wrong = [*self.errors.values(), *(line.error for line in self.lines if line.error is not None)]
        if wrong or edit.valid_until is None or edit.payment_days is None:
            raise AppError("offer_form_wrong", 422, count=len(wrong))
        return NewVersion(
            currency=self.currency,
            language=self.language,
            valid_until=edit.valid_until,
            payment_days=edit.payment_days,
            lines=[line.new for line in self.lines if line.new is not None],
            net=self.totals.net,
            vat=self.totals.vat,
            gross=self.totals.gross,
            warnings=(*self.warnings, *self.over),
            over=self.over,
            made_from=edit.made_from,
            title=edit.title,
            notes=edit.notes,
            delivery=edit.delivery,
            warranty=edit.warranty,
            vat_rule=self.vat_rule,
            rate=self.rate,
            attachments=edit.attach,
        )


def figures(
    session: CrmSession,
    edit: Edit,
    currency: Currency,
    language: Language,
    whom: ForWhom,
    earlier: Mapping[str, Price] | None = None,
) -> Figures:
    """The figures of `edit` in `currency` for `whom`, its document in `language`.

    `earlier` are the prices of the version before, by SKU. Optional lines have figures of their own, but are not in the
    sums. Prices of one offer are converted by one exchange rate at most. Never raises for what was typed: the errors
    are in the answer.
    """
    asker, earlier = session.actor.language, earlier or {}
    errors = _field_errors(edit)
    general = edit.discount_percent if "discount_percent" not in errors else None
    terms = _Terms(currency, language, whom, earlier, buyer_vat(company(session), whom.customer), edit.made_from)
    lines = tuple(_line(session, typed, general or Decimal(0), terms) for typed in edit.lines)
    lines, rate = _by_one_rate(lines)
    good = [line.new for line in lines if line.new is not None]
    vat = vat_rows(((line.net, line.vat_percent) for line in good if not line.optional), currency)
    sums = totals(vat)
    if max((sums.gross, *(line.net for line in good))) > _LARGEST_SUM:
        errors["lines"] = AppError("offer_too_large", 422)
    warnings = _price_warnings(good, earlier, asker)
    if terms.vat.warning is not None:
        warnings.append(terms.vat.warning)
    return Figures(
        lines=lines,
        vat=vat,
        totals=sums,
        currency=currency,
        language=language,
        warnings=tuple(warnings),
        over=tuple(over(limits_of(session, session.actor.role), offered(session, good, currency))),
        errors=errors,
        vat_rule=terms.vat.rule,
        rate=rate,
    )


@dataclass(frozen=True)
class _Terms:
    """What all lines of an offer have in common."""

    currency: Currency
    language: Language
    whom: ForWhom
    earlier: Mapping[str, Price]
    vat: BuyerVat
    made_from: str


def _by_one_rate(lines: tuple[FiguredLine, ...]) -> tuple[tuple[FiguredLine, ...], Mapping[str, object] | None]:
    """`lines` and the exchange rate of the first that was converted; one converted by another rate is an error, since
    a document says one rate."""
    first: Mapping[str, object] | None = None
    kept = []
    for line in lines:
        rate = line.new.provenance.get("rate") if line.new is not None else None
        if isinstance(rate, Mapping):
            first = first or rate
            if rate["id"] != first["id"]:
                pairs = [f"{each['base']}–{each['quote']}" for each in (first, rate)]
                error = AppError("offer_rates_differ", 409, sku=line.typed.sku, one=pairs[0], other=pairs[1])
                line = replace(line, new=None, error=error)
        kept.append(line)
    return tuple(kept), first


def _field_errors(edit: Edit) -> dict[str, AppError]:
    errors: dict[str, AppError] = {}
    if not edit.lines:
        errors["lines"] = AppError("offer_without_lines", 422)
    elif len(edit.lines) > MOST_LINES:
        errors["lines"] = AppError("too_many_lines", 422, most=MOST_LINES)
    if edit.valid_until is None or not today() <= edit.valid_until <= today() + FARTHEST:
        errors["valid_until"] = AppError("validity_wrong", 422)
    if edit.payment_days is None or not 0 <= edit.payment_days <= LONGEST_PAYMENT:
        errors["payment_days"] = AppError("payment_days_wrong", 422, most=LONGEST_PAYMENT)
    if edit.discount_percent is not None and not _is_percent(edit.discount_percent):
        errors["discount_percent"] = AppError("discount_wrong", 422)
    return errors


def _is_percent(number: Decimal) -> bool:
    return number.is_finite() and 0 <= number <= 100 and number == round(number, _PLACES)


def _line(session: CrmSession, typed: EditedLine, general: Decimal, terms: _Terms) -> FiguredLine:
    try:
        product = _product(session, typed.sku)
        quantity = _quantity(session, typed.quantity, product)
        discount = general if typed.discount_percent is None else typed.discount_percent
        if not _is_percent(discount):
            raise AppError("discount_wrong", 422)
        found = priced(session, product, quantity, terms.currency, terms.whom, terms.earlier.get(product.sku))
        vat_percent = Decimal(0) if terms.vat.rule else product.vat_percent
        whole = typed.discount_percent is None
        return FiguredLine(
            typed,
            NewLine(
                product,
                found.price,
                catalogue.name_of(product, terms.language),
                quantity,
                discount,
                line_net(quantity, found.unit_price, discount, terms.currency),
                found.unit_price,
                vat_percent,
                {
                    **found.provenance,
                    "quantity": {"given": terms.made_from},
                    "discount": {"percent": plain(discount), "given": terms.made_from, "whole": whole},
                    "vat": {"percent": plain(vat_percent), "rule": terms.vat.rule},
                },
                typed.optional,
                typed.option_group,
                typed.text,
                bundles.contents(session, product, terms.language),
            ),
            None,
        )
    except AppError as error:
        return FiguredLine(typed, None, error)


def _product(session: CrmSession, sku: str) -> Product:
    if not sku.strip():
        raise AppError("line_without_product", 422)
    product = catalogue.by_sku(session, sku)
    if product is None:
        raise AppError("line_product_unknown", 422, written=sku.strip()[:60])
    if not product.active:
        raise AppError("line_not_on_sale", 422, sku=product.sku)
    return product


def _quantity(session: CrmSession, quantity: Decimal | None, product: Product) -> Decimal:
    if quantity is None:
        raise AppError("line_without_quantity", 422)
    possible = quantity.is_finite() and 0 < quantity <= LARGEST_QUANTITY
    if not possible or quantity != round(quantity, _PLACES):
        raise AppError("line_quantity_wrong", 422)
    if quantity < product.minimum_quantity:
        least = print_number(product.minimum_quantity, session.actor.language)
        raise AppError("line_below_minimum", 422, least=least)
    return quantity


def _price_warnings(lines: list[NewLine], earlier: Mapping[str, Price], asker: Language) -> list[Warned]:
    """One warning for each product whose price, in one and the same currency, is another than in the version before."""
    warnings = []
    for sku, line in {line.product.sku: line for line in lines}.items():
        before = earlier.get(sku)
        if before is None or before.currency != line.price.currency:
            continue
        if before.unit_price != line.price.unit_price:
            prices = (before.unit_price, line.price.unit_price)
            old, new = (print_money(p, as_currency(before.currency), asker) for p in prices)
            warnings.append(
                warned("warn_price_changed", product=catalogue.name_of(line.product, asker), old=old, new=new)
            )
    return warnings
