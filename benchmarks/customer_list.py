"""A page of the list of customers and its total through the permission layer, against SQL written by hand."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.figures import Figure, alternately, figure
from benchmarks.made_up import OWNERS, TEAMS, fill, happen
from benchmarks.scoped_search import Cursor, postgresql
from core.clock import today
from core.settings import Settings
from crm import customer_list
from crm import engine as crm_engine
from crm.actor import Actor, Scope
from crm.customer_list import CustomerFilters
from crm.session import unit

NAME = "customer_list"
SIZE = 50
SCOPES: tuple[Scope, ...] = ("own", "all")
_QUIET = today() - timedelta(days=90)
_COLUMNS = ", ".join(
    f"c.{column}"
    for column in (
        *(
            "id",
            "code",
            "name",
            "tax_number",
            "tax_key",
            "country",
            "city",
            "address",
            "industry",
            "employees",
            "sites",
        ),
        *("status", "segment", "owner_id", "currency", "language", "payment_days", "version", "created_at"),
        "updated_at",
    )
)
_DONE_ON = "COALESCE(DATE(a.done_at), a.due)"


@dataclass(frozen=True)
class Case:
    """A state of the list, and the condition and order somebody who knows the tables would write for it.

    `values` fill the condition; `join` is what the order needs.
    """

    name: str
    filters: CustomerFilters
    order: str
    where: str
    values: tuple[object, ...]
    ordered: str
    join: str = ""


CASES = (
    Case("by name", CustomerFilters(), "name", "1 = 1", (), "c.name_key, c.id"),
    Case("by city", CustomerFilters(), "city", "1 = 1", (), "c.city NULLS LAST, c.id"),
    Case(
        "by owner",
        CustomerFilters(status="active"),
        "owner",
        "c.status = {}",
        ("active",),
        "u.family_name NULLS LAST, u.given_name, c.name_key, c.id",
        "LEFT JOIN users AS u ON u.id = c.owner_id",
    ),
    Case(
        "status and segment",
        CustomerFilters(status="active", segment="B"),
        "name",
        "c.status = {} AND c.segment = {}",
        ("active", "B"),
        "c.name_key, c.id",
    ),
    Case(
        "no contact for 90 days",
        CustomerFilters(quiet_since=_QUIET),
        "name",
        "NOT EXISTS (SELECT 1 FROM activities AS a WHERE a.customer_id = c.id AND a.state = 'done' "
        f"AND {_DONE_ON} >= {{}})",
        (_QUIET.isoformat(),),
        "c.name_key, c.id",
    ),
    Case(
        "open opportunity",
        CustomerFilters(open_opportunity=True),
        "name",
        "EXISTS (SELECT 1 FROM opportunities AS o JOIN stages AS s ON s.code = o.stage_code "
        "WHERE o.customer_id = c.id AND NOT s.closed)",
        (),
        "c.name_key, c.id",
    ),
    Case(
        "longest without contact",
        CustomerFilters(),
        "last_contact",
        "1 = 1",
        (),
        "d.day NULLS FIRST, c.id",
        f"LEFT JOIN (SELECT a.customer_id, MAX({_DONE_ON}) AS day FROM activities AS a WHERE a.state = 'done' "
        "GROUP BY a.customer_id) AS d ON d.customer_id = c.id",
    ),
)


def by_hand(case: Case, actor: Actor, scope: Scope, mark: str) -> tuple[str, str, list[object]]:
    """The statements for the total and for the first page, and the values of both."""
    values = list(case.values)
    where = case.where.replace("{}", mark)
    if mark == "%s":
        where = where.replace(">= %s", ">= %s::date")
    if scope == "own":
        where += f" AND (c.owner_id = {mark} OR c.owner_id IS NULL)"
        values.append(actor.user_id)
    counted = f"SELECT COUNT(*) FROM customers AS c WHERE {where}"
    page = f"SELECT {_COLUMNS} FROM customers AS c {case.join} WHERE {where} ORDER BY {case.ordered} LIMIT {SIZE}"
    return counted, page, values


def _actor(number: int, scope: Scope) -> Actor:
    grants: dict[tuple[str, str], Scope] = {
        **{(resource, "read"): scope for resource in ("customer", "activity", "opportunity")},
        ("user", "read"): "all",
    }
    return Actor(number, f"user{number}", "restricted", number % TEAMS + 1, "en", grants)


@dataclass
class BothWays:
    """One state of the list both ways, as the same actor on the same database: the total and the page's codes."""

    engine: Engine
    cursor: Cursor
    mark: str
    case: Case
    actor: Actor
    scope: Scope
    listed: Sequence[object] = ()
    by_hand: Sequence[object] = ()

    def through_the_layer(self) -> None:
        with unit(self.engine, self.actor, writes=False) as session:
            page = customer_list.page(session, self.case.filters, self.case.order, 0, SIZE)
            self.listed = [page.total, *(customer.code for customer in page.rows)]

    def raw(self) -> None:
        counted, page, values = by_hand(self.case, self.actor, self.scope, self.mark)
        self.cursor.execute(counted, values)
        total = self.cursor.fetchall()[0][0]
        self.cursor.execute(page, values)
        self.by_hand = [total, *(row[1] for row in self.cursor.fetchall())]

    def check(self) -> None:
        """Raises `AssertionError` where the two are different lists."""
        if self.listed != self.by_hand:
            raise AssertionError(f"the two lists {self.case.name} in scope {self.scope} are different")


def _measure(engine: Engine, cursor: Cursor, mark: str, turns: int, database: str) -> list[Figure]:
    figures = []
    for case in CASES:
        for scope in SCOPES:
            pairs = []
            for turn in range(turns):
                both = BothWays(engine, cursor, mark, case, _actor(turn * 7 % OWNERS + 1, scope), scope)
                pairs.append(alternately(both.through_the_layer, both.raw, turn))
                both.check()
            floor = "the same total and page by SQL by hand"
            figures.append(figure(NAME, f"{database}, {case.name}, {scope}", floor, pairs))
    return figures


def run(*, quick: bool) -> list[Figure]:
    """Customers 100,000 (quick: 2,000), each state 9 times (4) in scopes own and all on each database."""
    count, turns = (2_000, 4) if quick else (100_000, 9)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        engine = crm_engine.connect(Settings(home=Path(folder), database_url=None))
        crm_engine.migrate(engine)
        fill(engine, count)
        happen(engine, count)
        raw = engine.raw_connection()
        try:
            figures += _measure(engine, raw.cursor(), "?", turns, "SQLite")
        finally:
            raw.close()
            engine.dispose()
    with postgresql() as address:
        engine = crm_engine.connect(Settings(database_url=address))
        crm_engine.migrate(engine)
        fill(engine, count)
        happen(engine, count)
        import psycopg

        try:
            with psycopg.connect(address, autocommit=True) as connection:
                figures += _measure(engine, connection.cursor(), "%s", turns, "PostgreSQL")
        finally:
            engine.dispose()
    for made in figures:
        made.notes["customers"] = f"{count:,}"
    return figures
