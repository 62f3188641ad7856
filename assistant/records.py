"""Records of the CRM as evidence: what an asker may see of a customer or product, in their language."""

from sqlalchemy import select

from assistant.evidence import Evidence
from core.clock import today
from core.errors import say
from core.language import Language
from core.money import print_money, print_number
from crm import catalogue, pipeline
from crm import customers as customer_records
from crm.session import CrmSession
from crm.tables import Activity, Contact, Customer, Offer, Opportunity, Price, Product
from offers.currency import as_currency

_MOST = 8
SECTIONS = ("contacts", "owner", "opportunities", "tasks", "last_activity", "offers", "basics")


def _rows(items: list[str], language: Language) -> str:
    return "; ".join(items) if items else say("none", language)


def _contacts(session: CrmSession, customer: Customer, language: Language) -> str:
    found = session.scalars(select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.id).limit(_MOST))
    people = []
    for contact in found:
        names = (contact.family_name, contact.given_name)
        name = " ".join(names if language == "hu" else reversed(names))
        people.append(", ".join(part for part in (name, contact.position, contact.email, contact.phone) if part))
    return _rows(people, language)


def _owner(customer: Customer, language: Language) -> str:
    if customer.owner is None:
        return say("unassigned", language)
    return f"{customer.owner.display_name(language)} ({customer.owner.email})"


def _opportunities(session: CrmSession, customer: Customer, language: Language) -> str:
    found = session.scalars(
        select(Opportunity)
        .where(Opportunity.customer_id == customer.id)
        .order_by(Opportunity.opened_on.desc(), Opportunity.id.desc())
        .limit(_MOST)
    )
    return _rows(
        [f"{o.code} {o.title} – {pipeline.stage_name(session, o.stage_code, language)}" for o in found], language
    )


def _tasks(session: CrmSession, customer: Customer, language: Language) -> str:
    found = session.scalars(
        select(Activity)
        .where(Activity.customer_id == customer.id, Activity.state == "open")
        .order_by(Activity.due, Activity.id)
        .limit(_MOST)
    )
    return _rows([f"{a.due.isoformat() if a.due else '–'} {a.subject}" for a in found], language)


def _last_activity(session: CrmSession, customer: Customer, language: Language) -> str:
    last = session.scalars(
        select(Activity)
        .where(Activity.customer_id == customer.id, Activity.state == "done", Activity.due <= today())
        .order_by(Activity.due.desc(), Activity.id.desc())
        .limit(1)
    ).first()
    return _rows([f"{last.due} {last.type.names[language]}: {last.subject}"] if last else [], language)


def _offers(session: CrmSession, customer: Customer, language: Language) -> str:
    found = session.scalars(
        select(Offer).where(Offer.customer_id == customer.id).order_by(Offer.id.desc()).limit(_MOST)
    )
    rows = []
    for offer in found:
        gross = print_money(offer.latest.gross, as_currency(offer.latest.currency), language)
        rows.append(f"{offer.number} – {gross}")
    return _rows(rows, language)


def _basics(customer: Customer, language: Language) -> list[str]:
    address = ", ".join(part for part in (customer.city, customer.address, customer.country) if part)
    values = {
        "label_tax_number": customer.tax_number,
        "label_address": address,
        "label_status": customer.status,
        "label_segment": customer.segment,
        "label_payment_days": str(customer.payment_days),
    }
    return [f"{say(label, language)}: {value}" for label, value in values.items() if value]


def customer_sheet(
    session: CrmSession, customer: Customer, language: Language, n: int, sections: tuple[str, ...] = SECTIONS
) -> Evidence:
    """The named `sections` of what the asker may see of `customer`, a line each."""
    lines: list[str] = []
    for section in sections:
        if section == "basics":
            lines += _basics(customer, language)
        elif section == "owner":
            lines.append(f"{say('label_owner', language)}: {_owner(customer, language)}")
        else:
            read = {
                "contacts": _contacts,
                "opportunities": _opportunities,
                "tasks": _tasks,
                "last_activity": _last_activity,
                "offers": _offers,
            }[section]
            lines.append(f"{say('label_' + section, language)}: {read(session, customer, language)}")
    return Evidence(
        n=n,
        page_id=f"customer:{customer.code}",
        title=customer.name,
        section=say("record_customer", language),
        url=f"/customers/{customer.code}",
        text="\n".join(lines),
    )


def product_sheet(session: CrmSession, product: Product, language: Language, n: int) -> Evidence:
    """What a product costs today in every currency it has a price in, its VAT and minimum quantity."""
    day = today()
    standard = catalogue.everybodys_prices()
    prices = session.scalars(standard.where(Price.product_id == product.id, Price.valid_from <= day))
    current = [
        print_money(price.unit_price, as_currency(price.currency), language)
        for price in sorted(prices, key=lambda p: p.currency)
        if price.valid_to is None or price.valid_to >= day
    ]
    lines = [
        f"SKU: {product.sku}",
        f"{say('label_price', language)}: {', '.join(current) or say('none', language)} / {product.unit}",
        f"{say('label_vat', language)}: {print_number(product.vat_percent, language)}%",
        f"{say('label_minimum', language)}: {print_number(product.minimum_quantity, language)} {product.unit}",
    ]
    return Evidence(
        n=n,
        page_id=f"product:{product.sku}",
        title=catalogue.name_of(product, language),
        section=say("record_product", language),
        url=f"/products/{product.sku}",
        text="\n".join(lines),
    )


def search_customers(session: CrmSession, text: str, language: Language, first: int) -> tuple[Evidence, ...]:
    """Short evidence for each customer found by the beginnings of words in `text`."""
    found = customer_records.search(session, text, limit=_MOST)
    return tuple(
        customer_sheet(session, customer, language, first + i, ("owner", "basics")) for i, customer in enumerate(found)
    )
