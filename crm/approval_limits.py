"""What each level may offer alone, by product category: rows that an administrator edits."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from core.errors import AppError
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.settings_company import percent
from crm.settings_rules import may
from crm.tables import ApprovalLimit, Product, Role


@dataclass(frozen=True)
class TypedLimit:
    """One limit as typed: a level, a category (empty for all products), percentages that may be empty."""

    role: str
    category: str
    discount: str
    margin: str


def listed(session: CrmSession) -> list[ApprovalLimit]:
    """Every limit, by level and category."""
    return list(session.scalars(select(ApprovalLimit).order_by(ApprovalLimit.role_code, ApprovalLimit.category)))


def categories(session: CrmSession) -> list[str]:
    """The categories that products have."""
    return sorted({name for name in session.scalars(select(Product.category)) if name})


def put(session: CrmSession, typed: TypedLimit) -> None:
    """Set the limit of a level and category; with both percentages empty it is taken away.

    Raises `Forbidden`, `FieldsRefused` (fields `role`, `category`, `discount`, `margin`).
    """
    may(session.actor, "settings", "update")
    faults: dict[str, AppError] = {}
    values: dict[str, Decimal | None] = {}
    texts: Mapping[str, str] = {"discount": typed.discount, "margin": typed.margin}
    for name, text in texts.items():
        try:
            values[name] = percent(text) if text.strip() else None
        except AppError as fault:
            faults[name] = fault
    if session.get(Role, typed.role) is None:
        faults["role"] = AppError("field_missing", 422)
    if typed.category and typed.category not in categories(session):
        faults["category"] = AppError("field_missing", 422)
    if faults:
        raise FieldsRefused(faults)
    found = session.scalar(
        select(ApprovalLimit).where(ApprovalLimit.role_code == typed.role, ApprovalLimit.category == typed.category)
    )
    if values["discount"] is None and values["margin"] is None:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(
            ApprovalLimit(
                role_code=typed.role,
                category=typed.category,
                discount_percent=values["discount"],
                margin_percent=values["margin"],
            )
        )
    else:
        found.discount_percent, found.margin_percent = values["discount"], values["margin"]
    session.flush()
