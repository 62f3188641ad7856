"""Tables as JSON lines and back, the same for both databases.

Tables are taken as the database has them, not as this program's classes say, so that a backup of an older
schema revision can be loaded at that revision and brought up to date afterwards.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import JSON, Column, Connection, Engine, MetaData, Table, func, insert, select, text

_BATCH = 1000
_REVISIONS = "alembic_version"
_INDEX = "retrieval_"


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one state of the database throughout, however others write meanwhile.

    SQLite in WAL mode gives that to any reading transaction, PostgreSQL at REPEATABLE READ.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            yield connection.execution_options(robo_writes=False)


def tables_of(connection: Connection) -> list[Table]:
    """The tables in the database, those that others refer to first; without the migrations' own and without
    the search index, which is rebuilt from the pages."""
    found = MetaData()
    found.reflect(connection)
    return [t for t in found.sorted_tables if t.name != _REVISIONS and not t.name.startswith(_INDEX)]


def dump(connection: Connection, table: Table, file: Path) -> int:
    """Write every row of `table` to `file`, a JSON object a line; returns how many."""
    count = 0
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    with file.open("w", encoding="utf-8") as out:
        for row in connection.execute(query):
            values = {name: _to_json(value) for name, value in row._mapping.items()}
            out.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def load(connection: Connection, table: Table, file: Path) -> int:
    """Insert the rows of `file` into the empty `table`; returns how many."""
    count = 0
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    with file.open(encoding="utf-8") as lines:
        while batch := list(islice(lines, _BATCH)):
            rows = [_from_json(connection, table, json.loads(line)) for line in batch]
            connection.execute(insert(table), rows)
            count += len(rows)
    _go_on_numbering(connection, table)
    return count


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _from_json(connection: Connection, table: Table, values: dict[str, object]) -> dict[str, object]:
    naive = connection.dialect.name == "sqlite"
    return {name: _value(table.columns[name], value, naive) for name, value in values.items()}


def _value(column: Column[object], value: object, naive: bool) -> object:
    if not isinstance(value, str) or isinstance(column.type, JSON):
        return value
    kind = column.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if naive else moment
    return date.fromisoformat(value) if kind is date else value


def _go_on_numbering(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after the loaded ones."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1 or keys[0].type.python_type is not int:
        return
    series = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": keys[0].name}
    ).scalar()
    largest = connection.execute(select(func.max(keys[0]))).scalar()
    if series and largest is not None:
        connection.execute(text("SELECT setval(CAST(:series AS regclass), :last)"), {"series": series, "last": largest})
