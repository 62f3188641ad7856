"""Fields of records that a level never sees, enforced below every service and screen.

A right to read may name hidden fields (`Grant.hidden_fields`). For those who have it so, a record comes with the
field empty, a statement that selects, compares, groups or sorts by it is refused, and so is setting it. Only the
fields of `HIDEABLE` can be hidden: those that no offer document prints and nothing is found or decided by.
"""

import re
from collections.abc import Mapping

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import visitors
from sqlalchemy.sql.visitors import ExternallyTraversible

from core.errors import AppError, Forbidden
from crm.actor import Actor
from crm.tables import AuditEntry, Base, Contact, Customer, Opportunity, table_of

# Tax number, address, city and payment days of a customer are no part of it: the offer a level makes prints them.
HIDEABLE: Mapping[str, tuple[str, ...]] = {
    "customer": ("employees", "sites"),
    "contact": ("email", "phone"),
    "opportunity": ("amount",),
}
_ENTITIES: tuple[type[Base], ...] = (Customer, Contact, Opportunity)
_TABLES: Mapping[str, str] = {entity.__tablename__: entity.resource for entity in _ENTITIES}
# The hideable field that the records of a resource are called by.
_NAMES: Mapping[str, str] = {"contact": "email"}
# Columns these name are known by their words alone.
_TEXTUAL = frozenset({"textclause", "textual_label_reference"})
_NAME = re.compile(r"\w+")
_MASK = "…"


class FieldHidden(Forbidden):
    """The level may read the record but not this field of it: nor by asking for it, nor by setting it."""

    def __init__(self, resource: str, field: str) -> None:
        AppError.__init__(self, "field_hidden", 403, resource=resource, field=field)


def _refused_columns(actor: Actor) -> Mapping[tuple[str, str], str]:
    """By table and column, the resource whose hidden field a statement would tell."""
    refused = {
        (table, field): resource for table, resource in _TABLES.items() for field in actor.hidden.get(resource, ())
    }
    # The audit repeats the values of fields; contacts it calls by their e-mail address.
    refused |= {(AuditEntry.__tablename__, column): "audit" for column in ("before", "after")}
    if not actor.sees("contact", "email"):
        refused[AuditEntry.__tablename__, "record_code"] = "audit"
    return refused


def check_statement(actor: Actor, statement: ExternallyTraversible) -> None:
    """Raise `FieldHidden` if `statement` names a field hidden from `actor`, wherever in it: a column, a condition, an
    order, a function, a subquery. Whole records pass: what they must not tell is emptied when they are loaded."""
    if not actor.hidden:
        return
    refused = _refused_columns(actor)
    fields = {field: resource for (_table, field), resource in refused.items()}
    for element in visitors.iterate(statement):
        if element.__visit_name__ in _TEXTUAL or getattr(element, "is_literal", False):
            for word in _NAME.findall(str(getattr(element, "element", element))):
                if word in fields:
                    raise FieldHidden(fields[word], word)
        for origin in getattr(element, "base_columns", ()):
            name = (getattr(getattr(origin, "table", None), "name", ""), getattr(origin, "name", ""))
            if name in refused:
                raise FieldHidden(refused[name], name[1])


def check_field(actor: Actor, resource: str, field: str) -> None:
    """Raise `FieldHidden` if `field` of `resource` is hidden from `actor`: it is neither shown nor set."""
    if not actor.sees(resource, field):
        raise FieldHidden(resource, field)


def check_write(actor: Actor, record: Base, action: str) -> None:
    """Raise `FieldHidden` if a field hidden from `actor` is set on `record`."""
    if action == "delete":
        return
    for field in actor.hidden.get(record.resource, ()):
        if field not in inspect(type(record)).column_attrs:
            continue
        history = inspect(record).attrs[field].history
        if history.has_changes() and (action != "create" or getattr(record, field) is not None):
            check_field(actor, record.resource, field)


def true_values(session: Session, record: Base) -> dict[str, object]:
    """What the hidden fields of a record really hold: for the audit of its end, which must be whole."""
    actor: Actor = session.info["actor"]
    fields = sorted(actor.hidden.get(record.resource, ()))
    table = table_of(type(record))
    columns = [table.c[field] for field in fields if field in table.c]
    if not columns:
        return {}
    key = inspect(record).identity
    same = [column == value for column, value in zip(table.primary_key.columns, key or (), strict=True)]
    row = session.connection().execute(select(*columns).where(*same)).one_or_none()
    # Gone meanwhile: the flush that follows finds the conflict.
    return dict(row._mapping) if row is not None else {}


def true_name(session: Session, record: Base) -> str | None:
    """What the audit calls a stored record whose name is a field hidden from the actor; None where it is not."""
    actor: Actor = session.info["actor"]
    field = _NAMES.get(record.resource)
    if field is None or actor.sees(record.resource, field):
        return None
    name = true_values(session, record).get(field)
    return str(name) if name else None


def _empty(record: Base, *_context: object) -> None:
    """Take hidden values from a record that was just loaded, as if the database did not hold them."""
    session = object_session(record)
    actor: Actor | None = session.info.get("actor") if session is not None else None
    if actor is None or not actor.hidden:
        return
    if isinstance(record, AuditEntry):
        _empty_entry(actor, record)
        return
    for field in actor.hidden.get(record.resource, ()):
        set_committed_value(record, field, None)


def _empty_entry(actor: Actor, entry: AuditEntry) -> None:
    if entry.resource_name == "proposals":
        # The changes of a proposal repeat values of any record: their hash would confirm a guess.
        for side in ("before", "after"):
            held: dict[str, object] | None = getattr(entry, side)
            if held is not None and "items_sha256" in held:
                set_committed_value(entry, side, {k: v for k, v in held.items() if k != "items_sha256"})
        return
    resource = _TABLES.get(entry.resource_name, "")
    fields = actor.hidden.get(resource, frozenset())
    for side in ("before", "after"):
        values: dict[str, object] | None = getattr(entry, side)
        if values is not None and fields & values.keys():
            set_committed_value(entry, side, {k: v for k, v in values.items() if k not in fields})
    if resource == "contact" and "email" in fields:
        set_committed_value(entry, "record_code", _MASK)


for _entity in (*_ENTITIES, AuditEntry):
    event.listen(_entity, "load", _empty)
    event.listen(_entity, "refresh", _empty)
