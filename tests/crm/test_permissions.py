"""Levels reach what their grants say and nothing else; what is out of reach looks absent."""

from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import aliased, joinedload

from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from crm import chat, customers, opportunities
from crm.actor import SYSTEM, Actor
from crm.defaults import default_grants
from crm.session import CrmSession, Unenforceable, unit
from crm.tables import (
    Activity,
    Base,
    Contact,
    Customer,
    Grant,
    Message,
    Offer,
    OfferVersion,
    Opportunity,
    Product,
    User,
)

People = Callable[[str], Actor]
OWNERS = {"C1": "nora", "C2": "rita", "C3": None, "C4": "reka"}


@pytest.fixture
def firms(engine: Engine, people: People) -> None:
    """Four firms, each with a contact, an activity, an opportunity and an offer."""
    with unit(engine, SYSTEM) as session:
        for code, login in OWNERS.items():
            owner = people(login).user_id if login else None
            firm = Customer(code=code, name=f"Cég {code}", country="HU", owner_id=owner, currency="HUF", language="hu")
            session.add(firm)
            session.flush()
            session.add(Contact(customer_id=firm.id, family_name="Kiss", given_name=code, email=f"{code}@x.example"))
            session.add(Activity(customer_id=firm.id, type_code="call", subject=code, due=today()))
            deal = opportunities.open_new(session, firm, f"Üzlet {code}", "direct")
            offer = Offer(
                number=f"A-{code}", customer_id=firm.id, opportunity_id=deal.id, owner_id=people("nora").user_id
            )
            session.add(offer)
            session.flush()
            session.add(
                OfferVersion(
                    offer_id=offer.id,
                    offer=offer,
                    ordinal=1,
                    currency="HUF",
                    language="hu",
                    made_on=today(),
                    valid_until=today(),
                    payment_days=8,
                    net=Decimal(1),
                    vat=Decimal(0),
                    gross=Decimal(1),
                    warnings=[],
                )
            )


# A field of each resource that a test may write.
WRITTEN = {
    "customer": "city",
    "contact": "position",
    "activity": "note",
    "opportunity": "title",
    "offer": "latest_version",
}
VISIBLE = {"ada": 4, "mate": 4, "nora": 4, "rita": 2, "reka": 2}


@pytest.mark.parametrize("login", VISIBLE)
@pytest.mark.parametrize("entity", [Customer, Contact, Activity, Opportunity, Offer, OfferVersion])
def test_a_level_reads_exactly_the_rows_in_its_scope(
    engine: Engine, people: People, firms: None, login: str, entity: type[Base]
) -> None:
    with unit(engine, people(login), writes=False) as session:
        assert len(session.scalars(select(entity)).all()) == VISIBLE[login]
        assert session.scalar(select(func.count()).select_from(entity)) == VISIBLE[login]
        assert len(session.execute(select(aliased(entity).id)).all()) == VISIBLE[login]


def test_no_way_of_asking_reaches_a_row_out_of_scope(engine: Engine, people: People, firms: None) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        hidden = session.scalars(select(Customer).where(Customer.code == "C1")).one().id
    with unit(engine, people("rita"), writes=False) as session:
        assert session.get(Customer, hidden) is None
        assert session.scalar(select(Customer.name).where(Customer.code == "C1")) is None
        assert customers.find_by_code(session, "C1") is None
        assert {c.code for c in customers.search(session, "cég")} == {"C2", "C3"}
        assert {c.code for c in customers.like(session, ("ceg",))} == {"C2", "C3"}
        joined = select(Offer).options(joinedload(Offer.customer), joinedload(Offer.opportunity))
        assert {o.number for o in session.scalars(joined)} == {"A-C2", "A-C3"}
        for statement in (
            text("select * from customers"),
            select(Customer.__table__),
            update(Customer).values(name="x"),
        ):
            with pytest.raises(Unenforceable):
                session.execute(statement)


def test_a_hidden_record_is_refused_in_the_words_of_a_missing_one(engine: Engine, people: People, firms: None) -> None:
    with unit(engine, people("rita"), writes=False) as session:
        with pytest.raises(NotFound) as hidden:
            customers.by_code(session, "C1")
        with pytest.raises(NotFound) as missing:
            customers.by_code(session, "C9")
    assert hidden.value.message("hu").replace("C1", "C9") == missing.value.message("hu")
    assert (hidden.value.status, hidden.value.code) == (missing.value.status, missing.value.code)


def _record(session: CrmSession, resource: str, firm: str) -> Base | None:
    entity = {
        "customer": Customer,
        "contact": Contact,
        "activity": Activity,
        "opportunity": Opportunity,
        "offer": Offer,
    }
    kind = entity[resource]
    query = select(kind) if kind is Customer else select(kind).join(Customer, Customer.id == kind.customer_id)
    return session.scalar(query.where(Customer.code == firm))


@pytest.mark.parametrize("login", VISIBLE)
@pytest.mark.parametrize(("resource", "field"), WRITTEN.items())
def test_writes_pass_for_the_same_rows_as_reads(
    engine: Engine, people: People, firms: None, login: str, resource: str, field: str
) -> None:
    """The record is handed over as the system loaded it: the session, not the caller, refuses the write."""
    actor = people(login)
    for firm, owner in OWNERS.items():
        with unit(engine, SYSTEM, writes=False) as session:
            record = _record(session, resource, firm)
        assert record is not None
        allowed = VISIBLE[login] == 4 or owner in (login, None)
        with nullcontext() if allowed else pytest.raises(NotFound), unit(engine, actor) as session:
            session.add(record)
            setattr(record, field, 2 if field == "latest_version" else "új")


@pytest.mark.parametrize("login", VISIBLE)
def test_a_record_is_deleted_within_the_same_scope(engine: Engine, people: People, firms: None, login: str) -> None:
    for firm, owner in OWNERS.items():
        with unit(engine, SYSTEM, writes=False) as session:
            record = _record(session, "activity", firm)
        allowed = VISIBLE[login] == 4 or owner in (login, None)
        with nullcontext() if allowed else pytest.raises(NotFound), unit(engine, people(login)) as session:
            session.delete(record)


@pytest.mark.parametrize("login", VISIBLE)
def test_a_contact_is_added_only_to_a_customer_in_scope(
    engine: Engine, people: People, firms: None, login: str
) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        ids = {c.code: c.id for c in session.scalars(select(Customer))}
    for firm, owner in OWNERS.items():
        allowed = VISIBLE[login] == 4 or owner in (login, None)
        with nullcontext() if allowed else pytest.raises(NotFound), unit(engine, people(login)) as session:
            session.add(Contact(customer_id=ids[firm], family_name="Új", given_name="Ember"))


@pytest.mark.parametrize("resource", ["product", "user", "team"])
@pytest.mark.parametrize("login", VISIBLE)
def test_what_has_no_owner_is_changed_by_grant_alone(engine: Engine, people: People, login: str, resource: str) -> None:
    actor = people(login)
    with unit(engine, SYSTEM) as session:
        if resource == "product":
            session.add(
                Product(
                    sku="P1", name_hu="x", name_pl="x", name_en="x", unit="db",
                    vat_percent=Decimal(27), minimum_quantity=Decimal(1),
                )
            )  # fmt: skip
    allowed = (resource, "update") in default_grants()[actor.role]

    def change() -> None:
        with unit(engine, actor) as session:
            if resource == "product":
                session.scalars(select(Product)).one().category = "új"
            elif resource == "user":
                session.scalars(select(User).where(User.login == "rita")).one().family_name = "Új"
            else:
                user = session.scalars(select(User).where(User.login == "rita")).one()
                assert user.team is not None
                user.team.name = "Új"

    if allowed:
        change()
    else:
        with pytest.raises(Forbidden):
            change()


def test_a_restricted_user_cannot_give_a_record_away_or_take_one(engine: Engine, people: People, firms: None) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        customers.by_code(session, "C2").owner_id = people("reka").user_id
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        mine = customers.by_code(session, "C2")
        session.scalars(select(Contact).where(Contact.customer_id == mine.id)).one().customer_id = mine.id - 1


def test_conversations_are_their_owners_alone_even_for_administrators(engine: Engine, people: People) -> None:
    with unit(engine, people("rita")) as session:
        conversation = chat.open_conversation(session, None, "Szia")
        message = chat.add_message(session, conversation, "user", "titok")
    with unit(engine, people("ada"), writes=False) as session:
        assert session.scalars(select(Message)).all() == []
        with pytest.raises(NotFound):
            chat.open_conversation(session, conversation.code, "")
        with pytest.raises(NotFound):
            chat.rate(session, message.code, 1, None)


def test_a_changed_grant_counts_from_the_next_unit_of_work(engine: Engine, people: People, firms: None) -> None:
    with unit(engine, people("ada")) as session:
        grant = session.scalars(
            select(Grant).where(
                Grant.role_code == "restricted", Grant.resource_name == "customer", Grant.action == "read"
            )
        ).one()
        grant.scope = "team"
    with unit(engine, people("rita"), writes=False) as session:
        assert {c.code for c in session.scalars(select(Customer))} == {"C1", "C2", "C3"}


def test_of_two_writers_of_one_version_the_second_is_told(engine: Engine, people: People, firms: None) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        stale = customers.by_code(session, "C1")
    with unit(engine, people("mate")) as session:
        customers.by_code(session, "C1").city = "Vác"
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        session.add(stale)
        stale.city = "Eger"
    assert refused.value.code == "conflict"
