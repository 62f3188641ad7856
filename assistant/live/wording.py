"""The words of answers about records: whose, when, how much, and the addresses of lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from sqlalchemy import select

from assistant.live.found import Found, Row
from assistant.live.question import LiveQuestion, Span, Whose
from core.clock import BUSINESS_ZONE, today
from core.errors import say
from core.language import Language
from core.money import print_money
from crm.session import CrmSession
from crm.tables import Activity, Customer, Offer, Opportunity, Stage, User
from offers.currency import as_currency

MOST_ROWS = 8
_LONGEST_TITLE = 80
# Days are written as in the countries the product is for: 22 November 2026.
_LOCALES = {"hu": "hu", "pl": "pl", "en": "en_GB"}
_MOMENTS = {"hu": "y. MMMM d. HH:mm", "pl": "d MMMM y HH:mm", "en": "d MMMM y HH:mm"}


def day(value: date, language: Language) -> str:
    """A day in the words of `language`."""
    return str(format_date(value, "long", locale=_LOCALES[language]))


def moment(value: datetime, language: Language) -> str:
    """A moment on the clocks of the business."""
    return str(format_datetime(value.astimezone(BUSINESS_ZONE), _MOMENTS[language], locale=_LOCALES[language]))


def span_words(span: Span, language: Language) -> str:
    """The days of a span, from and to."""
    if span.first is not None and span.first == span.last:
        return day(span.first, language)
    first = day(span.first, language) if span.first else "…"
    last = day(span.last, language) if span.last else "…"
    return f"{first} – {last}"


def whose_words(session: CrmSession, whose: Whose, language: Language) -> str:
    """Whose records were counted."""
    if whose.kind == "person":
        user = session.scalar(select(User).where(User.login == whose.login))
        return user.display_name(language) if user else whose.login
    return say(f"live_whose_{whose.kind}", language)


def customer_words(session: CrmSession, question: LiveQuestion) -> str:
    """The name of the customer a count is narrowed to; empty where it is not."""
    if not question.customer:
        return ""
    name = session.scalar(select(Customer.name).where(Customer.code == question.customer))
    return name or question.customer


def owner_value(whose: Whose | None) -> str:
    """The value of a list's filter by owner or assignee."""
    if whose is None or whose.kind == "all":
        return ""
    return whose.login if whose.kind == "person" else whose.kind


def list_url(path: str, given: Mapping[str, object]) -> str:
    """The address of a list narrowed by what is `given`; empty values are left out."""
    values = {k: v.isoformat() if isinstance(v, date) else str(v) for k, v in given.items() if v not in (None, "")}
    return f"{path}?{urlencode(values)}" if values else path


def money(amount: Decimal, currency: str, language: Language) -> str:
    """An amount with its currency."""
    return print_money(amount, as_currency(currency), language)


def sums(amounts: Mapping[str, Decimal], language: Language) -> str:
    """Amounts in several currencies side by side, never added up."""
    return "; ".join(money(amounts[currency], currency, language) for currency in sorted(amounts))


@dataclass(frozen=True)
class Said:
    """How a counted answer is worded: the message code of what is counted, its number, and further details."""

    code: str
    count: int
    total: str = ""
    details: tuple[str, ...] = ()


def counted(session: CrmSession, question: LiveQuestion, said: Said, language: Language) -> str:
    """ "Open offers: 3, net total 100 EUR (yours; as of 22 November 2026)." or "No open offers (…)"."""
    about = [whose_words(session, question.whose, language)] if question.whose else []
    about += [named for named in said.details if named]
    if question.span is not None:
        about.append(span_words(question.span, language))
    about.append(say("live_as_of", language, day=day(today(), language)))
    behind = "; ".join(about)
    if said.count == 0:
        return f"{say(said.code + '_none', language)} ({behind})."
    figure = f"{say(said.code, language)}: **{said.count}**"
    return f"{figure}{', ' + said.total if said.total else ''} ({behind})."


def clear(text: str) -> str:
    """A record's own text without the signs that would make a link or a list of it."""
    plain = " ".join(text.split()).translate({ord(c): " " for c in "[]<>`*_|\\"})
    return plain if len(plain) <= _LONGEST_TITLE else plain[:_LONGEST_TITLE].rstrip() + "…"


def offer_row(offer: Offer, language: Language, *more: str) -> Row:
    """An offer: its customer, net, gross and validity."""
    latest = offer.latest
    parts = [
        offer.customer.name,
        say(
            "live_offer_amounts",
            language,
            net=money(latest.net, latest.currency, language),
            gross=money(latest.gross, latest.currency, language),
        ),
        say(f"live_state_{offer.state}", language),
        say("live_valid_until", language, day=day(latest.valid_until, language)),
    ]
    text = ", ".join((*parts, *more))
    return Row(
        f"offer:{offer.number}", offer.number, f"/offers/{offer.number}", say("live_record_offer", language), text
    )


def opportunity_row(deal: Opportunity, stages: Mapping[str, Stage], language: Language, *more: str) -> Row:
    """An opportunity: its customer, stage and, where the level sees it, its net amount."""
    stage = stages.get(deal.stage_code)
    parts = [deal.customer.name, str(stage.names.get(language, deal.stage_code)) if stage else deal.stage_code]
    if deal.amount is not None:
        parts.append(money(deal.amount, deal.currency, language))
    title = clear(f"{deal.code} {deal.title}")
    section = say("live_record_opportunity", language)
    return Row(f"opportunity:{deal.code}", title, f"/opportunities/{deal.code}", section, ", ".join((*parts, *more)))


def activity_row(activity: Activity, language: Language, *more: str) -> Row:
    """An activity: when, what kind, with whom and whose."""
    when = say("live_no_due", language)
    if activity.starts_at is not None:
        when = moment(activity.starts_at, language)
    elif activity.due is not None:
        when = day(activity.due, language)
    parts = [when, str(activity.type.names.get(language, activity.type_code)), activity.customer.name]
    if activity.assignee is not None:
        parts.append(activity.assignee.display_name(language))
    section = say("live_record_activity", language)
    url = f"/activities/{activity.id}"
    return Row(f"activity:{activity.id}", clear(activity.subject), url, section, ", ".join((*parts, *more)))


def customer_row(customer: Customer, language: Language, *more: str) -> Row:
    """A customer: code, city and owner."""
    owner = customer.owner.display_name(language) if customer.owner else say("unassigned", language)
    parts = [part for part in (customer.code, customer.city, owner) if part]
    section = say("record_customer", language)
    url = f"/customers/{customer.code}"
    return Row(f"customer:{customer.code}", clear(customer.name), url, section, ", ".join((*parts, *more)))


def text_of(found: Found, language: Language) -> str:
    """The answer's text: the sentence, then a linked line for each row with the number of its source."""
    lines = [found.sentence]
    for n, row in enumerate(found.rows, start=1):
        link = f"[{clear(row.title)}]({row.url})"
        lines.append(f"- {link}{' – ' + clear_line(row.text) if row.text else ''} [{n}]")
    whole = found.total if found.shown_of is None else found.shown_of
    if whole > len(found.rows) > 0:
        lines.append(say("live_first_of", language, shown=len(found.rows), total=whole))
    return "\n".join(lines)


def clear_line(text: str) -> str:
    """A row's text on one line, with nothing in it that would be a link."""
    return " ".join(text.split()).translate({ord(c): " " for c in "[]<>`\\"})


def numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The first rows of an answer."""
    return tuple(rows[:MOST_ROWS])
