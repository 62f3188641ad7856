"""Ways around the permission layer that are closed: links, unloaded columns, bulk writes, guarded fields."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import load_only

from core.errors import Forbidden, NotFound
from crm import chat, opportunities
from crm.actor import SYSTEM, Actor
from crm.session import Unenforceable, acting, unit
from crm.tables import (
    Activity,
    AuditEntry,
    Contact,
    Customer,
    Grant,
    Message,
    Offer,
    Opportunity,
    Stage,
    User,
    table_of,
)

People = Callable[[str], Actor]


@pytest.fixture
def firms(engine: Engine, people: People) -> dict[str, int]:
    """Nora's firm and rita's, each with an opportunity; levels that read everything but change only their own."""
    with unit(engine, SYSTEM) as session:
        for owner in ("nora", "rita"):
            firm = Customer(
                code=owner, name=owner, country="HU", owner_id=people(owner).user_id, currency="HUF", language="hu"
            )
            session.add(firm)
            session.flush()
            opportunities.open_new(session, firm, owner, "direct")
        for grant in session.scalars(select(Grant).where(Grant.role_code == "restricted", Grant.action == "read")):
            grant.scope = "all"
        return {c.code: c.id for c in session.scalars(select(Customer))}


def firm_of(session: object, code: str) -> Customer:
    found: Customer = session.scalars(select(Customer).where(Customer.code == code)).one()  # type: ignore[attr-defined]
    return found


def test_an_owner_that_was_not_loaded_is_still_the_owner(engine: Engine, people: People, firms: dict[str, int]) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        query = select(Customer).where(Customer.code == "nora").options(load_only(Customer.name))
        session.scalars(query).one().name = "rita's now"
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        firm = firm_of(session, "nora")
        session.expire(firm)
        firm.owner_id = people("rita").user_id


def test_a_related_record_assigned_counts_like_its_key(engine: Engine, people: People, firms: dict[str, int]) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        session.add(
            Contact(customer_id=firms["rita"], customer=firm_of(session, "nora"), family_name="x", given_name="y")
        )
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        firm_of(session, "rita").owner = session.scalars(select(User).where(User.login == "nora")).one()
    with unit(engine, people("mate")) as session:
        firm_of(session, "rita").owner = session.scalars(select(User).where(User.login == "nora")).one()
    with unit(engine, SYSTEM, writes=False) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert last.after == {"owner_id": people("nora").user_id}


def test_an_activity_cannot_be_tied_to_another_customers_opportunity(
    engine: Engine, people: People, firms: dict[str, int]
) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        foreign = session.scalars(select(Opportunity).where(Opportunity.customer_id == firms["nora"])).one()
        session.add(Activity(customer_id=firms["rita"], opportunity_id=foreign.id, type_code="call", subject="x"))


def test_a_message_cannot_be_moved_into_anothers_conversation(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        foreign = chat.open_conversation(session, None, "a").id
    with unit(engine, people("rita")) as session:
        own = chat.add_message(session, chat.open_conversation(session, None, "b"), "user", "b").id
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        session.get_one(Message, own).conversation_id = foreign


def test_stage_and_state_are_set_by_their_own_services_only(
    engine: Engine, people: People, firms: dict[str, int]
) -> None:
    with unit(engine, people("mate")) as session:
        offer = Offer(number="A-1", customer_id=firms["nora"], owner_id=people("mate").user_id)
        session.add(offer)
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        session.scalars(select(Opportunity)).first().stage_code = "won"  # type: ignore[union-attr]
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        session.scalars(select(Offer)).one().state = "issued"


def test_what_carries_no_permissions_is_refused_outright(engine: Engine, people: People) -> None:
    with unit(engine, people("rita")) as session:
        with pytest.raises(Unenforceable):
            session.execute(select(Stage.code, table_of(Customer).c.name))
        with pytest.raises(Unenforceable):
            session.bulk_update_mappings(Customer, [])
        with pytest.raises(Unenforceable):
            session.begin_nested()


def test_a_team_of_nobody_is_no_team(engine: Engine, people: People, firms: dict[str, int]) -> None:
    with unit(engine, SYSTEM) as session:
        for user in session.scalars(select(User)):
            user.team_id = None
        for grant in session.scalars(select(Grant).where(Grant.role_code == "restricted")):
            grant.scope = "team"
    with unit(engine, people("rita"), writes=False) as session:
        assert [c.code for c in session.scalars(select(Customer))] == ["rita"]


def test_only_what_is_done_inside_an_action_is_recorded_as_that_action(
    engine: Engine, people: People, firms: dict[str, int]
) -> None:
    with unit(engine, people("mate")) as session:
        firm_of(session, "nora").city = "Vác"
        with acting(session, "transition"):
            session.scalars(select(Opportunity).where(Opportunity.title == "nora")).one().stage_code = "request"
    with unit(engine, SYSTEM, writes=False) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2)).all()
        assert [(e.resource_name, e.action) for e in last] == [("opportunities", "transition"), ("customers", "update")]
