"""Opportunities from a file, known by their code."""

from sqlalchemy import select

from core.clock import now, today
from crm import days, pipeline
from crm.imports import find
from crm.imports.cells import Code, Money, OptionalDate, OptionalLogin, OptionalText, Text
from crm.imports.customers import reserve_codes
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, put, refuse_unknown
from crm.session import CrmSession
from crm.tables import Opportunity, Stage


class OpportunityRow(Row):
    """A possible sale. `amount_huf` is net, in HUF; without `created` it was opened on the day of the import.

    A stage is taken as given, without the pipeline's rules: it says where the sale stood elsewhere. A row without one
    leaves an opportunity where it is, and begins a new one where the pipeline begins those that come directly.
    `stage_since` is the day it came to its stage.
    """

    code: Code
    customer_code: Code
    title: Text
    stage: OptionalText = None
    owner: OptionalLogin = None
    amount_huf: Money = None
    source: OptionalText = None
    created: OptionalDate = None
    campaign: OptionalText = None
    stage_since: OptionalDate = None


_PLAIN = {name: name for name in ("code", "title", "source", "campaign")}


def _load(session: CrmSession, rows: list[OpportunityRow], report: ImportReport) -> None:
    codes = [row.code for row in rows]
    known = {o.code: o for o in session.scalars(select(Opportunity).where(Opportunity.code.in_(codes)))}
    customers = find.customer_ids(session, (row.customer_code for row in rows))
    users = find.user_ids(session, (row.owner for row in rows))
    stages = set(session.scalars(select(Stage.code)))
    entry = pipeline.entry_stage(session, "direct")
    for row in rows:
        if row.customer_code not in customers:
            refuse_unknown(report, row, "customer_code", row.customer_code, "row_unknown_customer")
        elif row.stage and row.stage.lower() not in stages:
            refuse_unknown(report, row, "stage", row.stage, "row_unknown_stage")
        elif row.owner and row.owner not in users:
            refuse_unknown(report, row, "owner", row.owner, "row_unknown_user")
        else:
            existing = known.get(row.code)
            values = _values(row, existing, customers, users) | _stage(row, existing, entry)
            known[row.code] = put(session, existing, Opportunity, values, report)
    reserve_codes(session, "opportunity", "O", [code for code in codes if code in known])


def _values(
    row: OpportunityRow, existing: Opportunity | None, customers: dict[str, int], users: dict[str, int]
) -> dict[str, object]:
    values = {
        **row.given(**_PLAIN),
        "customer_id": customers[row.customer_code],
    }
    if "owner" in row.model_fields_set:
        values["owner_id"] = users[row.owner] if row.owner else None
    # An amount kept in another currency is replaced only by a stated one.
    if row.amount_huf is not None or existing is None or existing.currency == "HUF":
        values |= {**row.given(amount="amount_huf"), "currency": "HUF"}
    if row.created or existing is None:
        values["opened_on"] = row.created or today()
    return values


def _stage(row: OpportunityRow, existing: Opportunity | None, entry: str) -> dict[str, object]:
    """Its stage, and since when: the day the file names; else, for a new one, the day it was opened, and for one whose
    stage the file changes, now. Neither, where the file changes neither."""
    stage = row.stage.lower() if row.stage else existing.stage_code if existing else entry
    if row.stage_since is not None:
        return {"stage_code": stage, "stage_since": days.begins(row.stage_since)}
    if existing is None:
        past = row.created if row.created != today() else None
        return {"stage_code": stage, "stage_since": days.begins(past) if past else now()}
    return {} if existing.stage_code == stage else {"stage_code": stage, "stage_since": now()}


def table() -> TypedTable[OpportunityRow]:
    """The import of opportunities."""
    return TypedTable(OpportunityRow, _load, lambda row: row.code)
