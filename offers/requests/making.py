"""What the person says of a request, and the offer made of it: figures as by form, nothing of the file's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.clock import today
from core.errors import AppError, NotFound
from core.language import Language
from core.money import Currency, plain
from crm import catalogue, customers, request_files
from crm.company import company
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferRequestFile
from offers.clarify import LARGEST_QUANTITY
from offers.currency import as_currency
from offers.editing import Said, store_new
from offers.figures import Edit, EditedLine
from offers.requests.quantities import number_of
from offers.requests.recognised import Pick, Picks, Recognised
from offers.requests.view import request_view

_LONGEST_CAUSE = 10_000
_PLACES = 4


@dataclass(frozen=True)
class Typed:
    """What the person typed of a line: our SKU, a number in their language's writing, or that it is left out. None or
    empty keeps what was there."""

    sku: str | None = None
    quantity: str | None = None
    left_out: bool | None = None


def pick(
    session: CrmSession,
    code: str,
    version: int,
    customer: str | None,
    lines: Mapping[int, Typed],
    currency: Currency | None = None,
    language: Language | None = None,
) -> OfferRequestFile:
    """Keep what the person says of the request `code`; the rest stays as it was.

    Raises `NotFound` for a request, customer, line or product there is not, `AppError` (422) for a quantity that is no
    number, and as `crm.request_files.open_to_change`.
    """
    file = request_files.open_to_change(session, code, version)
    recognised = Recognised.model_validate(file.recognised)
    known = {line.n for line in recognised.lines}
    picks = dict(recognised.picks.lines)
    for n, typed in lines.items():
        if n not in known:
            raise NotFound("line", n)
        picks[n] = _typed(session, picks.get(n, Pick()), typed)
    before = recognised.picks
    whom = customers.by_code(session, customer).code if customer else before.customer
    said = Picks(customer=whom, currency=currency or before.currency, language=language or before.language, lines=picks)
    file.recognised = recognised.model_copy(update={"picks": said}).model_dump(mode="json")
    session.flush()
    return file


def _typed(session: CrmSession, before: Pick, typed: Typed) -> Pick:
    sku, quantity = before.sku, before.quantity
    if typed.sku and typed.sku.strip():
        product = catalogue.by_sku(session, typed.sku)
        if product is None or not product.active:
            raise NotFound("product", typed.sku.strip()[:40])
        sku = product.sku
    if typed.quantity and typed.quantity.strip():
        number = number_of(typed.quantity, session.actor.language)
        if number is None or not (0 < number <= LARGEST_QUANTITY and number == round(number, _PLACES)):
            raise AppError("line_quantity_wrong", 422)
        quantity = plain(number)
    left_out = before.left_out if typed.left_out is None else typed.left_out
    return Pick(sku=sku, quantity=quantity, left_out=left_out)


def make(
    session: CrmSession, code: str, version: int, opportunity: str | None = None, conversation: str | None = None
) -> Offer:
    """Record the draft for the request `code` as the person left it; the words of its lines are the cause.

    Discounts and prices of the file are not used. Raises `AppError("request_unanswered")` (409) while anything is to be
    said, `AppError("request_empty")` where every line is left out, and as `offers.editing.store_new`.
    """
    file = request_files.open_to_change(session, code, version)
    view = request_view(session, file, session.actor.language)
    if view.to_answer:
        raise AppError("request_unanswered", 409, request=file.code, count=view.to_answer)
    recognised = Recognised.model_validate(file.recognised)
    wanted = [line for line in view.lines if line.state in ("sure", "settled")]
    if not wanted or view.customer.code is None:
        raise AppError("request_empty", 422, request=file.code)
    customer = customers.by_code(session, view.customer.code)
    edit = Edit(
        lines=tuple(EditedLine(line.sku or "", Decimal(line.quantity or 0)) for line in wanted),
        valid_until=today() + timedelta(days=company(session).offer_valid_days),
        payment_days=customer.payment_days,
        language=view.document_language or as_language(customer.language),
        made_from=f"request {file.code}",
    )
    words = "\n".join(line.words for line in recognised.lines)
    said = Said(f"{file.code} {file.filename}\n{words}"[:_LONGEST_CAUSE], session.actor.language, conversation)
    currency = view.currency or as_currency(customer.currency)
    offer = store_new(session, customer, opportunity, currency, edit, said)
    file.state, file.offer_number = "used", offer.number
    session.flush()
    return offer
