"""Questions about customers: how many there are, who was not spoken to, and the facts of one."""

from datetime import timedelta

from assistant import records
from assistant.live.found import Found, Row
from assistant.live.question import LiveQuestion
from assistant.live.wording import MOST_ROWS, Said, counted, customer_row, day, list_url, owner_value
from core.clock import today
from core.errors import say
from core.language import Language
from crm import contacts, customer_list
from crm.customer_list import NOBODY, CustomerFilters
from crm.session import CrmSession
from crm.tables import Customer

PATH = "/customers"
# The narrower of two wordings: "phone" asks for the number, "contact" for the people.
_FIELDS = ("phone", "email")
_BASICS = {
    "address": "label_address",
    "tax": "label_tax_number",
    "segment": "label_segment",
    "status": "label_status",
    "payment": "label_payment_days",
}


def _url(filters: CustomerFilters, order: str, quiet: int = 0) -> str:
    given: dict[str, object] = {
        name: value for name, value in vars(filters).items() if name not in ("text", "quiet_since", "open_opportunity")
    }
    return list_url(PATH, {"q": filters.text, **given, "quiet": quiet or "", "order": order})


def _base(question: LiveQuestion) -> CustomerFilters:
    return CustomerFilters(
        owner=owner_value(question.whose),
        city=question.city,
        segment=question.segment,
        status=question.status,
        country=question.country,
    )


def _details(question: LiveQuestion, language: Language) -> tuple[str, ...]:
    return (
        question.city,
        f"{say('label_segment', language)}: {question.segment}" if question.segment else "",
        say(f"live_status_{question.status}", language) if question.status else "",
        question.country,
    )


def _answer(
    session: CrmSession,
    question: LiveQuestion,
    filters: CustomerFilters,
    language: Language,
    order: str = "name",
    quiet: int = 0,
) -> Found:
    page = customer_list.page(session, filters, order, size=MOST_ROWS)
    beside = customer_list.beside(session, page.rows)
    rows: list[Row] = []
    for customer in page.rows:
        last = beside[customer.id].last_contact
        contact = (
            say("live_last_contact", language, day=day(last, language)) if last else say("live_no_contact", language)
        )
        rows.append(customer_row(customer, language, *((contact,) if quiet else ())))
    more = (say("live_without_days", language, days=quiet),) if quiet else ()
    said = Said(f"live_{question.kind}", page.total, "", (*_details(question, language), *more))
    url = _url(filters, order, quiet)
    return Found(counted(session, question, said, language), tuple(rows), page.total, url)


def customers(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Customers by owner, city, segment, status and country."""
    return _answer(session, question, _base(question), language)


def customers_unassigned(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Customers that nobody owns."""
    filters = CustomerFilters(**{**vars(_base(question)), "owner": NOBODY})
    return _answer(session, question, filters, language)


def customers_quiet(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Customers without a finished activity in so many days, those never contacted first."""
    days = question.days or 30
    filters = CustomerFilters(**{**vars(_base(question)), "quiet_since": today() - timedelta(days=days)})
    return _answer(session, question, filters, language, "last_contact", days)


def owner(session: CrmSession, customer: Customer, language: Language) -> Found:
    """Who answers for a customer."""
    row = customer_row(customer, language)
    if customer.owner is None:
        return Found(say("live_customer_owner_none", language, customer=customer.name), (row,), 1)
    name = customer.owner.display_name(language)
    sentence = say("live_customer_owner", language, customer=customer.name, owner=name, email=customer.owner.email)
    return Found(sentence, (row,), 1)


def contact_people(session: CrmSession, customer: Customer, question: LiveQuestion, language: Language) -> Found:
    """The contacts of a customer; asked for a phone number or an address of e-mail, that comes first.

    A number that is hidden from the level reads exactly like one nobody recorded.
    """
    people = contacts.of(session, customer)
    asked = [name for name in _FIELDS if name in question.asked]
    rows = []
    for contact in people[:MOST_ROWS]:
        parts = (contact.family_name, contact.given_name)
        name = " ".join(parts if language == "hu" else reversed(parts))
        told = [contact.position, contact.email, contact.phone]
        if asked:
            told = [str(getattr(contact, field) or say(f"live_no_{field}", language)) for field in asked]
            told.insert(0, contact.position)
        url = f"/customers/{customer.code}#contacts"
        text = ", ".join(part for part in told if part)
        rows.append(Row(f"customer:{customer.code}", name, url, say("label_contacts", language), text))
    if not people:
        return Found(
            say("live_customer_contacts_none", language, customer=customer.name), (customer_row(customer, language),), 1
        )
    sentence = say("live_customer_contacts", language, customer=customer.name, count=len(people))
    if asked and all(getattr(contact, field) is None for contact in people for field in asked):
        sentence = say(f"live_{asked[0]}_not_shown", language, customer=customer.name)
    return Found(sentence, tuple(rows), len(people), f"/customers/{customer.code}")


def details(session: CrmSession, customer: Customer, question: LiveQuestion, language: Language) -> Found:
    """Address, tax number, segment, status and payment days of a customer: those asked for."""
    sheet = records.customer_sheet(session, customer, language, 1, ("basics",))
    wanted = [say(label, language) for name, label in _BASICS.items() if name in question.asked]
    lines = [line for line in sheet.text.splitlines() if line.split(":", 1)[0] in wanted]
    told = "; ".join(lines) if lines else say("live_not_recorded", language)
    sentence = f"**{customer.name}** – {told}."
    return Found(sentence, (customer_row(customer, language),), 1)
