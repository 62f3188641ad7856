"""The company's own settings, as an administrator types them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial

from sqlalchemy import select

from core.errors import AppError
from core.language import LANGUAGES, Language
from crm.company import Company, company, set_company
from crm.customer_fields import FieldsRefused, needed_text
from crm.session import CrmSession
from crm.settings_rules import may, same_version
from crm.tables import CompanySetting, Role

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s.<>,;\"]+")
_SERIES = re.compile(r"[A-Z0-9]{1,10}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TEXTS = ("name", "address", "tax_number", "email", "phone", "bank_account", "website")
VAT_RULES = ("vat_reverse_charge", "vat_export")
DAYS: Mapping[str, tuple[int, int]] = {"offer_valid_days": (1, 365), "follow_up_days": (0, 90)}
_WHOLE = 100


@dataclass(frozen=True)
class CompanyFields:
    """What is typed; `limits` are the discount limits in per cent by the code of the level. The VAT rules are on where
    anything is typed; an empty `country` stays as it is."""

    name: str = ""
    address: str = ""
    tax_number: str = ""
    email: str = ""
    phone: str = ""
    bank_account: str = ""
    website: str = ""
    offer_series: str = ""
    offer_valid_days: str = ""
    follow_up_days: str = ""
    country: str = ""
    vat_reverse_charge: str = ""
    vat_export: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)


def present(session: CrmSession) -> tuple[Company, int]:
    """The settings as they are, and their version: 0 while nothing was ever set."""
    row = session.get(CompanySetting, "company")
    return company(session), row.version if row is not None else 0


def _email(text: str) -> str:
    kept = needed_text(text)
    if not _EMAIL.fullmatch(kept):
        raise AppError("user_email", 422)
    return kept


def _series(text: str) -> str:
    kept = text.strip().upper()
    if not _SERIES.fullmatch(kept):
        raise AppError("company_series", 422)
    return kept


def _country(text: str) -> str:
    kept = text.strip().upper()
    if not _COUNTRY.fullmatch(kept):
        raise AppError("country_code_wrong", 422)
    return kept


def _days(name: str, text: str) -> int:
    least, most = DAYS[name]
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10 and least <= int(typed) <= most):
        raise AppError("company_days", 422, least=least, most=most)
    return int(typed)


def percent(text: str) -> Decimal:
    """A percentage from 0 to 100 with at most two decimals, a comma or a point before them.

    Raises `AppError("company_limit")`.
    """
    bare = re.sub(r"[\s\u00a0%]", "", text).replace(",", ".")
    try:
        found = Decimal(bare)
    except InvalidOperation as fault:
        raise AppError("company_limit", 422) from fault
    if not (found.is_finite() and 0 <= found <= _WHOLE) or round(found, 2) != found:
        raise AppError("company_limit", 422)
    return found


def save_series(session: CrmSession, version: int, typed: Mapping[Language, str]) -> Company:
    """Number offers in `typed[language]` from now on, by the language of the document; an empty one takes the company's
    own series. Raises as `save`, faults by language."""
    may(session.actor, "settings", "update")
    before, present_version = present(session)
    same_version(present_version, version)
    faults: dict[str, AppError] = {}
    series: dict[Language, str] = {}
    for language in LANGUAGES:
        text = typed.get(language, "")
        try:
            if text.strip():
                series[language] = _series(text)
        except AppError as fault:
            faults[f"series_{language}"] = fault
    if faults:
        raise FieldsRefused(faults)
    made = before.model_copy(update={"offer_series_by_language": series})
    set_company(session, made)
    return made


def save(session: CrmSession, version: int, typed: CompanyFields) -> Company:
    """Store the settings, seen at `version`, for new offers; issued ones stay as they are.

    Raises `Forbidden`, `FieldsRefused` (limits under `limit_` and the level), `AppError("conflict")`.
    """
    may(session.actor, "settings", "update")
    before, present_version = present(session)
    same_version(present_version, version)
    values: dict[str, object] = {}
    faults: dict[str, AppError] = {}

    def read(name: str, reader: Callable[[], object]) -> None:
        try:
            values[name] = reader()
        except AppError as fault:
            faults[name] = fault

    for name in _TEXTS:
        text = str(getattr(typed, name))
        read(name, partial(_email if name == "email" else needed_text, text))
    read("offer_series", lambda: _series(typed.offer_series))
    for name in DAYS:
        read(name, partial(_days, name, str(getattr(typed, name))))
    read("country", lambda: _country(typed.country) if typed.country.strip() else before.country)
    values |= {name: bool(getattr(typed, name).strip()) for name in VAT_RULES}
    limits: dict[str, Decimal] = {}
    for role in session.scalars(select(Role.code)):
        given = typed.limits.get(role)
        try:
            limits[role] = before.discount_limit(role) if given is None else percent(given)
        except AppError as fault:
            faults[f"limit_{role}"] = fault
    if faults:
        raise FieldsRefused(faults)
    # What other screens set stays as it is.
    made = Company.model_validate({**before.model_dump(), **values, "discount_limits": limits})
    set_company(session, made)
    return made
