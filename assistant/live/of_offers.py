"""Questions about offers."""

from dataclasses import replace

from assistant.live.found import Found
from assistant.live.question import LiveQuestion, Whose
from assistant.live.wording import (
    MOST_ROWS,
    Said,
    counted,
    customer_words,
    day,
    list_url,
    offer_row,
    owner_value,
    sums,
)
from core.clock import today
from core.errors import say
from core.language import Language
from crm import offer_list
from crm.lists import found
from crm.offer_list import OfferFilters
from crm.session import CrmSession
from crm.tables import Offer

PATH = "/offers"


def _base(question: LiveQuestion) -> OfferFilters:
    return OfferFilters(owner=owner_value(question.whose), customer=question.customer)


def _made(filters: OfferFilters, question: LiveQuestion) -> OfferFilters:
    span = question.span
    return filters if span is None else replace(filters, since=span.first, until=span.last)


def _url(filters: OfferFilters, order: str) -> str:
    names = {"since": "from", "until": "to"}
    given = {names.get(name, name): value for name, value in vars(filters).items()}
    return list_url(PATH, {**given, "order": order})


def _answer(
    session: CrmSession, question: LiveQuestion, filters: OfferFilters, language: Language, order: str = "-number"
) -> Found:
    page = found(session, offer_list.query_for(session, filters, order), Offer.id, size=MOST_ROWS)
    totals = offer_list.sums(session, filters) if page.total else {}
    total = say(
        "live_offer_totals",
        language,
        net=sums({currency: one.net for currency, one in totals.items()}, language),
        gross=sums({currency: one.gross for currency, one in totals.items()}, language),
    )
    details = (customer_words(session, question),)
    said = Said(f"live_{question.kind}", page.total, total if page.total else "", details)
    rows = tuple(offer_row(offer, language) for offer in page.rows)
    return Found(counted(session, question, said, language), rows, page.total, _url(filters, order))


def offers_open(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers still valid whose opportunity is not won or lost; made in the span, if one was named."""
    filters = _made(replace(_base(question), state="open"), question)
    return _answer(session, question, filters, language)


def offers(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers in any state, by the day their newest version was made."""
    return _answer(session, question, _made(_base(question), question), language)


def offers_draft(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers not yet issued."""
    return _answer(session, question, _made(replace(_base(question), state="draft"), question), language)


def offers_awaiting(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers that wait for approval; who may approve offers and says "mine" means those that wait for them."""
    if question.whose == Whose("me") and session.actor.scope("offer", "approve") is not None:
        question = replace(question, whose=Whose("all"))
    return _answer(session, question, replace(_base(question), state="awaiting_approval"), language, "number")


def offers_expired(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers whose validity is over."""
    return _answer(session, question, replace(_base(question), state="expired"), language, "-valid_until")


def offers_expiring(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Open offers whose last day of validity is in the span; days that have passed do not count."""
    span = question.span
    first = max(today(), span.first) if span and span.first else today()
    filters = replace(_base(question), state="open", valid_from=first, valid_to=span.last if span else None)
    return _answer(session, question, filters, language, "valid_until")


def offers_issued(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Offers issued on a day of the span, with what they come to."""
    span = question.span
    filters = replace(
        _base(question),
        state="issued",
        issued_from=span.first if span else None,
        issued_to=span.last if span else None,
    )
    return _answer(session, question, filters, language)


def offer_last(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The newest offer to a customer, and what it comes to."""
    filters = OfferFilters(customer=question.customer)
    page = found(session, offer_list.query_for(session, filters), Offer.id, size=1)
    url = _url(filters, "-number")
    if not page.rows:
        return Found(say("live_offer_last_none", language, customer=question.customer, day=day(today(), language)))
    last = page.rows[0]
    row = offer_row(last, language)
    sentence = say(
        "live_offer_last",
        language,
        customer=last.customer.name,
        number=last.number,
        made=day(last.latest.made_on, language),
        total=row.text.split(", ", 1)[1],
    )
    return Found(sentence, (row,), page.total, url if page.total > 1 else "")
