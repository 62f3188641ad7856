"""Looking up the records a batch of rows refers to, a query per table and not per row."""

from collections.abc import Iterable

from sqlalchemy import func, select

from crm.session import CrmSession
from crm.tables import Customer, User, table_of

_USERS = table_of(User)
_CUSTOMERS = table_of(Customer)


def user_ids(session: CrmSession, logins: Iterable[str | None]) -> dict[str, int]:
    """The ids of those users whose lower-case login is among `logins`."""
    wanted = {login for login in logins if login}
    if not wanted:
        return {}
    login = func.lower(_USERS.c.login)
    rows = session.connection().execute(select(login, _USERS.c.id).where(login.in_(wanted)))
    return {str(row[0]): int(row[1]) for row in rows}


def customer_ids(session: CrmSession, codes: Iterable[str]) -> dict[str, int]:
    """The ids of those customers whose code is among `codes`."""
    rows = session.connection().execute(
        select(_CUSTOMERS.c.code, _CUSTOMERS.c.id).where(_CUSTOMERS.c.code.in_(set(codes)))
    )
    return {str(row[0]): int(row[1]) for row in rows}
