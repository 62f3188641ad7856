"""Contacts from a file, known by their e-mail address, or without one by customer and name."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from crm.imports import find
from crm.imports.cells import Code, OptionalEmail, OptionalText, Text, YesNo
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, put, refuse_unknown
from crm.session import CrmSession
from crm.tables import Contact


class ContactRow(Row):
    """A person at a customer. E-mail addresses are kept in lower case."""

    customer_code: Code
    family_name: Text
    given_name: Text
    email: OptionalEmail
    position: OptionalText = None
    phone: OptionalText = None
    marketing_consent: YesNo = False


_PLAIN = {name: name for name in ("family_name", "given_name", "position", "phone", "marketing_consent")}


class _Known:
    """The contacts a batch may mean, those of the file included as they come."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._by_email: dict[str, Contact] = {}
        self._by_name: dict[tuple[int, str, str], list[Contact]] = {}
        for contact in contacts:
            self.add(contact)

    def add(self, contact: Contact) -> None:
        if contact.email:
            self._by_email.setdefault(contact.email.lower(), contact)
        namesakes = self._by_name.setdefault((contact.customer_id, contact.family_name, contact.given_name), [])
        if contact not in namesakes:
            namesakes.append(contact)

    def match(self, customer_id: int, row: ContactRow) -> Contact | None:
        """The contact with the row's address; failing that the namesake at the customer who has none.

        A row without an address means any namesake at the customer.
        """
        if row.email and row.email in self._by_email:
            return self._by_email[row.email]
        namesakes = self._by_name.get((customer_id, row.family_name, row.given_name), [])
        return next((c for c in namesakes if not row.email or not c.email), None)


def _load(session: CrmSession, rows: list[ContactRow], report: ImportReport) -> None:
    customers = find.customer_ids(session, (row.customer_code for row in rows))
    emails = {row.email for row in rows if row.email}
    names = {row.family_name for row in rows}
    known = _Known(
        session.scalars(
            select(Contact)
            .where(
                or_(
                    func.lower(Contact.email).in_(emails),
                    Contact.customer_id.in_(customers.values()) & Contact.family_name.in_(names),
                )
            )
            .order_by(Contact.id)
        )
    )
    for row in rows:
        customer_id = customers.get(row.customer_code)
        if customer_id is None:
            refuse_unknown(report, row, "customer_code", row.customer_code, "row_unknown_customer")
            continue
        values = {**row.given(**_PLAIN), "customer_id": customer_id}
        if row.email:
            values["email"] = row.email
        known.add(put(session, known.match(customer_id, row), Contact, values, report))


def table() -> TypedTable[ContactRow]:
    """The import of contacts."""
    return TypedTable(ContactRow, _load, lambda row: row.email or (row.customer_code, row.family_name, row.given_name))
