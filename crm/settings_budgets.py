"""The budgets of the language model, as an administrator types them."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.errors import AppError
from crm.company import Company, DayLimits, ModelBudgets, set_company
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.settings_company import present
from crm.settings_rules import may, same_version

WHOLE = ("calls", "tokens", "seconds")
LIMITS = (*WHOLE, "money")
SCOPES = ("user", "company")
PRICES = ("price_in", "price_out")
_MOST = Decimal(10) ** 12
_CURRENCY = re.compile(r"[A-Z]{3}")


def typed_budgets(budgets: ModelBudgets) -> dict[str, str]:
    """The budgets as the form holds them; a limit that is not set is empty."""
    limits = {"user": budgets.user, "company": budgets.company}
    fields = {f"{scope}_{name}": _text(getattr(limits[scope], name)) for scope in SCOPES for name in LIMITS}
    return {**fields, **{name: _text(getattr(budgets, name)) for name in PRICES}, "currency": budgets.currency}


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _number(text: str, whole: bool) -> Decimal | None:
    """A number of at least nought; None where nothing was typed. Raises `AppError("budget_number")`."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    if not bare:
        return None
    try:
        found = Decimal(bare)
    except InvalidOperation as fault:
        raise AppError("budget_number", 422) from fault
    if not found.is_finite() or not 0 <= found <= _MOST or round(found, 0 if whole else 4) != found:
        raise AppError("budget_number", 422)
    return found


def save(session: CrmSession, version: int, typed: Mapping[str, str]) -> ModelBudgets:
    """Store the budgets, seen at the `version` of the company's settings.

    Raises `Forbidden`, `FieldsRefused` (by the names of `typed_budgets`), `AppError("conflict")`.
    """
    may(session.actor, "settings", "update")
    before, present_version = present(session)
    same_version(present_version, version)
    faults: dict[str, AppError] = {}
    numbers: dict[str, Decimal | None] = {}
    for name in (*(f"{scope}_{limit}" for scope in SCOPES for limit in LIMITS), *PRICES):
        try:
            numbers[name] = _number(typed.get(name, ""), name.split("_", 1)[1] in WHOLE)
        except AppError as fault:
            faults[name] = fault
    currency = typed.get("currency", "").strip().upper()
    if not _CURRENCY.fullmatch(currency):
        faults["currency"] = AppError("budget_currency", 422)
    if faults:
        raise FieldsRefused(faults)
    limits = {
        scope: DayLimits.model_validate({limit: numbers[f"{scope}_{limit}"] for limit in LIMITS}) for scope in SCOPES
    }
    prices = {name: numbers[name] or Decimal(0) for name in PRICES}
    made = ModelBudgets(user=limits["user"], company=limits["company"], currency=currency, **prices)
    set_company(session, Company.model_validate({**dict(before), "model_budgets": made}))
    return made
