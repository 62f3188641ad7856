"""The audit as a list: narrowed by who, what and when, the newest first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from crm.days import begins, ends
from crm.tables import AuditEntry, Base

_RESOURCES: dict[str, str] = {
    m.class_.__tablename__: m.class_.resource for m in Base.registry.mappers if m.class_.audited
}
RESOURCES: tuple[str, ...] = tuple(sorted(set(_RESOURCES.values())))
# What changes with every change, and says nothing.
_NOISE = frozenset({"version", "updated_at"})


@dataclass(frozen=True)
class AuditFilters:
    """Which entries are shown: by login, by resource, by the record's code; days of the business, both included."""

    actor: str = ""
    resource: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Change:
    """A field of an entry with what it held before and after; None where there was no record."""

    field: str
    before: object
    after: object


def resource_of(table: str) -> str:
    """The resource whose records a table holds; settings for one that this program does not know any more."""
    return _RESOURCES.get(table, "settings")


def query_for(filters: AuditFilters) -> Select[AuditEntry]:
    """The entries that `filters` let through."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc())
    if filters.actor:
        query = query.where(AuditEntry.actor == filters.actor.strip())
    if filters.resource:
        tables = [table for table, resource in _RESOURCES.items() if resource == filters.resource]
        query = query.where(AuditEntry.resource_name.in_(tables))
    if filters.record:
        query = query.where(AuditEntry.record_code == filters.record.strip())
    if filters.since is not None:
        query = query.where(AuditEntry.at >= begins(filters.since))
    if filters.until is not None:
        query = query.where(AuditEntry.at < ends(filters.until))
    return query


def changes(entry: AuditEntry) -> list[Change]:
    """The fields an entry tells of, by name, without those that hold nothing."""
    before, after = entry.before or {}, entry.after or {}
    names = sorted((before.keys() | after.keys()) - _NOISE)
    found = [Change(name, before.get(name), after.get(name)) for name in names]
    return [change for change in found if (change.before, change.after) != (None, None)]
