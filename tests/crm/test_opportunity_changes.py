"""An opportunity is opened and changed by rules; of two people changing one, the second is told."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from crm import customers, opportunities
from crm.actor import Actor
from crm.opportunity_changes import OpportunityFacts, create, faults, move, update
from crm.opportunity_history import history
from crm.session import unit

People = Callable[[str], Actor]
FACTS = OpportunityFacts("Bővítés", Decimal(1_250_000), "HUF", "web", "Ősz", None)


@pytest.fixture
def deal(engine: Engine, people: People, company: None) -> str:
    """The code of an opportunity of nora's customer."""
    with unit(engine, people("nora")) as session:
        return create(session, customers.by_code(session, "C0001"), FACTS).code


@pytest.mark.parametrize(("origin", "stage"), [("direct", "contact"), ("external", "request")])
def test_where_it_came_from_decides_where_it_begins(
    engine: Engine, people: People, company: None, origin: str, stage: str
) -> None:
    with unit(engine, people("nora")) as session:
        made = create(session, customers.by_code(session, "C0004"), replace(FACTS, title="  Új \n iroda "), origin)
    assert (made.title, made.stage_code, made.opened_on, made.code) == ("Új iroda", stage, today(), "O0001")


def test_another_origin_opens_nothing(engine: Engine, people: People, company: None) -> None:
    with pytest.raises(NotFound), unit(engine, people("nora")) as session:
        create(session, customers.by_code(session, "C0001"), FACTS, "rumour")


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"title": " \u00a0 "}, "title", "opportunity_without_title"),
        ({"title": "x" * 201}, "title", "opportunity_text_too_long"),
        ({"campaign": "x" * 101}, "campaign", "opportunity_text_too_long"),
        ({"amount": Decimal(-1)}, "amount", "opportunity_amount_range"),
        ({"amount": Decimal(10) ** 9 + 1}, "amount", "opportunity_amount_range"),
        ({"amount": Decimal("NaN")}, "amount", "opportunity_amount_range"),
        ({"amount": Decimal("0.5")}, "amount", "opportunity_amount_places"),
        ({"amount": Decimal("0.005"), "currency": "EUR"}, "amount", "opportunity_amount_places"),
        ({"currency": "USD"}, "currency", "opportunity_currency"),
        ({"owner_id": 999}, "owner_id", "opportunity_owner"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_nothing_is_saved(
    engine: Engine, people: People, deal: str, wrong: dict[str, object], field: str, code: str
) -> None:
    facts = replace(FACTS, **wrong)  # type: ignore[arg-type]
    with unit(engine, people("nora"), writes=False) as session:
        assert {name: fault.code for name, fault in faults(session, facts).items()} == {field: code}
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        update(session, opportunities.by_code(session, deal), facts, 1)
    assert refused.value.code == code
    with unit(engine, people("nora"), writes=False) as session:
        assert opportunities.by_code(session, deal).version == 1


def test_of_two_who_change_or_move_one_the_second_is_told(engine: Engine, people: People, deal: str) -> None:
    with unit(engine, people("nora")) as session:
        update(session, opportunities.by_code(session, deal), replace(FACTS, amount=None), 1)
    with pytest.raises(AppError) as late, unit(engine, people("mate")) as session:
        update(session, opportunities.by_code(session, deal), FACTS, 1)
    with pytest.raises(AppError) as too_late, unit(engine, people("mate")) as session:
        move(session, opportunities.by_code(session, deal), "request", 1)
    assert late.value.code == too_late.value.code == "conflict"
    with unit(engine, people("mate")) as session:
        found = opportunities.by_code(session, deal)
        move(session, found, "request", 2)
        assert (found.stage_code, found.amount) == ("request", None)


def test_its_history_tells_its_moves_to_who_reads_the_audit(engine: Engine, people: People, deal: str) -> None:
    for stage in ("request", "offer"):
        with unit(engine, people("nora")) as session:
            found = opportunities.by_code(session, deal)
            move(session, found, stage, found.version)

    def moves(login: str) -> list[tuple[str, str | None]]:
        with unit(engine, people(login), writes=False) as session:
            told = history(session, opportunities.by_code(session, deal))
            return [(event.text, event.by) for event in told if event.kind == "stage"]

    assert moves("ada") == [("offer", "nora"), ("request", "nora")]
    assert moves("nora") == [("offer", None)]


def test_a_level_that_does_not_see_amounts_leaves_them_as_they_are(engine: Engine, people: People, deal: str) -> None:
    blind = replace(people("nora"), hidden={"opportunity": frozenset({"amount"})})
    with unit(engine, blind) as session:
        update(session, opportunities.by_code(session, deal), replace(FACTS, title="Más", amount=None), 1)
    with unit(engine, people("mate"), writes=False) as session:
        found = opportunities.by_code(session, deal)
        assert (found.title, found.amount) == ("Más", 1_250_000)


def test_rights_hold_for_opening_and_changing(engine: Engine, people: People, deal: str) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        opportunities.by_code(session, deal)
    nora = people("nora")
    reader = replace(nora, grants={right: scope for right, scope in nora.grants.items() if right[1] == "read"})
    with pytest.raises(Forbidden), unit(engine, reader) as session:
        update(session, opportunities.by_code(session, deal), replace(FACTS, title="Más"), 1)
    with pytest.raises(Forbidden), unit(engine, reader) as session:
        create(session, customers.by_code(session, "C0001"), FACTS)
