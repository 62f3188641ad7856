"""The contacts of a customer: any number of them, added, changed and removed by right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.errors import AppError, NotFound
from crm.customer_fields import FieldsRefused, needed_text, short_text
from crm.session import CrmSession
from crm.tables import Contact, Customer

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s.<>,;\"]+")
# Digits with the signs people put between them, and an extension.
_PHONE = re.compile(r"\+?[\d\s()./-]{3,40}(?:\s*(?:x|ext\.?|mellék|wew\.?)\s*\d{1,6})?", re.IGNORECASE)


@dataclass(frozen=True)
class ContactFields:
    """What a person types about a contact; only the two names are needed."""

    family_name: str = ""
    given_name: str = ""
    position: str = ""
    email: str = ""
    phone: str = ""
    marketing_consent: bool = False


def of(session: CrmSession, customer: Customer) -> list[Contact]:
    """The customer's contacts that the actor sees, the one recorded first in front: offers are addressed to it."""
    return list(session.scalars(select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.id)))


def _at(session: CrmSession, customer: Customer, contact_id: int) -> Contact:
    found = session.scalar(select(Contact).where(Contact.id == contact_id, Contact.customer_id == customer.id))
    if found is None:
        raise NotFound("contact", contact_id)
    return found


def _matching(text: str, form: re.Pattern[str], code: str) -> str | None:
    kept = short_text(text)
    if kept is not None and not form.fullmatch(kept):
        raise AppError(code, 422)
    return kept


def _email(session: CrmSession, customer: Customer, text: str, known: Contact | None) -> str | None:
    email = _matching(text, _EMAIL, "contact_email")
    if email is None or not session.actor.sees("contact", "email"):
        return email
    same = session.scalar(
        select(Contact.id).where(Contact.customer_id == customer.id, func.lower(Contact.email) == email.lower())
    )
    if same is not None and (known is None or same != known.id):
        raise AppError("contact_email_known", 422, email=email)
    return email


def _read(session: CrmSession, customer: Customer, typed: ContactFields, known: Contact | None) -> Mapping[str, object]:
    values: dict[str, object] = {"marketing_consent": typed.marketing_consent}
    faults: dict[str, AppError] = {}
    readers: dict[str, Callable[[], object]] = {
        "family_name": lambda: needed_text(typed.family_name),
        "given_name": lambda: needed_text(typed.given_name),
        "position": lambda: short_text(typed.position),
        "email": lambda: _email(session, customer, typed.email, known),
        "phone": lambda: _matching(typed.phone, _PHONE, "contact_phone"),
    }
    for name, reader in readers.items():
        # What is hidden from the actor's level was not on their form: it stays as it is.
        if not session.actor.sees("contact", name):
            continue
        try:
            values[name] = reader()
        except AppError as fault:
            faults[name] = fault
    if faults:
        raise FieldsRefused(faults)
    return values


def add(session: CrmSession, customer: Customer, typed: ContactFields) -> Contact:
    """A new contact of `customer`. Raises `FieldsRefused`, `Forbidden`, or `NotFound` for a customer out of reach."""
    contact = Contact(customer_id=customer.id, customer=customer, **_read(session, customer, typed, None))
    session.add(contact)
    session.flush()
    return contact


def change(session: CrmSession, customer: Customer, contact_id: int, version: int, typed: ContactFields) -> Contact:
    """Give a contact of `customer`, as it was at `version`, these values. Raises as `add` does, `NotFound` and
    `AppError("conflict")`."""
    contact = _at(session, customer, contact_id)
    if contact.version != version:
        raise AppError("conflict", 409)
    for name, value in _read(session, customer, typed, contact).items():
        if getattr(contact, name) != value:
            setattr(contact, name, value)
    session.flush()
    return contact


def remove(session: CrmSession, customer: Customer, contact_id: int, version: int) -> Contact:
    """Remove a contact of `customer`; the audit keeps who it was. Raises `NotFound`, `Forbidden`, `conflict`."""
    contact = _at(session, customer, contact_id)
    if contact.version != version:
        raise AppError("conflict", 409)
    session.delete(contact)
    session.flush()
    return contact
