"""Lists and board of opportunities: every filter and order against the same rule in plain Python."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, null, select

from crm import days
from crm.actor import SYSTEM, Actor
from crm.lists import found
from crm.opportunity_list import ORDERS, OpportunityFilters, board, campaigns, query_for
from crm.session import unit
from crm.tables import Activity, Customer, Opportunity

People = Callable[[str], Actor]
DAY = date(2026, 3, 10)
# code, customer, title, stage, owner, amount, currency, campaign, opened, days in stage (None: never recorded)
DEALS = [
    ("O0001", "C0001", "Nyomtatók", "contact", "nora", 100, "HUF", None, 0, 0),
    ("O0002", "C0001", "Monitorok 100%", "decision", "nora", 250, "EUR", "Ősz", 1, 1),
    ("O0003", "C0002", "Nyomtatópapír", "decision", "rita", 300, "HUF", "Ősz", 2, 5),
    ("O0004", "C0003", "Szoftver", "won", None, 400, "PLN", None, 3, None),
    ("O0005", "C0004", "Drukarki", "decision", "mate", None, "PLN", "Tavasz", 4, 4),
    ("O0006", "C0005", "Printers", "lost", "nora", 50, "EUR", "", 5, 9),
]


@pytest.fixture
def deals(engine: Engine, people: People, company: None) -> None:
    """Six opportunities of the sample firms, and tasks of one of them."""
    with unit(engine, SYSTEM) as session:
        firms = {firm.code: firm.id for firm in session.scalars(select(Customer))}
        for code, firm, title, stage, owner, amount, currency, campaign, opened, since in DEALS:
            session.add(
                Opportunity(
                    code=code,
                    customer_id=firms[firm],
                    title=title,
                    stage_code=stage,
                    owner_id=people(owner).user_id if owner else None,
                    amount=None if amount is None else Decimal(amount),
                    currency=currency,
                    campaign=campaign,
                    opened_on=DAY + timedelta(days=opened),
                    stage_since=null() if since is None else days.begins(DAY + timedelta(days=since)),
                )
            )
        session.flush()
        deal = session.scalars(select(Opportunity).where(Opportunity.code == "O0002")).one()
        for subject, due, state in [
            ("later", 9, "open"),
            ("no day", None, "open"),
            ("soon", 2, "open"),
            ("x", 1, "done"),
        ]:
            task = Activity(customer_id=deal.customer_id, opportunity_id=deal.id, type_code="task", subject=subject)
            task.due, task.state = None if due is None else DAY + timedelta(days=due), state
            session.add(task)


def codes(engine: Engine, actor: Actor, filters: OpportunityFilters, order: str = "code") -> str:
    """The last digits of the codes found, in their order."""
    with unit(engine, actor, writes=False) as session:
        return "".join(o.code[-1] for o in found(session, query_for(session, filters, order), Opportunity.id).rows)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "123456"),
        ({"q": "nyomtató"}, "13"),
        ({"q": "100%"}, "2"),
        ({"q": "o000"}, "123456"),
        ({"q": "bartok fia"}, "3"),
        ({"q": "nincs ilyen"}, ""),
        ({"stage": "decision"}, "235"),
        ({"state": "open"}, "1235"),
        ({"state": "closed"}, "46"),
        ({"owner": "me"}, "126"),
        ({"owner": "mate"}, "5"),
        ({"owner": "nobody"}, "4"),
        ({"owner": "no-such-login"}, ""),
        ({"campaign": "Ősz"}, "23"),
        ({"customer": "c0001"}, "12"),
        ({"opened_from": DAY + timedelta(days=1), "opened_to": DAY + timedelta(days=3)}, "234"),
        ({"since_from": DAY + timedelta(days=4)}, "356"),
        ({"since_from": DAY + timedelta(days=3), "since_to": DAY + timedelta(days=4)}, "45"),
        ({"stage": "decision", "owner": "me", "campaign": "Ősz", "q": "monitor"}, "2"),
    ],
)
def test_each_filter_leaves_in_what_it_says(
    engine: Engine, people: People, deals: None, filters: dict[str, object], expected: str
) -> None:
    assert codes(engine, people("nora"), OpportunityFilters(**filters)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("-opened", "654321"),
        ("opened", "123456"),
        ("-amount", "432165"),
        ("amount", "612345"),
        ("since", "125364"),
        ("-since", "635214"),
        ("customer", "431256"),
        ("stage", "123546"),
        ("owner", "512634"),
        ("no such order", "654321"),
    ],
)
def test_each_order_is_the_one_it_names_and_those_without_a_value_come_last(
    engine: Engine, people: People, deals: None, order: str, expected: str
) -> None:
    if order == "customer":
        # Databases sort the three Bartóks by rules of their own; they come before Green & Hill and Malinowski.
        assert codes(engine, people("nora"), OpportunityFilters(), order)[-2:] == "65"
    elif order == "owner":
        assert codes(engine, people("nora"), OpportunityFilters(), order) == "512634"
    else:
        assert codes(engine, people("nora"), OpportunityFilters(), order) == expected


def test_every_order_can_be_turned_round(engine: Engine, people: People, deals: None) -> None:
    for name in ORDERS:
        rising = codes(engine, people("nora"), OpportunityFilters(), name)
        assert (
            sorted(codes(engine, people("nora"), OpportunityFilters(), f"-{name}")) == sorted(rising) == list("123456")
        )


def test_everyone_finds_only_what_they_may_see(engine: Engine, people: People, deals: None) -> None:
    # rita answers for C0002 and sees the unassigned C0003; reka has only the latter.
    assert codes(engine, people("rita"), OpportunityFilters()) == "34"
    assert codes(engine, people("reka"), OpportunityFilters(q="nyomtató")) == ""
    with unit(engine, people("rita"), writes=False) as session:
        assert campaigns(session) == ["Ősz"]
        columns = {column.stage.code: column.totals for column in board(session, OpportunityFilters())}
        assert (columns["decision"].count, columns["decision"].sums) == (1, {"HUF": Decimal(300)})


def test_the_board_counts_and_sums_whole_columns_by_currency_and_shows_some(
    engine: Engine, people: People, deals: None
) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        columns = {column.stage.code: column for column in board(session, OpportunityFilters(), "code", cards=2)}
    assert list(columns) == ["contact", "request", "offer", "decision", "won", "lost"]
    decision = columns["decision"]
    assert [card.opportunity.code for card in decision.cards] == ["O0002", "O0003"]
    assert (decision.totals.count, decision.hidden) == (3, 1)
    assert decision.totals.sums == {"EUR": Decimal(250), "HUF": Decimal(300)}
    assert decision.cards[0].next_task is not None
    assert decision.cards[0].next_task.subject == "soon"
    assert decision.cards[1].next_task is None
    assert (columns["offer"].totals.count, list(columns["offer"].cards)) == (0, [])


@pytest.mark.parametrize(
    ("filters", "stages"),
    [
        ({"state": "open"}, ["contact", "request", "offer", "decision"]),
        ({"state": "closed"}, ["won", "lost"]),
        ({"stage": "won"}, ["won"]),
    ],
)
def test_the_board_has_the_columns_the_filters_leave(
    engine: Engine, people: People, deals: None, filters: dict[str, str], stages: list[str]
) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        assert [column.stage.code for column in board(session, OpportunityFilters(**filters))] == stages  # type: ignore[arg-type]


def test_a_level_that_does_not_see_amounts_gets_no_sums_and_no_order_by_them(
    engine: Engine, people: People, deals: None
) -> None:
    blind = replace(people("nora"), hidden={"opportunity": frozenset({"amount"})})
    with unit(engine, blind, writes=False) as session:
        columns = board(session, OpportunityFilters())
    assert [column.totals.sums for column in columns] == [{}] * 6
    assert codes(engine, blind, OpportunityFilters(), "-amount") == "654321"
