"""Values of fields between how they are typed and how they are kept."""

from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from core.errors import AppError
from crm.session import CrmSession
from crm.tables import User


def decimal_of(text: str) -> Decimal | None:
    """A typed amount; None for an empty one. Raises `AppError("proposal_input")`."""
    plain = text.strip()
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation as wrong:
        raise AppError("proposal_input", 422, input="amount") from wrong


def user_id_of(session: CrmSession, login: str | None) -> int | None:
    """The id of the user with this login, none for no login. Raises `AppError("owner_unknown")`."""
    if not login:
        return None
    found = session.scalar(select(User).where(User.login == login, User.active))
    if found is None:
        raise AppError("owner_unknown", 422, login=login[:100])
    return found.id


def login_of(session: CrmSession, user_id: object) -> str | None:
    """The login of the user with this id, as the audit keeps ids."""
    found = session.get(User, user_id) if isinstance(user_id, int) else None
    return found.login if found is not None else None
