"""The fields of a customer as people type them: read, checked, and refused with a reason each."""

import re
from collections.abc import Callable, Mapping

from sqlalchemy import select

from core.errors import AppError
from core.language import LANGUAGES
from core.money import CURRENCIES
from core.text import storable
from crm.customers import STATUSES, tax_key
from crm.imports import tax
from crm.session import CrmSession
from crm.tables import Customer, User

LONGEST = 300
MOST_PEOPLE = 2_000_000
MOST_DAYS = 365
# Signs one cannot see or that turn the reading direction round: two names with them can look alike.
_UNSEEN = re.compile("[\x00-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

FIELDS = (
    *("name", "tax_number", "country", "city", "address", "industry", "employees", "sites"),
    *("status", "segment", "owner", "currency", "language", "payment_days"),
)


class FieldsRefused(AppError):
    """Something typed cannot be kept, so nothing was. `faults` has the reason by field."""

    def __init__(self, faults: Mapping[str, AppError]) -> None:
        super().__init__("fields_refused", 422, count=len(faults))
        self.faults = dict(faults)


def tidy(text: str) -> str:
    """`text` as it is kept: NFC, one space between words, nothing that cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", storable(text)).split())


def short_text(text: str, longest: int = LONGEST) -> str | None:
    """`text` as it is kept, None if nothing is left of it. Raises `AppError("field_too_long")`."""
    kept = tidy(text)
    if len(kept) > longest:
        raise AppError("field_too_long", 422, longest=longest)
    return kept or None


def needed_text(text: str) -> str:
    """`text` as it is kept. Raises `AppError("field_missing")` if there is none."""
    kept = short_text(text)
    if kept is None:
        raise AppError("field_missing", 422)
    return kept


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip() not in known:
            raise AppError("field_not_a_choice", 422, choices=", ".join(known))
        return text.strip()

    return read


def _whole(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        digits = re.sub(r"[\s\u00a0\u202f]", "", text)
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= most):
            raise AppError("field_not_whole", 422, most=most)
        return int(digits)

    return read


def _days(text: str) -> int:
    days = _whole(MOST_DAYS)(text)
    if days is None:
        raise AppError("field_missing", 422)
    return days


def _country(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise AppError("field_country", 422)
    return code


_READERS: Mapping[str, Callable[[str], object]] = {
    "name": needed_text,
    "tax_number": short_text,
    "country": _country,
    "city": short_text,
    "address": short_text,
    "industry": short_text,
    "employees": _whole(MOST_PEOPLE),
    "sites": _whole(MOST_PEOPLE),
    "status": _one_of(*STATUSES),
    "segment": short_text,
    "currency": _one_of(*CURRENCIES),
    "language": _one_of(*LANGUAGES),
    "payment_days": _days,
}


def owner_id(session: CrmSession, login: str, action: str, present: int | None = None) -> int | None:
    """The id of the owner `login` says, none for an empty one. Raises `AppError` if the actor, by their right to
    `action` on customers, could not give one to that user. A `present` owner may stay, even one who has left."""
    if not login:
        return None
    user = session.scalar(select(User).where(User.login == login))
    if user is None or not (user.active or user.id == present):
        raise AppError("owner_unknown", 422, login=login[:100])
    if user.id != present and not _may_own(session, user, action):
        raise AppError("owner_out_of_reach", 403, login=login)
    return user.id


def _may_own(session: CrmSession, user: User, action: str) -> bool:
    actor, scope = session.actor, session.actor.scope("customer", action)
    in_team = scope == "team" and user.team_id is not None and user.team_id == actor.team_id
    return scope == "all" or in_team or user.id == actor.user_id


def possible_owners(session: CrmSession, action: str = "update") -> list[User]:
    """The active users the actor could make owners of a customer, by name."""
    users = session.scalars(select(User).where(User.active).order_by(User.family_name, User.given_name, User.id))
    return [user for user in users if _may_own(session, user, action)]


def read(session: CrmSession, typed: Mapping[str, str], before: Customer | None = None) -> dict[str, object]:
    """What `typed` (texts by names of `FIELDS`; others are left aside) means, by the names of the table's columns.

    A tax number must have the form and check digits of the customer's country (`crm.imports.tax`); one that was
    there `before` and is not changed is not judged. Raises `FieldsRefused`.
    """
    values: dict[str, object] = {}
    faults: dict[str, AppError] = {}
    for name in FIELDS:
        if name not in typed:
            continue
        try:
            if name == "owner":
                present = before.owner_id if before is not None else None
                values["owner_id"] = owner_id(session, typed[name].strip(), "update" if before else "create", present)
            else:
                values[name] = _READERS[name](typed[name])
        except AppError as fault:
            faults[name] = fault
    number = values.get("tax_number")
    if isinstance(number, str) and (before is None or number != before.tax_number):
        country = str(values.get("country") or (before.country if before is not None else ""))
        if not tax.plausible(country, number):
            faults["tax_number"] = AppError("tax_number_doubtful", 422, number=number, country=country)
    if faults:
        raise FieldsRefused(faults)
    if "tax_number" in values:
        values["tax_key"] = tax_key(number if isinstance(number, str) else None)
    return values
