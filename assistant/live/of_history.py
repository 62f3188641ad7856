"""What happened with a customer or an opportunity, and what a customer bought."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from assistant.live.found import Found, Row
from assistant.live.of_opportunities import stages
from assistant.live.question import LiveQuestion
from assistant.live.wording import MOST_ROWS, clear, day, list_url, moment, money, offer_row, opportunity_row
from core.clock import today
from core.errors import say
from core.language import Language
from core.money import print_number
from crm import opportunity_history, timeline
from crm.session import CrmSession
from crm.tables import Customer, Offer, OfferVersion, Opportunity
from crm.timeline import Event

# How far back the history of a customer is read for an answer, and how many events each time.
_MOST_READ, _READ_AT_ONCE = 1000, 200


def _within(question: LiveQuestion, when: date) -> bool:
    span = question.span
    if span is None:
        return True
    return (span.first is None or when >= span.first) and (span.last is None or when <= span.last)


def _past(session: CrmSession, customer: Customer, question: LiveQuestion) -> tuple[list[Event], bool]:
    """The events of the span, newest first, and whether older ones of it may have been left unread."""
    first = question.span.first if question.span else None
    events: list[Event] = []
    for offset in range(0, _MOST_READ if question.span else _READ_AT_ONCE, _READ_AT_ONCE):
        page = timeline.past(session, customer, offset, _READ_AT_ONCE)
        events += [event for event in page.events if _within(question, event.day)]
        if not page.more or (first is not None and page.events[-1].day < first):
            return events, False
    return events, True


def _field_names(event: Event, language: Language) -> str:
    return ", ".join(change.field.removesuffix("_id") for change in event.changes)


def customer_changes(session: CrmSession, customer: Customer, question: LiveQuestion, language: Language) -> Found:
    """The last events of a customer's history, as far as the asker may read them."""
    events, capped = _past(session, customer, question)
    known = stages(session)
    rows = []
    for event in events[:MOST_ROWS]:
        when = day(event.day, language) if event.whole_day else moment(event.at, language)
        parts = [when, say(f"live_event_{event.kind}", language)]
        if event.kind == "stage_moved" and event.kind_code in known:
            parts.append(str(known[event.kind_code].names.get(language, event.kind_code)))
        if event.changes:
            parts.append(_field_names(event, language))
        if event.by:
            parts.append(event.by)
        page, url = _event_record(event, customer)
        rows.append(
            Row(page, clear(event.title or customer.name), url, say("record_customer", language), ", ".join(parts))
        )
    values = {"customer": customer.name, "count": len(events), "day": day(today(), language)}
    code = "live_record_changes" if rows else "live_record_changes_none"
    if capped:
        code = "live_record_changes_at_least" if rows else "live_record_changes_unread"
        values["count"] = len(events) or _MOST_READ
    # The customer's page has the whole history, not the days asked about.
    total = 0 if question.span or capped else len(events)
    url = f"/customers/{customer.code}"
    return Found(say(code, language, **values), tuple(rows), total, url, shown_of=0 if capped else len(events))


def _event_record(event: Event, customer: Customer) -> tuple[str, str]:
    if event.kind.startswith("offer_"):
        return f"offer:{event.code}", f"/offers/{event.code}"
    if event.kind in ("opportunity_opened", "stage_moved"):
        return f"opportunity:{event.code}", f"/opportunities/{event.code}"
    if event.kind == "activity_done":
        return f"activity:{event.code}", f"/activities/{event.code}"
    return f"customer:{customer.code}", f"/customers/{customer.code}"


def opportunity_changes(session: CrmSession, deal: Opportunity, question: LiveQuestion, language: Language) -> Found:
    """The last events of an opportunity's history, as far as the asker may read them."""
    known = stages(session)
    events = [e for e in opportunity_history.history(session, deal) if _within(question, e.day)]
    rows = []
    for event in events[:MOST_ROWS]:
        when = day(event.day, language) if event.whole_day else moment(event.at, language)
        told = (
            str(known[event.text].names.get(language)) if event.kind == "stage" and event.text in known else event.text
        )
        kind = f"live_event_offer_{event.about.kind}" if event.about else f"live_history_{event.kind}"
        parts = [when, say(kind, language), *([event.by] if event.by else [])]
        url = f"/opportunities/{deal.code}"
        section = say("live_record_opportunity", language)
        rows.append(Row(f"opportunity:{deal.code}", clear(told or deal.code), url, section, ", ".join(parts)))
    values = {"customer": deal.code, "count": len(events), "day": day(today(), language)}
    sentence = say("live_record_changes" if rows else "live_record_changes_none", language, **values)
    return Found(sentence, tuple(rows), len(events), f"/opportunities/{deal.code}")


def bought(session: CrmSession, customer: Customer, language: Language) -> Found:
    """What a customer bought: the lines of issued offers of won opportunities, and won opportunities without one."""
    query = (
        select(Opportunity)
        .where(Opportunity.customer_id == customer.id, Opportunity.stage_code == "won")
        .order_by(Opportunity.stage_since.desc(), Opportunity.id.desc())
    )
    deals = list(session.scalars(query))
    offers = session.scalars(
        select(Offer)
        .where(Offer.opportunity_id.in_([d.id for d in deals]), Offer.state.in_(("issued", "accepted")))
        .options(selectinload(Offer.versions).selectinload(OfferVersion.lines))
        .order_by(Offer.id.desc())
    ).all()
    known = stages(session)
    rows = []
    for deal in deals:
        own = [offer for offer in offers if offer.opportunity_id == deal.id]
        rows += [offer_row(offer, language, _lines(offer, language)) for offer in own]
        if not own:
            rows.append(opportunity_row(deal, known, language))
    if not deals:
        return Found(say("live_customer_bought_none", language, customer=customer.name, day=day(today(), language)))
    url = list_url("/opportunities", {"view": "list", "customer": customer.code, "stage": "won"})
    sentence = say(
        "live_customer_bought", language, customer=customer.name, count=len(deals), day=day(today(), language)
    )
    return Found(sentence, tuple(rows[:MOST_ROWS]), len(deals), url, shown_of=len(rows))


def _lines(offer: Offer, language: Language) -> str:
    currency = offer.latest.currency
    return "; ".join(
        f"{print_number(line.quantity, language)} {line.unit} {line.name} ({money(line.net, currency, language)})"
        for line in offer.latest.lines
    )
