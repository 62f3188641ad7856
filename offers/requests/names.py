"""The names a request is matched with, taken from the records its uploader may see."""

from sqlalchemy import func, select

from crm.customers import escape_like
from crm.tables import Contact, Customer
from offers.names import VisibleNames, customer_name
from offers.request import CustomerName

_MOST = 20


class VisiblePeople(VisibleNames):
    """`VisibleNames` that also knows customers by their contacts' addresses, where the actor may see those."""

    def customers_by_email(self, address: str) -> tuple[CustomerName, ...]:
        """Customers with a contact of this address."""
        if not self._session.actor.sees("contact", "email"):
            return ()
        query = select(Customer).join(Contact, Contact.customer_id == Customer.id)
        query = query.where(func.lower(Contact.email) == address.lower()).order_by(Customer.id).limit(_MOST)
        return tuple(customer_name(customer) for customer in self._session.scalars(query).unique())

    def customers_by_domain(self, domain: str) -> tuple[CustomerName, ...]:
        """Customers with a contact whose address is of this domain."""
        if not self._session.actor.sees("contact", "email"):
            return ()
        query = select(Customer).join(Contact, Contact.customer_id == Customer.id)
        pattern = f"%@{escape_like(domain)}"
        query = query.where(Contact.email.ilike(pattern, escape="\\")).order_by(Customer.id).limit(_MOST)
        return tuple(customer_name(customer) for customer in self._session.scalars(query).unique())
