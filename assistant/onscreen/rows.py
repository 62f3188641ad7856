"""One line about a record, read anew under the asker's rights, with the record as its source."""

from assistant import records
from assistant.evidence import Evidence
from assistant.onscreen.screen_links import record_link
from assistant.reply import LinkView
from core.errors import AppError, say
from core.language import Language
from core.money import print_money
from crm import pipeline
from crm.catalogue import name_of
from crm.explain_checks import find
from crm.session import CrmSession
from crm.tables import Activity, Base, Customer, Offer, Opportunity, Product
from offers.currency import as_currency


def seen(session: CrmSession, resource: str, code: str) -> Base | None:
    """The record with this code as the asker sees it; None where there is none for them, of whatever kind."""
    try:
        return find(session, resource, code)
    except AppError:
        return None


def label(session: CrmSession, record: Base, language: Language) -> str:
    """What the record is called in a line: its code and what tells it apart."""
    match record:
        case Customer():
            return f"{record.code} {record.name}"
        case Opportunity():
            return f"{record.code} {record.title}"
        case Offer():
            return f"{record.number} {record.customer.name}"
        case Activity():
            return f"{record.type.names[language]}: {record.subject}"
        case Product():
            return f"{record.sku} {name_of(record, language)}"
        case _:
            return str(getattr(record, "record", ""))


def facts(session: CrmSession, record: Base, language: Language) -> str:
    """What matters of it now, in a few words."""
    match record:
        case Offer():
            gross = print_money(record.latest.gross, as_currency(record.latest.currency), language)
            return f"{say(f'offer_state_{record.state}', language)}, {gross}"
        case Opportunity():
            stage = pipeline.stage_name(session, record.stage_code, language)
            return f"{record.customer.name}, „{stage}”" if language != "en" else f"{record.customer.name}, “{stage}”"
        case Activity():
            return f"{record.customer.name}, {record.due.isoformat() if record.due else '–'}"
        case Customer():
            owner = record.owner.display_name(language) if record.owner else say("unassigned", language)
            return f"{say('label_owner', language)}: {owner}"
        case _:
            return ""


def row(session: CrmSession, record: Base, language: Language) -> str:
    """The record's name and what matters of it."""
    told = facts(session, record, language)
    return label(session, record, language) + (f" ({told})" if told else "")


def source(session: CrmSession, record: Base, language: Language) -> Evidence | None:
    """The record as a source; None for a kind that has no screen of its own."""
    if isinstance(record, Customer):
        return records.customer_sheet(session, record, language, 1, ("owner", "basics"))
    link = link_to(session, record, language)
    if link is None:
        return None
    kind = record.resource
    name, told = label(session, record, language), row(session, record, language)
    return Evidence(1, f"{kind}:{_code(record)}", name, say(f"resource_{kind}", language), link.url, told)


def _code(record: Base) -> str:
    return str(record.id) if isinstance(record, Activity) else str(getattr(record, "record", ""))


def link_to(session: CrmSession, record: Base, language: Language) -> LinkView | None:
    """A link to the record's screen."""
    return record_link(record.resource, _code(record), label(session, record, language))
