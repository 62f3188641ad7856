"""From an understood request to a stored draft: records fetched, figures computed, warnings collected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.clock import today
from core.errors import NotFound, say
from core.language import Language
from core.money import print_number
from crm import catalogue, customers, opportunities
from crm import offers as offer_records
from crm.audit import keep_prompt
from crm.company import Company, company
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Customer, Offer, Opportunity, Stage
from offers.attaching import attach_to, resolve
from offers.clarify import Clarification, quantity_of
from offers.currency import as_currency
from offers.figures import FARTHEST, Edit, EditedLine, FiguredLine, figures
from offers.prices import ForWhom
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


def _typed_lines(session: CrmSession, understood: Understood) -> tuple[EditedLine, ...]:
    """The lines as a form would have them."""
    lines = []
    for match in understood.lines:
        product, quantity = match.products[0], quantity_of(match)
        if catalogue.by_sku(session, product.sku) is None or quantity is None:
            raise NotFound("product", product.sku)
        asked = match.requested.discount_percent
        discount = understood.request.discount_percent if asked is None else asked
        lines.append(
            EditedLine(product.sku, quantity, discount, match.requested.optional, match.requested.option_group)
        )
    return tuple(lines)


def _named_prices(understood: Understood, lines: Sequence[FiguredLine], asker: Language) -> list[Warned]:
    """A warning for each price the person named that is not the price."""
    warnings = []
    for match, line in zip(understood.lines, lines, strict=True):
        named = match.requested.named_price
        if named is not None and line.new is not None and named != line.new.unit_price:
            name = catalogue.name_of(line.new.product, asker)
            warnings.append(warned("warn_named_price", price=print_number(named, asker), product=name))
    return warnings


def _attachments(
    session: CrmSession, request: OfferRequest, language: Language
) -> tuple[tuple[str, ...], list[Warned]]:
    """The codes of what the prompt wants attached, and a warning for each thing that the library does not have or
    has several of: of these none is attached."""
    codes: dict[str, None] = {}
    warnings = []
    for written in request.attach:
        found = resolve(session, written, language)
        if len(found) == 1:
            codes[found[0].code] = None
        elif found:
            titles = ", ".join(each.title for each in found)
            warnings.append(warned("warn_which_to_attach", written=written, titles=titles))
        else:
            warnings.append(warned("warn_nothing_to_attach", written=written))
    return tuple(codes), warnings


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
    attach, missing = _attachments(session, request, document)
    warnings += [*missing, *(warned(remark.code, **remark.values) for remark in understood.remarks)]
    edit = Edit(
        _typed_lines(session, understood),
        until,
        customer.payment_days if request.payment_days is None else request.payment_days,
        language=document,
        title=request.title,
        notes=request.notes or "",
        delivery=request.delivery or "",
        warranty=request.warranty or "",
        attach=attach,
        made_from="prompt",
    )
    whom = ForWhom(customer, opportunity.campaign if opportunity else None)
    worked = figures(session, edit, currency, document, whom)
    fault = next((line.error for line in worked.lines if line.error is not None), None)
    if fault is not None and fault.code == "no_price":
        return Clarification(fault.message(asker), "currency")
    if fault is not None:
        raise fault
    warnings += _named_prices(understood, worked.lines, asker)
    new = worked.version(edit)
    keep_prompt(session, prompt, tuple(f"price:{line.price.id}" for line in new.lines), conversation)
    offer = offer_records.record(
        session, customer, opportunity, replace(new, warnings=(*warnings, *new.warnings)), settings.series_for(document)
    )
    return attach_to(session, offer, new.attachments)
