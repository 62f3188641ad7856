"""From an understood request to a stored draft: records fetched, figures computed, warnings collected."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.clock import today
from core.errors import AppError, NotFound, say
from core.language import Language
from core.money import Currency, print_number
from crm import catalogue, customers, opportunities
from crm import offers as offer_records
from crm.audit import keep_prompt
from crm.company import Company, company
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Customer, Offer, Opportunity, Stage
from offers.clarify import Clarification, quantity_of
from offers.currency import as_currency
from offers.figures import FARTHEST, new_line, over_limit
from offers.pricing import totals, vat_rows
from offers.request import OfferRequest, Understood
from offers.warnings import Warned, warned


@dataclass(frozen=True)
class OnScreen:
    """The record the asker has on screen: `kind` such as `customer` or `opportunity`, and its code."""

    kind: str
    code: str


def screen_customer(session: CrmSession, on_screen: OnScreen | None) -> Customer | None:
    """The customer of the record on screen, if the actor may see it."""
    if on_screen is None:
        return None
    try:
        if on_screen.kind == "customer":
            return customers.by_code(session, on_screen.code)
        if on_screen.kind == "opportunity":
            return opportunities.by_code(session, on_screen.code).customer
        if on_screen.kind == "offer":
            return offer_records.by_number(session, on_screen.code).customer
    except NotFound:
        return None
    return None


def _valid_until(request: OfferRequest, settings: Company, language: Language) -> date | Clarification:
    try:
        days = settings.offer_valid_days if request.valid_days is None else request.valid_days
        until = request.valid_until or today() + timedelta(days=days)
    except OverflowError:
        return Clarification(say("bad_validity", language, day=request.valid_days), "validity")
    if not today() <= until <= today() + FARTHEST:
        return Clarification(say("bad_validity", language, day=until.isoformat()), "validity")
    return until


def _opportunity(
    session: CrmSession, customer: Customer, request: OfferRequest, on_screen: OnScreen | None, language: Language
) -> tuple[Opportunity | None, list[Warned]] | Clarification:
    """The one named, else the one on screen, else the customer's newest open one, else none yet."""
    named: Opportunity | None = None
    if request.opportunity is not None:
        try:
            named = opportunities.by_code(session, request.opportunity)
        except NotFound:
            named = None
        if named is None or named.customer_id != customer.id:
            return Clarification(say("unknown_opportunity", language, written=request.opportunity), "opportunity")
    elif on_screen is not None and on_screen.kind == "opportunity":
        try:
            shown = opportunities.by_code(session, on_screen.code)
            named = shown if shown.customer_id == customer.id else None
        except NotFound:
            named = None
    if named is None:
        return opportunities.newest_open(session, customer), []
    if session.get_one(Stage, named.stage_code).closed:
        return opportunities.newest_open(session, customer), [warned("warn_closed_opportunity", code=named.code)]
    return named, []


def _lines(
    session: CrmSession, understood: Understood, currency: Currency, document: Language, asker: Language
) -> tuple[list[offer_records.NewLine], list[Warned]]:
    lines, warnings = [], []
    for match in understood.lines:
        product = catalogue.by_sku(session, match.products[0].sku)
        quantity = quantity_of(match)
        if product is None or quantity is None:
            raise NotFound("product", match.products[0].sku)
        asked = match.requested.discount_percent
        if asked is None:
            asked = understood.request.discount_percent or Decimal(0)
        line = new_line(session, product, quantity, asked, currency, document)
        named = match.requested.named_price
        if named is not None and named != line.price.unit_price:
            name = catalogue.name_of(product, asker)
            warnings.append(warned("warn_named_price", price=print_number(named, asker), product=name))
        lines.append(line)
    return lines, warnings


def store(
    session: CrmSession,
    understood: Understood,
    prompt: str,
    asker: Language,
    on_screen: OnScreen | None,
    conversation: str | None = None,
) -> Offer | Clarification:
    """Record the draft for a request that `first_question` had nothing to ask about.

    Names are resolved again inside this unit of work, prices are those of today. The prompt becomes the
    cause in the audit, erased with its `conversation`. A discount over the actor's limit makes the state
    `awaiting_approval`.
    """
    settings = company(session)
    request = understood.request
    customer = customers.by_code(session, understood.customers[0].code)
    until = _valid_until(request, settings, asker)
    if isinstance(until, Clarification):
        return until
    found = _opportunity(session, customer, request, on_screen, asker)
    if isinstance(found, Clarification):
        return found
    opportunity, warnings = found
    currency = request.currency or as_currency(customer.currency)
    document = request.language or as_language(customer.language)
    try:
        lines, priced = _lines(session, understood, currency, document, asker)
    except AppError as error:
        if error.code != "no_price":
            raise
        return Clarification(error.message(asker), "currency")
    warnings += priced
    above = over_limit(session, [line.discount_percent for line in lines])
    if above is not None:
        warnings.append(above)
    sums = totals(vat_rows(((line.net, line.product.vat_percent) for line in lines), currency))
    keep_prompt(session, prompt, tuple(f"price:{line.price.id}" for line in lines), conversation)
    new = offer_records.NewVersion(
        currency=currency,
        language=document,
        valid_until=until,
        payment_days=customer.payment_days,
        lines=lines,
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        warnings=warnings,
        awaiting_approval=above is not None,
    )
    return offer_records.record(session, customer, opportunity, new, settings.offer_series)
