"""What the six kinds share: a typed row, its checks, and putting it into a record."""

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import inspect

from crm.imports.cells import Cell, shown
from crm.imports.report import ImportReport
from crm.session import CrmSession
from crm.tables import Base


class Row(BaseModel):
    """A row of a file with its `number` as a spreadsheet shows it.

    Field names are the headers of the file. A column the file lacks is not among `model_fields_set`,
    and an existing record keeps what it has there; a column with an empty cell empties the field.
    """

    model_config = ConfigDict(frozen=True)
    number: int

    def given(self, **fields: str) -> dict[str, object]:
        """The values for a record: attribute names to columns in `fields`, without columns the file lacks."""
        return {name: getattr(self, column) for name, column in fields.items() if column in self.model_fields_set}


R = TypeVar("R", bound=Row)
B = TypeVar("B", bound=Base)

# Puts a batch of checked rows into the session, and refuses those that refer to something unknown.
Load = Callable[[CrmSession, list[R], ImportReport], None]


class Table(Protocol):
    """One kind of import, whatever its row type."""

    columns: tuple[str, ...]
    required: tuple[str, ...]

    def load(self, session: CrmSession, rows: list[tuple[int, Mapping[str, Cell]]], report: ImportReport) -> None:
        """Check `rows` and load those that pass."""


class TypedTable(Generic[R]):
    """A kind of import: its row type, and how checked rows are loaded."""

    def __init__(self, row_type: type[R], load: Load[R], key: Callable[[R], Hashable]) -> None:
        fields = {name: field for name, field in row_type.model_fields.items() if name != "number"}
        self.columns = tuple(fields)
        self.required = tuple(name for name, field in fields.items() if field.is_required())
        self._row_type, self._load, self._key = row_type, load, key
        # Hashes, not keys: a file of any length costs a few bytes a row.
        self._seen: dict[int, int] = {}

    def load(self, session: CrmSession, rows: list[tuple[int, Mapping[str, Cell]]], report: ImportReport) -> None:
        """Check `rows`, report the bad ones and those the file has twice, load the rest."""
        good = []
        for number, cells in rows:
            try:
                row = self._row_type.model_validate({**cells, "number": number})
            except ValidationError as invalid:
                fault = invalid.errors(include_url=False, include_input=False)[0]
                report.reject(number, fault["type"], column=fault["loc"][0], **fault.get("ctx", {}))
                continue
            first = self._seen.setdefault(hash(self._key(row)), number)
            if first != number:
                report.warn(number, "row_repeated", first=first)
            good.append(row)
        if good:
            self._load(session, good, report)


def put(session: CrmSession, existing: B | None, make: type[B], values: dict[str, object], report: ImportReport) -> B:
    """The record with `values`: `existing`, changed where it differs, or a new one. Counts what happened."""
    if existing is None:
        record = make(**values)
        session.add(record)
        report.created += 1
        return record
    if assign(existing, values):
        report.updated += 1
    else:
        report.unchanged += 1
    return existing


def assign(record: Base, values: dict[str, object]) -> bool:
    """Give `record` those `values` it does not have yet; whether there were any."""
    changed = False
    held = inspect(record).dict
    for name, value in values.items():
        if held.get(name) != value:
            setattr(record, name, value)
            changed = True
    return changed


def refuse_unknown(report: ImportReport, row: Row, column: str, value: str, reason_code: str) -> None:
    """Note that `row` refers to something that is not there."""
    report.reject(row.number, reason_code, column=column, value=shown(value))
