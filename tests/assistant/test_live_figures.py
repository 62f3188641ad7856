"""Figures of live answers hold for the business's days, and the links beside them open as many records as they say."""

import asyncio
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.live import Message, of_history
from assistant.live.reading import read
from assistant.reply import Reply
from assistant.turn import reply_to
from core.clock import now, today
from crm.actor import SYSTEM, Actor
from crm.days import moment_at
from crm.session import unit
from crm.tables import Activity, Customer, Opportunity

pytestmark = pytest.mark.both_databases

People = Callable[[str], Actor]
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def ask(parts: Parts, actor: Actor, message: str) -> Reply:
    return asyncio.run(reply_to(parts, actor, Ask(message)))


def labels(reply: Reply) -> list[str]:
    return [link.label for link in reply.links]


def add_activity(
    engine: Engine,
    actor: Actor,
    subject: str,
    *,
    state: str = "done",
    type_code: str = "call",
    at: datetime | None = None,
    times: int = 1,
) -> None:
    """Activities of Malinowski (C0004): finished at a moment, or open and starting then."""
    with unit(engine, SYSTEM) as session:
        firm = session.scalars(select(Customer).where(Customer.code == "C0004")).one()
        for _ in range(times):
            made = Activity(customer_id=firm.id, type_code=type_code, subject=subject, state=state, due=today())
            made.assignee_id = actor.user_id
            if state == "done":
                made.done_at = at
            else:
                made.starts_at = at
            session.add(made)


def add_deals(engine: Engine, actor: Actor, stage: str, count: int) -> None:
    with unit(engine, SYSTEM) as session:
        firm = session.scalars(select(Customer).where(Customer.code == "C0004")).one()
        for n in range(count):
            deal = Opportunity(code=f"O000{n + 1}", customer_id=firm.id, title="Deal", stage_code=stage, currency="PLN")
            deal.owner_id, deal.opened_on, deal.amount = actor.user_id, today(), Decimal(100)
            session.add(deal)


def test_what_was_finished_just_after_midnight_is_of_the_new_day(parts: Parts, people: People) -> None:
    nora = people("nora")
    add_activity(parts.engine, nora, "late call", at=moment_at(today(), time(0, 20)))
    spoken = ask(parts, nora, "When did we last speak with Malinowski?").text
    assert f"**{today().day} {today():%B %Y}**" in spoken
    assert "late call" in ask(parts, nora, "activities I finished today").text
    assert "late call" not in ask(parts, nora, "activities I finished yesterday").text


@on_sqlite
def test_a_task_whose_hour_has_passed_is_overdue_and_not_also_the_next(parts: Parts, people: People) -> None:
    nora = people("nora")
    with unit(parts.engine, nora, writes=False) as session:
        before = session.scalar(
            select(func.count(Activity.id))
            .join(Customer, Customer.id == Activity.customer_id)
            .where(Customer.code == "C0004", Activity.state == "open")
        )
    assert before == 0
    add_activity(parts.engine, nora, "passed", state="open", at=now() - timedelta(minutes=1))
    reply = ask(parts, nora, "What is the next activity with Malinowski?")
    assert labels(reply) == ["Show all 1"]
    assert "passed" not in reply.text and "Overdue and still open: 1." in reply.text


@on_sqlite
def test_the_last_activity_links_as_many_as_were_finished(parts: Parts, people: People) -> None:
    nora = people("nora")
    add_activity(parts.engine, nora, "spoken", at=now() - timedelta(days=2), times=3)
    reply = ask(parts, nora, "When did we last speak with Malinowski?")
    assert labels(reply) == ["Show all 3"]
    assert "The first" not in reply.text


@on_sqlite
def test_opportunities_by_stage_link_the_opportunities_not_the_stages(parts: Parts, people: People) -> None:
    add_deals(parts.engine, people("nora"), "contact", 3)
    reply = ask(parts, people("nora"), "How many opportunities are in each stage?")
    assert labels(reply) == ["Show all 3"]
    assert "The first" not in reply.text


@on_sqlite
def test_what_was_bought_links_the_won_opportunities(parts: Parts, people: People) -> None:
    add_deals(parts.engine, people("nora"), "won", 9)
    reply = ask(parts, people("nora"), "What did Malinowski buy?")
    assert labels(reply) == ["Show all 9"]
    assert "The first 8 of 9" in reply.text


@on_sqlite
def test_ones_own_level_is_no_list(parts: Parts, people: People) -> None:
    assert labels(ask(parts, people("nora"), "What is my role?")) == []


@on_sqlite
def test_changes_of_last_month_are_found_behind_many_newer_ones(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = people("nora")
    add_activity(parts.engine, nora, "newer", type_code="note", at=now(), times=60)
    add_activity(parts.engine, nora, "earlier", at=moment_at(today().replace(day=1) - timedelta(days=5), time(12)))
    asked = "What changed at Malinowski last month?"
    assert "earlier" in ask(parts, nora, asked).text
    monkeypatch.setattr(of_history, "_READ_AT_ONCE", 20)
    assert "earlier" in ask(parts, nora, asked).text
    monkeypatch.setattr(of_history, "_MOST_READ", 40)
    assert "none of the latest 40 events falls in that time" in ask(parts, nora, asked).text
    assert "at least **40**" in ask(parts, nora, "What changed at Malinowski today?").text


@on_sqlite
@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Who called Malinowski?", "en"),
        ("Who called Malinowski?", "hu"),
        ("Ki hívta Malinowskit?", "hu"),
        ("Ki telefonált Malinowskinak?", "hu"),
        ("Kto dzwonił do Malinowskiego?", "pl"),
    ],
)
def test_who_called_is_no_question_for_contacts(parts: Parts, people: People, message: str, language: str) -> None:
    with unit(parts.engine, people("nora"), writes=False) as session:
        question = read(session, Message(message, language))  # type: ignore[arg-type]
    assert question is None or question.kind != "customer_contacts"


@on_sqlite
@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("When did we last call Malinowski?", "en"),
        ("When was Malinowski last called?", "en"),
        ("Kiedy ostatnio dzwoniliśmy do Malinowskiego?", "pl"),
        ("Mikor telefonáltunk utoljára Malinowskival?", "hu"),
    ],
)
def test_when_somebody_called_is_the_last_activity(parts: Parts, people: People, message: str, language: str) -> None:
    with unit(parts.engine, people("nora"), writes=False) as session:
        question = read(session, Message(message, language))  # type: ignore[arg-type]
    assert question is not None and question.kind == "customer_last_activity"
