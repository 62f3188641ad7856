"""Clients who all do the same at once: `python -m benchmarks.races --clients 50 --database sqlite|postgresql`.

Each race has one winner, and everybody else is told so. New offers get the numbers that follow one another, with no
gap and no number twice, also over a year's end and in two series. Prints one table; fails where a race has not the
outcome it must have.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, local
from unittest.mock import patch

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, select

from benchmarks.scoped_search import postgresql
from core.clock import today
from core.errors import AppError
from core.settings import Settings
from crm import engine as crm_engine
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import Customer, Offer, OfferDecision, Price, Product, User
from offers.accepting import Accepting, Said, make_link
from offers.documents import pdf
from offers.editing import figures_of_new
from offers.figures import Edit, EditedLine
from offers.service import Offers

SERIES = ("AJX", "EXP")
_WIDTH = 120
WON = "won"


@dataclass(frozen=True)
class Race:
    """How a race came out: what each client came to, seconds in all, and whether it is as it must be."""

    name: str
    outcomes: Counter[str]
    seconds: float
    right: bool
    found: str


@dataclass(frozen=True)
class Course:
    """A company to race in: an owner who sells, a manager for each client, one customer, one product."""

    engine: Engine
    offers: Offers
    house: Accepting
    seller: Actor
    managers: Sequence[Actor]

    def edit(self, discount: int = 0) -> Edit:
        """An offer of ten pieces."""
        line = EditedLine("PEN", Decimal(10), Decimal(discount))
        return Edit((line,), today() + timedelta(days=30), 8)

    def ready(self, discount: int = 0, *, issued: bool = False) -> str:
        """The number of a new offer."""
        made = self.offers.create(self.seller, "R0001", self.edit(discount))
        if issued:
            self.offers.issue(self.seller, made.number)
        return made.number


def course(settings: Settings, clients: int) -> Course:
    """A fresh company in the database of `settings`, with as many managers as `clients`."""
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    with unit(engine, SYSTEM) as session:
        logins = ["seller", *(f"manager{n}" for n in range(clients))]
        for login in logins:
            role = "normal" if login == "seller" else "manager"
            session.add(
                User(
                    login=login,
                    family_name=login,
                    given_name="Test",
                    email=f"{login}@x.example",
                    role_code=role,
                    language="en",
                )
            )
        session.flush()
        owner = session.scalars(select(User.id).where(User.login == "seller")).one()
        firm = Customer(
            code="R0001",
            name="Racers Ltd",
            country="HU",
            owner_id=owner,
            currency="EUR",
            language="en",
            status="active",
        )
        pen = Product(sku="PEN", name_hu="Toll", name_pl="Pióro", name_en="Pen", unit="db")
        pen.minimum_quantity, pen.vat_percent = Decimal(1), Decimal(27)
        session.add_all((firm, pen))
        session.flush()
        session.add(Price(product_id=pen.id, currency="EUR", unit_price=Decimal("12.50"), valid_from=date(2020, 1, 1)))
    offers = Offers(engine, settings)
    actors = [actor_for(engine, login) for login in logins]
    return Course(engine, offers, Accepting(engine, settings), actors[0], actors[1:])


def at_once(clients: int, work: Callable[[int], object]) -> tuple[Counter[str], float]:
    """What `clients` threads that do `work` at the same moment come to: `won`, or the code of the refusal."""
    ready = Barrier(clients + 1)

    def run(place: int) -> str:
        ready.wait()
        try:
            work(place)
        except AppError as refused:
            return refused.code
        return WON

    with ThreadPoolExecutor(clients) as threads:
        running = [threads.submit(run, place) for place in range(clients)]
        ready.wait()
        began = time.perf_counter()
        outcomes = Counter(each.result() for each in running)
        return outcomes, time.perf_counter() - began


def approve(it: Course, clients: int) -> Race:
    """One approval."""
    number = it.ready(30)
    outcomes, spent = at_once(clients, lambda place: it.offers.approve(it.managers[place], number))
    with unit(it.engine, SYSTEM, writes=False) as session:
        state = offer_records.by_number(session, number).state
    return Race("approve", outcomes, spent, outcomes[WON] == 1 and state == "draft", f"state {state}")


def issue(it: Course, clients: int) -> Race:
    """One issuing, one activity."""
    number = it.ready()
    outcomes, spent = at_once(clients, lambda place: it.offers.issue(it.managers[place], number))
    with unit(it.engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, number)
        state, deal = offer.state, offer.opportunity
        stage = deal.stage_code if deal else "none"
    right = outcomes[WON] == 1 and (state, stage) == ("issued", "decision")
    return Race("issue", outcomes, spent, right, f"state {state}, stage {stage}")


def accept(it: Course, clients: int) -> Race:
    """One acceptance by one link."""
    number = it.ready(issued=True)
    with unit(it.engine, it.seller) as session:
        token = make_link(session, offer_records.by_number(session, number)).rpartition("/")[2]
    said = Said("accepted", "Racer", it.house.look(token).pdf_sha256, "127.0.0.1")
    # Every other one declines: an offer is not both.
    answers = [said, replace(said, answer="declined", reason="price")]
    outcomes, spent = at_once(clients, lambda place: it.house.answer(token, answers[place % 2]))
    with unit(it.engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, number)
        kept = session.scalars(select(OfferDecision).where(OfferDecision.offer_id == offer.id)).all()
        stage = offer.opportunity.stage_code if offer.opportunity else "none"
        ends = {"accepted": "won", "declined": "lost"}
        right = outcomes[WON] == 1 and len(kept) == 1 and kept[0].decision == offer.state
        right = right and stage == ends.get(offer.state)
        return Race("accept or decline", outcomes, spent, right, f"{len(kept)} kept, {offer.state}, stage {stage}")


def revise(it: Course, clients: int) -> Race:
    """One change of the version that all looked at: no update is lost."""
    number = it.ready()
    lock = it.offers.detail(it.seller, number).lock
    outcomes, spent = at_once(
        clients, lambda place: it.offers.revise(it.managers[place], number, lock, it.edit(place % 10))
    )
    with unit(it.engine, SYSTEM, writes=False) as session:
        kept = [version.ordinal for version in offer_records.by_number(session, number).versions]
    return Race("revise", outcomes, spent, outcomes[WON] == 1 and kept == [1, 2], f"versions {kept}")


class _TakenBack(Exception):
    """Ends a unit of work that is thereby rolled back."""


def numbers(it: Course, clients: int) -> Race:
    """New offers in two series, half of them on the first day of the year after: each series counts from one in each
    year, without a gap, though some are given up half way."""
    clock = local()
    turn = date(today().year + 1, 1, 1)

    def draw(place: int, *, give_up: bool) -> None:
        clock.day = turn if place // 2 % 2 else turn - timedelta(days=1)
        actor = it.managers[place]
        with unit(it.engine, actor) as session:
            firm = session.scalars(select(Customer).where(Customer.code == "R0001")).one()
            new = figures_of_new(session, firm, None, it.edit()).version(it.edit())
            offer_records.record(session, firm, None, new, SERIES[place % 2])
            if give_up:
                raise _TakenBack

    def work(place: int) -> None:
        if place % 3 == 0:
            with suppress(_TakenBack):
                draw(place, give_up=True)
        draw(place, give_up=False)

    with patch.object(offer_records, "today", lambda: clock.day):
        outcomes, spent = at_once(clients, work)
    with unit(it.engine, SYSTEM, writes=False) as session:
        drawn = sorted(number for number in session.scalars(select(Offer.number)) if number.startswith(SERIES))
    wanted = [
        f"{series}-{year}-{n:05d}"
        for at, series in enumerate(SERIES)
        for late, year in enumerate((turn.year - 1, turn.year))
        for n in range(1, 1 + sum(p % 2 == at and p // 2 % 2 == late for p in range(clients)))
    ]
    right = outcomes[WON] == clients and drawn == sorted(wanted)
    return Race("number", outcomes, spent, right, f"{len(drawn)} numbers, {len(SERIES) * 2} series")


RACES = (approve, issue, accept, revise, numbers)


def run(settings: Settings, clients: int) -> list[Race]:
    """Every race in a fresh company."""
    it = course(settings, clients)
    try:
        # The built-in engine sets the PDFs: fifty clients of LibreOffice would race for that alone.
        with patch.object(pdf, "soffice", lambda: None):
            return [race(it, clients) for race in RACES]
    finally:
        it.engine.dispose()


def table(races: Sequence[Race], clients: int, database: str) -> Table:
    """The races for reading."""
    made = Table(title=f"{clients} clients at once, {database}")
    for heading in ("race", "won", "refused", "seconds", "found afterwards", "as it must be"):
        made.add_column(heading, justify="right" if heading in ("won", "seconds") else "left", no_wrap=True)
    for race in races:
        refused = ", ".join(f"{code} {n}" for code, n in race.outcomes.most_common() if code != WON) or "–"
        answer = "yes" if race.right else "NO"
        made.add_row(race.name, str(race.outcomes[WON]), refused, f"{race.seconds:.2f}", race.found, answer)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the races; 1 where one did not come out as it must."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.races", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="robo-races-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if given.database == "sqlite":
            races = run(Settings(home=home), given.clients)
        else:
            with postgresql() as address:
                races = run(Settings(home=home, database_url=address), given.clients)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table(races, given.clients, given.database))
    return 0 if all(race.right for race in races) else 1


if __name__ == "__main__":
    sys.exit(main())
