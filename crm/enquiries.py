"""The door for enquiries from outside systems, such as a call centre or a web form."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core.errors import AppError
from crm import activities, customers, numbers, opportunities
from crm.session import CrmSession
from crm.tables import Contact, Customer, Opportunity


@dataclass(frozen=True)
class Enquiry:
    """Who asks and for what. `currency` and `language` are used only when the firm is new."""

    company: str
    contact_family_name: str
    contact_given_name: str
    email: str
    subject: str
    tax_number: str | None = None
    phone: str | None = None
    message: str | None = None
    source: str = "web"
    country: str = "HU"
    currency: str = "HUF"
    language: str = "hu"


def _customer(session: CrmSession, enquiry: Enquiry) -> Customer:
    found = customers.find_by_tax_number(session, enquiry.tax_number or "")
    if found is None:
        known = session.scalars(
            select(Contact).where(func.lower(Contact.email) == enquiry.email.lower()).order_by(Contact.id).limit(1)
        ).first()
        found = known.customer if known else None
    if found is None:
        key = customers.sounds_like(enquiry.company)
        same = [c for c in customers.like(session, (key,)) if customers.sounds_like(c.name) == key]
        found = same[0] if len(same) == 1 else None
    if found is not None:
        return found
    customer = Customer(
        code=f"C{numbers.draw(session, 'customer'):04d}",
        name=enquiry.company.strip(),
        tax_number=enquiry.tax_number,
        tax_key=customers.tax_key(enquiry.tax_number),
        country=enquiry.country,
        currency=enquiry.currency,
        language=enquiry.language,
    )
    session.add(customer)
    session.flush()
    return customer


def receive(session: CrmSession, enquiry: Enquiry) -> Opportunity:
    """Find or make the customer and the contact, and open an opportunity where outside enquiries begin.

    A firm is found by tax number, then by its contact's e-mail address, then by its name if just one fits.
    What the sender wrote is kept as a note. Raises `AppError("enquiry_incomplete")`.
    """
    if not enquiry.company.strip() or "@" not in enquiry.email:
        raise AppError("enquiry_incomplete", 422)
    customer = _customer(session, enquiry)
    contact = session.scalars(
        select(Contact)
        .where(Contact.customer_id == customer.id, func.lower(Contact.email) == enquiry.email.lower())
        .limit(1)
    ).first()
    if contact is None:
        session.add(
            Contact(
                customer_id=customer.id,
                customer=customer,
                family_name=enquiry.contact_family_name,
                given_name=enquiry.contact_given_name,
                email=enquiry.email,
                phone=enquiry.phone,
            )
        )
    opportunity = opportunities.open_new(session, customer, enquiry.subject, "external", source=enquiry.source)
    if enquiry.message:
        activities.record(
            session, customer, "note", enquiry.subject, opportunity=opportunity, done=True, note=enquiry.message
        )
    session.flush()
    return opportunity
