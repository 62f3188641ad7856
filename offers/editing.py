"""Offers made and changed by a form: the figures of an unstored edit, a new offer, a new version of one."""

from dataclasses import dataclass

from core.errors import AppError, NotFound
from core.language import Language
from core.money import Currency
from crm import offers as offer_records
from crm import opportunities
from crm.audit import keep_prompt
from crm.company import company
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Customer, Offer, Opportunity
from offers.attaching import attach_to
from offers.currency import as_currency
from offers.figures import Edit, Figures, figures
from offers.prices import ForWhom


@dataclass(frozen=True)
class Said:
    """The words a change was asked for with, kept as its cause and erased with their `conversation` (its code), and the
    language that its warnings are told in."""

    prompt: str
    language: Language
    conversation: str | None = None

    def keep(self, session: CrmSession, *sources: str) -> None:
        """Keep the words as the cause of this unit of work."""
        keep_prompt(session, self.prompt, sources, self.conversation)


def figures_of_new(
    session: CrmSession,
    customer: Customer,
    currency: Currency | None,
    edit: Edit,
    opportunity: Opportunity | None = None,
) -> Figures:
    """The figures of an offer not yet made to `customer`, in the customer's currency unless another is given."""
    language = edit.language or as_language(customer.language)
    whom = ForWhom(customer, opportunity.campaign if opportunity else None)
    money = currency or edit.currency or as_currency(customer.currency)
    return figures(session, edit, money, language, whom)


def figures_of_revision(session: CrmSession, offer: Offer, edit: Edit) -> Figures:
    """The figures `offer`, whose versions and lines are loaded, would have; its currency stays unless `edit` has
    another."""
    before = offer.latest
    currency = edit.currency or as_currency(before.currency)
    earlier = {line.sku: line.price for line in before.lines} if before.currency == currency else {}
    language = edit.language or as_language(before.language)
    whom = ForWhom(offer.customer, offer.opportunity.campaign if offer.opportunity else None)
    return figures(session, edit, currency, language, whom, earlier)


def store_new(
    session: CrmSession,
    customer: Customer,
    opportunity_code: str | None,
    currency: Currency | None,
    edit: Edit,
    said: Said | None = None,
) -> Offer:
    """Record a new offer; without an opportunity named it belongs to the customer's newest open one, if there is one.

    Raises `AppError("offer_form_wrong")`, `NotFound` for an opportunity that is not the customer's, `Forbidden`.
    """
    opportunity = _opportunity(session, customer, opportunity_code)
    new = figures_of_new(session, customer, currency, edit, opportunity).version(edit)
    if said is not None:
        said.keep(session, *(f"price:{line.price.id}" for line in new.lines))
    offer = offer_records.record(
        session, customer, opportunity, new, company(session).series_for(as_language(new.language))
    )
    return attach_to(session, offer, new.attachments)


def opportunity_shown(session: CrmSession, customer: Customer, code: str | None) -> Opportunity | None:
    """The opportunity `store_new` would take; none where `code` names none of the customer's."""
    try:
        found = _opportunity(session, customer, code)
    except NotFound:
        return None
    return found if found is not None and found.customer_id == customer.id else None


def _opportunity(session: CrmSession, customer: Customer, code: str | None) -> Opportunity | None:
    return opportunities.by_code(session, code) if code else opportunities.newest_open(session, customer)


def store_revision(session: CrmSession, number: str, version: int, edit: Edit, said: Said | None = None) -> Offer:
    """Record the next version of an offer read when its record had `version`.

    Raises `NotFound`, `AppError("conflict")` where the offer was changed since, `AppError("offer_form_wrong")`,
    `Forbidden`.
    """
    offer = offer_records.by_number(session, number, locked=True)
    unchanged_since(offer, version)
    new = figures_of_revision(session, offer, edit).version(edit)
    if said is not None:
        said.keep(session, f"offer:{offer.number}", *(f"price:{line.price.id}" for line in new.lines))
    offer_records.revise(session, offer, new)
    return attach_to(session, offer, new.attachments)


def unchanged_since(offer: Offer, version: int | None) -> None:
    """Raise `AppError("conflict")` where the record of `offer` is no longer the one with `version`."""
    if version is not None and offer.version != version:
        raise AppError("conflict", 409)
