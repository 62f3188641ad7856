"""A proposal is done once however often it is confirmed, and shows nothing its person may no longer see."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from assistant.changes.views import proposal_view
from assistant.context import Parts
from core.clock import today
from core.errors import AppError
from crm import proposals
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.proposals import Asked, Item, NewActivity, SetField, confirming
from crm.session import unit
from crm.tables import Activity, Customer, Grant, Opportunity

pytestmark = pytest.mark.both_databases

People = Callable[[str], Actor]
ASKED = Asked("x", "en")
AMOUNT = SetField(resource="opportunity", record="O0001", field="amount", value="5")


def two_calls(parts: Parts, actor: Actor) -> str:
    day = date(2027, 1, 5)
    items: list[Item] = [
        NewActivity(customer="C0001", type_code="task", subject=subject, due=day, assignee="nora")
        for subject in ("first", "second")
    ]
    code, refused = proposals.propose(parts.engine, actor, items, ASKED)
    assert code is not None and refused == []
    return code


def firsts(parts: Parts) -> int:
    with unit(parts.engine, SYSTEM, writes=False) as session:
        return session.scalar(select(func.count(Activity.id)).where(Activity.subject == "first")) or 0


def deal_worth(parts: Parts, owner: Actor, amount: Decimal) -> None:
    with unit(parts.engine, SYSTEM) as session:
        firm = session.scalars(select(Customer).where(Customer.code == "C0004")).one()
        deal = Opportunity(
            code="O0001", customer_id=firm.id, title="Deal", stage_code="contact", currency="PLN", opened_on=today()
        )
        deal.owner_id, deal.amount = owner.user_id, amount
        session.add(deal)


def hide_amounts(parts: Parts, level: str) -> None:
    with unit(parts.engine, SYSTEM) as session:
        rows = select(Grant).where(
            Grant.role_code == level, Grant.resource_name == "opportunity", Grant.action == "read"
        )
        session.scalars(rows).one().hidden_fields = ["amount"]


def test_an_item_named_twice_is_done_once(parts: Parts, people: People) -> None:
    code = two_calls(parts, people("nora"))
    proposals.confirm(parts.engine, people("nora"), code, [1, 1, 2])
    assert firsts(parts) == 1


def test_of_two_confirmations_that_read_it_open_one_is_told_so(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = people("nora")
    code = two_calls(parts, actor)
    corrected = confirming._corrected

    def after_the_other(
        engine: object, _actor: Actor, items: Sequence[Item], edits: Mapping[int, Mapping[str, str | None]]
    ) -> object:
        version = confirming._decide(parts.engine, actor, code, [1, 2], {})
        confirming._do(parts.engine, actor, code, 1, version)
        return corrected(parts.engine, actor, tuple(items), edits)

    monkeypatch.setattr(confirming, "_corrected", after_the_other)
    with pytest.raises(AppError) as refused:
        proposals.confirm(parts.engine, actor, code)
    assert refused.value.code == "proposal_decided"
    assert firsts(parts) == 1


def test_a_value_hidden_since_is_not_shown_any_more(parts: Parts, people: People) -> None:
    deal_worth(parts, people("nora"), Decimal(7654321))
    code, _ = proposals.propose(parts.engine, people("nora"), [AMOUNT], ASKED)
    assert code is not None
    assert "7,654,321" in str(proposal_view(parts.engine, people("nora"), code, "en"))
    hide_amounts(parts, "normal")
    assert "654" not in str(proposal_view(parts.engine, actor_for(parts.engine, "nora"), code, "en"))


def test_a_hidden_field_is_refused_as_hidden(parts: Parts, people: People) -> None:
    deal_worth(parts, people("nora"), Decimal(1))
    hide_amounts(parts, "normal")
    code, refused = proposals.propose(parts.engine, actor_for(parts.engine, "nora"), [AMOUNT], ASKED)
    assert code is None and [r.error.code for r in refused] == ["field_hidden"]


def test_of_a_record_out_of_reach_by_now_nothing_is_told(parts: Parts, people: People) -> None:
    with unit(parts.engine, SYSTEM) as session:
        session.scalars(select(Customer).where(Customer.code == "C0004")).one().owner_id = people("rita").user_id
    deal_worth(parts, people("rita"), Decimal(7654321))
    code, _ = proposals.propose(parts.engine, people("rita"), [AMOUNT], ASKED)
    assert code is not None
    with unit(parts.engine, SYSTEM) as session:
        session.scalars(select(Customer).where(Customer.code == "C0004")).one().owner_id = people("nora").user_id
    told = proposal_view(parts.engine, people("rita"), code, "en")
    assert [(item.changes, item.inputs, item.record) for item in told.items] == [([], [], None)]
