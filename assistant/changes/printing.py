"""Values of records printed for people: what a column is called, and what it holds in words."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from babel.dates import format_date, format_datetime
from sqlalchemy import select

from assistant.reply import ChangeView
from core.clock import BUSINESS_ZONE
from core.errors import catalogue, say
from core.language import Language
from core.money import print_money, print_number
from crm import audit_list, pipeline
from crm.proposals import Effect
from crm.session import CrmSession
from crm.tables import ActivityType, Customer, Opportunity, User
from offers.currency import as_currency

# In the order they are shown; of a new record only those that have a value.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "customers": (
        *("name", "tax_number", "country", "city", "address", "industry", "employees", "sites"),
        *("status", "segment", "owner_id", "currency", "language", "payment_days"),
    ),
    "contacts": ("customer_id", "family_name", "given_name", "position", "email", "phone"),
    "opportunities": ("customer_id", "title", "stage_code", "amount", "currency", "source", "campaign", "owner_id"),
    "activities": (
        *("customer_id", "opportunity_id", "type_code", "subject", "state", "starts_at", "due", "minutes"),
        *("assignee_id", "priority", "note"),
    ),
}
# What goes without saying of a new record.
_PLAIN = {("activities", "state"): "open", ("activities", "priority"): "normal"}
_WORDED = frozenset({"status", "state", "priority", "language"})


def day(value: date, language: Language) -> str:
    """A day with its weekday, for a date said in words to be checked at a glance."""
    pattern = {"hu": "y. MMM d., EEEE", "pl": "EEEE, d MMM y", "en": "EEEE, d MMM y"}[language]
    return str(format_date(value, pattern, locale=language))


def moment(value: datetime, language: Language) -> str:
    """A moment with its weekday, where the business is."""
    pattern = {"hu": "y. MMM d., EEEE HH:mm", "pl": "EEEE, d MMM y, HH:mm", "en": "EEEE, d MMM y, HH:mm"}[language]
    return str(format_datetime(value.astimezone(BUSINESS_ZONE), pattern, locale=language))


def label(column: str, language: Language) -> str:
    """What the product calls a column."""
    return say(f"change_label_{column}", language)


def changes(session: CrmSession, effect: Effect, language: Language) -> Iterator[ChangeView]:
    """The values an effect changes, in words. Columns without a word are the program's own and not shown, nor are those
    hidden from the actor's level by now."""
    after, before = effect.after or {}, effect.before
    resource = audit_list.resource_of(effect.table)
    for column in _COLUMNS.get(effect.table, ()):
        if not session.actor.sees(resource, column):
            continue
        if column not in after or (column == "due" and after.get("starts_at")):
            continue
        new = printed(session, effect, column, after[column], language)
        if before is None:
            if new is not None and _PLAIN.get((effect.table, column)) != after[column]:
                yield ChangeView(field=column, label=label(column, language), before=None, after=new)
            continue
        old = printed(session, effect, column, before.get(column), language)
        yield ChangeView(field=column, label=label(column, language), before=old, after=new)


def printed(session: CrmSession, effect: Effect, column: str, value: object, language: Language) -> str | None:
    """`value`, as the audit keeps it, in words; None for nothing."""
    if value is None or value == "":
        return None
    match column:
        case "owner_id" | "assignee_id":
            user = session.get(User, value)
            return user.display_name(language) if user is not None else str(value)
        case "customer_id":
            firm = session.get(Customer, value)
            return f"{firm.name} ({firm.code})" if firm is not None else str(value)
        case "opportunity_id":
            deal = session.get(Opportunity, value)
            return f"{deal.title} ({deal.code})" if deal is not None else str(value)
        case "stage_code":
            return pipeline.stage_name(session, str(value), language)
        case "type_code":
            kind = session.get(ActivityType, value)
            return str(kind.names.get(language, value)) if kind is not None else str(value)
        case "due":
            return day(date.fromisoformat(str(value)), language)
        case "starts_at":
            return moment(datetime.fromisoformat(str(value)), language)
        case "amount":
            return _amount(session, effect, value, language)
        case _ if column in _WORDED and f"change_word_{value}" in catalogue():
            return say(f"change_word_{value}", language)
    return str(value)


def _amount(session: CrmSession, effect: Effect, value: object, language: Language) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    currency = (effect.after or {}).get("currency")
    if currency is None:
        deal = session.scalar(select(Opportunity).where(Opportunity.code == effect.record))
        currency = deal.currency if deal is not None else None
    if currency is None:
        return print_number(amount, language)
    return print_money(amount, as_currency(str(currency)), language)
