"""Customers from a file, known by their code."""

import re
from typing import Annotated

from sqlalchemy import select

from core.language import LANGUAGES
from core.money import CURRENCIES
from crm import numbers
from crm.customers import STATUSES, tax_key
from crm.imports import find, tax
from crm.imports.cells import (
    Code,
    Country,
    OptionalCount,
    OptionalLogin,
    OptionalText,
    Text,
    choice,
    default_whole,
    shown,
)
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, put, refuse_unknown
from crm.session import CrmSession
from crm.tables import Customer


class CustomerRow(Row):
    """A firm. An empty `owner` means unassigned, an empty `status` potential; payment days are 8 if not said."""

    code: Code
    name: Text
    country: Country
    currency: Annotated[str, choice(*CURRENCIES)]
    language: Annotated[str, choice(*LANGUAGES)]
    tax_number: OptionalText = None
    city: OptionalText = None
    address: OptionalText = None
    industry: OptionalText = None
    employees: OptionalCount = None
    sites: OptionalCount = None
    status: Annotated[str, choice(*STATUSES, default="potential")] = "potential"
    segment: OptionalText = None
    owner: OptionalLogin = None
    payment_days: Annotated[int, default_whole(8)] = 8


_PLAIN = {name: name for name in CustomerRow.model_fields if name not in ("number", "owner")}


def reserve_codes(session: CrmSession, series: str, letter: str, codes: list[str]) -> None:
    """Have the number series go on after the codes of the form `letter` and digits, so that none is drawn again."""
    taken = [int(m.group(1)) for code in codes if (m := re.fullmatch(rf"{letter}(\d{{1,9}})", code))]
    if taken:
        numbers.reserve(session, series, max(taken))


def _load(session: CrmSession, rows: list[CustomerRow], report: ImportReport) -> None:
    codes = [row.code for row in rows]
    known = {c.code: c for c in session.scalars(select(Customer).where(Customer.code.in_(codes)))}
    owners = find.user_ids(session, (row.owner for row in rows))
    for row in rows:
        if row.owner and row.owner not in owners:
            refuse_unknown(report, row, "owner", row.owner, "row_unknown_user")
            continue
        if row.tax_number and not tax.plausible(row.country, row.tax_number):
            report.warn(row.number, "row_doubtful_tax_number", value=shown(row.tax_number), country=row.country)
        values = row.given(**_PLAIN)
        if "tax_number" in values:
            values["tax_key"] = tax_key(row.tax_number)
        if "owner" in row.model_fields_set:
            values["owner_id"] = owners[row.owner] if row.owner else None
        known[row.code] = put(session, known.get(row.code), Customer, values, report)
    reserve_codes(session, "customer", "C", [row.code for row in rows if row.code in known])


def table() -> TypedTable[CustomerRow]:
    """The import of customers."""
    return TypedTable(CustomerRow, _load, lambda row: row.code)
