"""Finding customers and contacts, and the words their records are kept in."""

import re

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, intersect, or_, select, union

from core.errors import NotFound
from core.text import fold, folded_words
from crm.session import CrmSession
from crm.tables import Contact, Customer, CustomerWord, table_of

_NOT_TAX = re.compile(r"[^0-9A-Za-z]")
_HU_ROOT = 8
# Fewer digits than these are the number in a name or a code, not the beginning of a tax number.
_LEAST_TAX_DIGITS = 5
STATUSES = ("potential", "active", "passive", "former")


def tax_key(number: str | None) -> str | None:
    """A tax number reduced to its letters and digits, upper case; None for an empty one."""
    key = _NOT_TAX.sub("", number or "").upper()
    return key or None


def escape_like(text: str) -> str:
    """`text` with the wildcards of LIKE made literal; use with `escape="\\\\"`."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def begins(column: SQLColumnExpression[str] | SQLColumnExpression[str | None], text: str) -> ColumnElement[bool]:
    """`column` begins with `text`: a range, so that both databases use the column's index."""
    return (column >= text) & (column < text + "\U0010ffff")


def by_code(session: CrmSession, code: str) -> Customer:
    """The customer with this code, in any letter case. Raises `NotFound`."""
    found = session.scalar(select(Customer).where(Customer.code == code.strip().upper()))
    if found is None:
        raise NotFound("customer", code)
    return found


def find_by_code(session: CrmSession, code: str) -> Customer | None:
    """The customer with this code, in any letter case, if the actor may see one."""
    return session.scalar(select(Customer).where(Customer.code == code.strip().upper()))


def find_by_tax_number(session: CrmSession, number: str) -> Customer | None:
    """The customer with this tax number; for a Hungarian one its first eight digits are enough."""
    key = tax_key(number)
    if key is None:
        return None
    match = Customer.tax_key == key
    if key.isdigit() and len(key) >= _HU_ROOT:
        match = or_(match, (Customer.country == "HU") & begins(Customer.tax_key, key[:_HU_ROOT]))
    return session.scalars(select(Customer).where(match).order_by(Customer.code).limit(1)).first()


def like(session: CrmSession, stems: tuple[str, ...], limit: int = 200) -> list[Customer]:
    """Customers with a name word beginning with one of the folded `stems`, most stems met first."""
    if not stems:
        return []
    met = (
        select(CustomerWord.customer_id, func.count().label("words"))
        .where(or_(*(begins(CustomerWord.word, stem) for stem in stems)))
        .group_by(CustomerWord.customer_id)
        .order_by(func.count().desc(), CustomerWord.customer_id)
        .limit(limit)
        .subquery()
    )
    return list(
        session.scalars(
            select(Customer).join(met, met.c.customer_id == Customer.id).order_by(met.c.words.desc(), Customer.id)
        )
    )


def meant_by(text: str) -> ColumnElement[bool] | None:
    """The rule by which `text` finds customers: the code or the tax number begins with it, or the name has words
    beginning with all of its words. None where there is nothing to find by.

    For a select of `Customer` alone: it looks into tables below the permission layer.
    """
    parts = folded_words(text)
    if not parts:
        return None
    # Core tables: only customers are returned, and those the session filters; filtering the words and the codes by
    # the same rule again costs more than the search. A union, since both planners read every customer for an "or".
    words, all_customers = table_of(CustomerWord), table_of(Customer)
    holders = [select(words.c.customer_id).where(begins(words.c.word, part)) for part in parts]
    ways = [holders[0] if len(holders) == 1 else select(intersect(*holders).subquery().c.customer_id)]
    ways.append(select(all_customers.c.id).where(begins(all_customers.c.code, text.strip().upper())))
    key = tax_key(text)
    if key is not None and sum(c.isdigit() for c in key) >= _LEAST_TAX_DIGITS:
        ways.append(select(all_customers.c.id).where(begins(all_customers.c.tax_key, key)))
    return Customer.id.in_(union(*ways))


def search_query(text: str) -> Select[Customer]:
    """Customers found by `meant_by`, all of them for an empty `text`; by name."""
    rule = meant_by(text)
    query = select(Customer).order_by(Customer.name_key)
    return query if rule is None else query.where(rule)


def search(session: CrmSession, text: str, limit: int = 50) -> list[Customer]:
    """At most `limit` customers found by `search_query`, by name."""
    return list(session.scalars(search_query(text).limit(limit)))


def search_contacts(session: CrmSession, text: str, limit: int = 50) -> list[Contact]:
    """Contacts whose name, e-mail address or customer's code holds `text` (letter case aside)."""
    query = select(Contact).join(Customer, Customer.id == Contact.customer_id).order_by(Contact.family_name, Contact.id)
    if text.strip():
        pattern = f"%{escape_like(text.strip())}%"
        fields: list[SQLColumnExpression[str] | SQLColumnExpression[str | None]]
        fields = [Contact.family_name, Contact.given_name, Contact.family_name + " " + Contact.given_name]
        if session.actor.sees("contact", "email"):
            fields.append(Contact.email)
        query = query.where(
            or_(*(f.ilike(pattern, escape="\\") for f in fields), Customer.code == text.strip().upper())
        )
    return list(session.scalars(query.limit(limit)))


def main_contact(session: CrmSession, customer: Customer) -> Contact | None:
    """The contact recorded first, whom an offer is addressed to."""
    return session.scalars(
        select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.id).limit(1)
    ).first()


def sounds_like(name: str) -> str:
    """The key two spellings of one firm's name share: folded, without spaces and punctuation."""
    return "".join(folded_words(fold(name)))
