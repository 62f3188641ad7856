"""The dashboard and the board of opportunities through the permission layer, against SQL written by hand."""

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.figures import Figure, alternately, figure
from benchmarks.made_up import OWNERS, TEAMS, fill
from benchmarks.scoped_search import Cursor, postgresql
from core.clock import now, today
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import Actor, Scope
from crm.dashboard import Dashboard, dashboard
from crm.defaults import STAGES
from crm.opportunity_list import CARDS, Column, OpportunityFilters, board
from crm.periods import period
from crm.session import unit
from crm.tables import Activity, Opportunity, table_of

NAME = "sales_screens"
SCOPES: tuple[Scope, ...] = ("own", "team", "all")
CODES = [code for code, _, _ in STAGES]
# Most opportunities of a company that has sold for years have ended.
_WEIGHTS = (4, 4, 3, 4, 45, 40)
_CURRENCIES = ("HUF", "EUR", "PLN")
_BATCH = 5_000
_DAYS = 3 * 365


def _opportunities(count: int, customers: int) -> Iterator[dict[str, object]]:
    chance, moment, last = random.Random(11), now(), today()
    for n in range(1, count + 1):
        age = chance.randrange(_DAYS)
        yield {
            "id": n,
            "code": f"O{n:06d}",
            "customer_id": chance.randint(1, customers),
            "title": f"Made up sale {n}",
            "stage_code": chance.choices(CODES, _WEIGHTS)[0],
            "owner_id": chance.randint(1, OWNERS),
            "amount": Decimal(chance.randint(1, 5_000_000)),
            "currency": chance.choice(_CURRENCIES),
            "source": None,
            "campaign": chance.choice((None, None, "Spring", "Autumn")),
            "opened_on": last - timedelta(days=age),
            "stage_since": moment - timedelta(days=chance.randint(0, age)),
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }


def _activities(count: int, customers: int) -> Iterator[dict[str, object]]:
    chance, moment, last = random.Random(12), now(), today()
    for n in range(1, count + 1):
        yield {
            "id": n,
            "customer_id": chance.randint(1, customers),
            "type_code": "call",
            "subject": f"Made up call {n}",
            "assignee_id": chance.randint(1, OWNERS),
            "due": last + timedelta(days=chance.randint(-300, 20)),
            "state": "done" if chance.random() < 0.9 else "open",
            "priority": "normal",
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }


def fill_sales(engine: Engine, count: int, customers: int) -> None:
    """Put `count` opportunities and as many activities of the first `customers` customers into the database."""
    with engine.begin() as connection:
        for table, rows in (
            (table_of(Opportunity), _opportunities(count, customers)),
            (table_of(Activity), _activities(count, customers)),
        ):
            while batch := list(islice(rows, _BATCH)):
                connection.execute(table.insert(), batch)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


class ByHand:
    """The statements somebody who knows the tables would write for `actor`, on a raw cursor.

    `mark` is the driver's placeholder. They give the same counts, sums and rows, without making records of them.
    """

    def __init__(self, cursor: Cursor, mark: str, actor: Actor, scope: Scope) -> None:
        self._cursor, self._mark = cursor, mark
        self._scope = ""
        self._values: list[object] = []
        if scope == "own":
            self._scope = f" AND customer_id IN (SELECT id FROM customers WHERE owner_id = {mark} OR owner_id IS NULL)"
            self._values = [actor.user_id]
        elif scope == "team":
            team = f"SELECT id FROM users WHERE team_id = {mark}"
            self._scope = (
                f" AND customer_id IN (SELECT id FROM customers WHERE owner_id IN ({team}) OR owner_id IS NULL)"
            )
            self._values = [actor.team_id]

    def _rows(self, sql: str, rest: str = "", *values: object) -> Sequence[tuple[object, ...]]:
        self._cursor.execute(f"{sql}{self._scope}{rest}".replace("?", self._mark), [*values, *self._values])
        return self._cursor.fetchall()

    def _by_stage(self, where: str, *values: object) -> dict[object, int]:
        columns = "stage_code, currency, count(*), sum(amount)"
        grouped = " GROUP BY stage_code, currency"
        counts: dict[object, int] = {}
        for row in self._rows(f"SELECT {columns} FROM opportunities WHERE {where}", grouped, *values):
            counts[row[0]] = counts.get(row[0], 0) + int(str(row[2]))
        return counts

    def board(self) -> dict[str, tuple[int, list[object]]]:
        """By stage: how many, and the codes of the first cards."""
        counts, made = self._by_stage("1 = 1"), {}
        columns = ", ".join(f"o.{c}" for c in ("code", "title", "amount", "currency", "stage_since", "version"))
        for code in CODES:
            tables = "opportunities o JOIN customers c ON c.id = o.customer_id"
            sql = f"SELECT {columns}, c.name FROM {tables} WHERE stage_code = ?"
            rest = f" ORDER BY opened_on DESC, o.id DESC LIMIT {CARDS}"
            made[code] = (counts.get(code, 0), [row[0] for row in self._rows(sql, rest, code)])
        return made

    def dashboard(self, first: date, last: date) -> dict[str, int]:
        """The count of each box, and of tasks due and later."""
        opened = self._by_stage("opened_on >= ? AND opened_on <= ?", first.isoformat(), last.isoformat())
        begins, ends = first.isoformat(), (last + timedelta(days=1)).isoformat()
        where = "stage_code IN ('won', 'lost') AND stage_since >= ? AND stage_since < ?"
        ended = self._by_stage(where, begins, ends)
        counts = {code: opened.get(code, 0) for code in CODES[:4]} | {c: ended.get(c, 0) for c in CODES[4:]}
        day = today().isoformat()
        for name, due in (("due", "due <= ?"), ("later", "due > ?")):
            count = self._rows(f"SELECT count(*) FROM activities WHERE state = 'open' AND {due}", "", day)[0][0]
            counts[name] = int(str(count))
            self._rows(f"SELECT * FROM activities WHERE state = 'open' AND {due}", " ORDER BY due, id LIMIT 8", day)
        return counts


def _actor(number: int, scope: Scope) -> Actor:
    resources = ("customer", "opportunity", "activity", "user", "settings")
    grants: dict[tuple[str, str], Scope] = {
        (name, "read"): scope if name in ("customer", "opportunity", "activity") else "all" for name in resources
    }
    return Actor(number, f"user{number}", "restricted", number % TEAMS + 1, "en", grants)


def _same_board(ours: Sequence[Column], theirs: dict[str, tuple[int, list[object]]]) -> None:
    for column in ours:
        codes = [card.opportunity.code for card in column.cards]
        if (column.totals.count, codes) != theirs[column.stage.code]:
            raise AssertionError(f"the two boards differ in {column.stage.code}")


def _same_dashboard(ours: Dashboard, theirs: dict[str, int]) -> None:
    counts = {box.stage.code: box.totals.count for box in (*ours.boxes, ours.won, ours.lost)}
    # Whether a moment near midnight is of this day or the next depends on the zone; the hand-written SQL is in UTC.
    near = all(abs(counts[code] - theirs[code]) <= 1 + counts[code] // 20 for code in counts)
    if not near or (ours.due.count, ours.later.count) != (theirs["due"], theirs["later"]):
        raise AssertionError("the two dashboards differ")


def _measure(engine: Engine, cursor: Cursor, mark: str, times: int, database: str) -> list[Figure]:
    figures: list[Figure] = []
    for screen in ("board", "month", "year"):
        for scope in SCOPES:
            pairs = [
                _sample(engine, cursor, mark, screen, _actor(turn * 7 % OWNERS + 1, scope), scope, turn)
                for turn in range(times)
            ]
            case = f"{screen}, {database}, {scope}"
            figures.append(figure(NAME, case, "the same figures by SQL written by hand, raw driver", pairs))
    return figures


def _sample(
    engine: Engine, cursor: Cursor, mark: str, screen: str, actor: Actor, scope: Scope, turn: int
) -> tuple[float, float]:
    by_hand, made = ByHand(cursor, mark, actor, scope), period(screen)
    assert made.first is not None and made.last is not None
    first, last = made.first, made.last
    ours: list[object] = []

    def product(show: Callable[..., object]) -> Callable[[], None]:
        def run() -> None:
            with unit(engine, actor, writes=False) as session:
                ours.append(show(session))

        return run

    theirs: list[object] = []
    if screen == "board":
        pair = alternately(
            product(lambda session: board(session, OpportunityFilters())), lambda: theirs.append(by_hand.board()), turn
        )
        _same_board(ours[0], theirs[0])  # type: ignore[arg-type]
    else:
        pair = alternately(
            product(lambda session: dashboard(session, made)),
            lambda: theirs.append(by_hand.dashboard(first, last)),
            turn,
        )
        _same_dashboard(ours[0], theirs[0])  # type: ignore[arg-type]
    return pair


def run(*, quick: bool) -> list[Figure]:
    """Opportunities and activities 100,000 each (quick: 2,000), 20 samples (3) a case."""
    count, times = (2_000, 3) if quick else (100_000, 20)
    customers = max(500, count // 5)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        engine = crm_engine.connect(Settings(home=Path(folder), database_url=None))
        crm_engine.migrate(engine)
        fill(engine, customers)
        fill_sales(engine, count, customers)
        raw = engine.raw_connection()
        try:
            figures += _measure(engine, raw.cursor(), "?", times, "SQLite")
        finally:
            raw.close()
            engine.dispose()
    with postgresql() as address:
        engine = crm_engine.connect(Settings(database_url=address))
        crm_engine.migrate(engine)
        fill(engine, customers)
        fill_sales(engine, count, customers)
        import psycopg

        try:
            with psycopg.connect(address, autocommit=True) as connection:
                figures += _measure(engine, connection.cursor(), "%s", times, "PostgreSQL")
        finally:
            engine.dispose()
    for made in figures:
        made.notes["opportunities"] = f"{count:,}"
    return figures
