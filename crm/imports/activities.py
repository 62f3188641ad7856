"""Activities from a file, known by customer, type, subject and due date."""

from typing import Annotated

from sqlalchemy import or_, select

from crm.imports import find
from crm.imports.cells import Code, OptionalDate, OptionalLogin, Text, choice
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, put, refuse_unknown
from crm.session import CrmSession
from crm.tables import Activity, ActivityType


class ActivityRow(Row):
    """A call, mail, meeting or task. An empty `state` means open, an empty `priority` normal.

    Importing records what happened elsewhere: it moves no opportunity.
    """

    customer_code: Code
    type: Text
    subject: Text
    due: OptionalDate
    assignee: OptionalLogin = None
    state: Annotated[str, choice("open", "done", default="open")] = "open"
    priority: Annotated[str, choice("high", "normal", "low", default="normal")] = "normal"


def _load(session: CrmSession, rows: list[ActivityRow], report: ImportReport) -> None:
    customers = find.customer_ids(session, (row.customer_code for row in rows))
    users = find.user_ids(session, (row.assignee for row in rows))
    types = set(session.scalars(select(ActivityType.code)))
    same_natural_key = select(Activity).where(
        Activity.customer_id.in_(customers.values()),
        Activity.subject.in_({row.subject for row in rows}),
        or_(Activity.due.in_({row.due for row in rows if row.due}), Activity.due.is_(None)),
    )
    known = {
        (a.customer_id, a.type_code, a.subject, a.due): a
        for a in session.scalars(same_natural_key.order_by(Activity.id.desc()))
    }
    for row in rows:
        customer_id = customers.get(row.customer_code)
        if customer_id is None:
            refuse_unknown(report, row, "customer_code", row.customer_code, "row_unknown_customer")
        elif row.type.lower() not in types:
            refuse_unknown(report, row, "type", row.type, "row_unknown_type")
        elif row.assignee and row.assignee not in users:
            refuse_unknown(report, row, "assignee", row.assignee, "row_unknown_user")
        else:
            key = (customer_id, row.type.lower(), row.subject, row.due)
            natural = dict(zip(("customer_id", "type_code", "subject", "due"), key, strict=True))
            values = {**natural, **row.given(state="state", priority="priority")}
            if "assignee" in row.model_fields_set:
                values["assignee_id"] = users[row.assignee] if row.assignee else None
            known[key] = put(session, known.get(key), Activity, values, report)


def table() -> TypedTable[ActivityRow]:
    """The import of activities."""
    return TypedTable(ActivityRow, _load, lambda row: (row.customer_code, row.type.lower(), row.subject, row.due))
