"""Running an import: batches of a thousand rows, each a unit of work, or all of them one when strict."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from crm import audit
from crm.actor import SYSTEM
from crm.imports import activities, contacts, customers, opportunities, products, users
from crm.imports.cells import Cell
from crm.imports.reader import read
from crm.imports.report import ImportKind, ImportReport
from crm.imports.table import Table
from crm.session import CrmSession, unit

Progress = Callable[[int, int | None], None]

_BATCH = 1000
_TABLES: dict[ImportKind, Callable[[], Table]] = {
    "users": users.table,
    "products": products.table,
    "customers": customers.table,
    "contacts": contacts.table,
    "activities": activities.table,
    "opportunities": opportunities.table,
}

_Batch = list[tuple[int, Mapping[str, Cell]]]


class _Refused(Exception):
    """A strict import met a bad row: take everything back."""


def run_import(
    engine: Engine, kind: ImportKind, file: Path, *, strict: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import `file` (xlsx or csv) of `kind`: new records are made, known ones updated, bad rows reported.

    With `strict` one bad row keeps everything out; then the whole file is a single transaction. Otherwise every
    thousand rows are committed, and importing the same file again doubles nothing. `progress` is called with the
    rows done and their number, if it is known. Every change is audited as done by `system`.

    Raises `AppError`: no such file, not a table, damaged, columns missing; `conflict` where someone else made
    the same records at the same time.
    """
    report = ImportReport(kind)
    table = _TABLES[kind]()
    sheet = read(file, kind, table, report)
    batches = _batches(sheet.rows(report), sheet.total, progress)
    if strict:
        _all_or_nothing(engine, table, batches, report)
    else:
        for batch in batches:
            with unit(engine, SYSTEM) as session:
                table.load(session, batch, report)
    report.rejected.sort(key=lambda fault: fault.row)
    report.warnings.sort(key=lambda fault: fault.row)
    return report


def _batches(
    rows: Iterator[tuple[int, Mapping[str, Cell] | None]], total: int | None, progress: Progress | None
) -> Iterator[_Batch]:
    """The rows that hold something, a thousand lines of the file at a time."""
    done = 0
    while lines := list(islice(rows, _BATCH)):
        batch = [(number, cells) for number, cells in lines if cells is not None]
        if batch:
            yield batch
        done += len(lines)
        if progress:
            progress(done, total)


def _all_or_nothing(engine: Engine, table: Table, batches: Iterator[_Batch], report: ImportReport) -> None:
    try:
        with unit(engine, SYSTEM) as session:
            for batch in batches:
                table.load(session, batch, report)
                _settle(session)
            if report.rejected:
                raise _Refused
    except _Refused:
        report.created = report.updated = report.unchanged = 0


def _settle(session: CrmSession) -> None:
    """Write out what the session holds, so that a transaction of any length needs the memory of one batch."""
    session.flush()
    audit.write(session)
    session.expunge_all()
