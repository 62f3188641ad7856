"""Money totals by stage while many people issue, accept, decline and move at once: right at every moment."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Event

from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import today
from core.errors import AppError
from crm import offers as offer_records
from crm import opportunities, pipeline
from crm.actor import SYSTEM, Actor
from crm.opportunity_list import totals_by_stage
from crm.session import CrmSession, unit
from crm.tables import Customer, Opportunity
from offers.accepting import Accepting, Said, make_link, undo
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
Sums = dict[str, dict[str, Decimal]]
THREADS, OFFERS, STEPS = 50, 10, 4


def as_shown(session: CrmSession) -> Sums:
    return {
        stage: {currency: amount for currency, amount in totals.sums.items() if amount}
        for stage, totals in totals_by_stage(session, []).items()
    }


def recomputed(session: CrmSession) -> Sums:
    sums: Sums = {}
    for deal in session.scalars(select(Opportunity)):
        stage = sums.setdefault(deal.stage_code, {})
        if deal.amount:
            stage[deal.currency] = stage.get(deal.currency, Decimal(0)) + deal.amount
    return sums


def sample(engine: Engine) -> tuple[Sums, Sums]:
    """Both ways of adding up, in one consistent read."""
    session = CrmSession(engine, info={"actor": SYSTEM})
    options: dict[str, object] = {"robo_writes": False}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    try:
        session.connection(execution_options=options)
        return as_shown(session), recomputed(session)
    finally:
        session.rollback()
        session.close()


def test_sums_by_stage_are_those_of_the_rows_at_every_moment(parts: Parts, engine: Engine, people: People) -> None:
    nora, mate = people("nora"), people("mate")
    house = Accepting(engine, parts.settings)
    numbers = []
    for n in range(OFFERS):
        with unit(engine, nora) as session:
            firm = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
            deal = opportunities.open_new(session, firm, f"Sale {n}", "direct", amount=Decimal(1000 + n))
            code = deal.code
        line = EditedLine("TOLL", Decimal(n + 1))
        edit = Edit((line,), today() + timedelta(days=9), 8)
        numbers.append((parts.offers.create(nora, "C0001", edit, code).number, code))

    def issue(number: str, code: str) -> None:
        parts.offers.issue(nora, number)

    def answer(number: str, code: str) -> None:
        with unit(engine, nora) as session:
            token = make_link(session, offer_records.by_number(session, number))[3:]
        kind = "accepted" if int(number[-1]) % 2 else "declined"
        shown = house.look(token)
        house.answer(token, Said(kind, "Kiss", shown.pdf_sha256, "::1", reason="price"))  # type: ignore[arg-type]

    def take_back(number: str, code: str) -> None:
        with unit(engine, mate) as session:
            undo(session, number)

    def move(number: str, code: str) -> None:
        with unit(engine, mate) as session:
            deal = opportunities.by_code(session, code)
            steps = pipeline.legal_steps(session, deal)
            pipeline.move(session, deal, random.choice(steps).stage)

    def work(place: int) -> list[str]:
        chance = random.Random(place)
        told = []
        for _ in range(STEPS):
            act = chance.choice((issue, issue, answer, answer, take_back, move))
            try:
                act(*chance.choice(numbers))
                told.append("ok")
            except AppError as refused:
                told.append(refused.code)
        return told

    over = Event()
    apart: list[tuple[Sums, Sums]] = []

    def watch() -> int:
        looked = 0
        while not over.is_set() or not looked:
            shown, counted = sample(engine)
            looked += 1
            if {s: v for s, v in shown.items() if v} != {s: v for s, v in counted.items() if v}:
                apart.append((shown, counted))
        return looked

    with ThreadPoolExecutor(THREADS + 1) as threads:
        watching = threads.submit(watch)
        try:
            told = [each for lot in threads.map(work, range(THREADS)) for each in lot]
        finally:
            over.set()
        assert watching.result() > 0
    assert apart == []
    shown, counted = sample(engine)
    assert {s: v for s, v in shown.items() if v} == {s: v for s, v in counted.items() if v}
    assert told.count("ok") >= OFFERS
    assert "unexpected" not in told
    with unit(engine, SYSTEM, writes=False) as session:
        for number, code in numbers:
            offer = offer_records.by_number(session, number)
            deal = opportunities.by_code(session, code)
            if offer.state in ("issued", "accepted") and deal.currency == offer.latest.currency:
                assert deal.amount == offer.latest.net
