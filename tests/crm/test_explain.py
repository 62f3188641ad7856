"""What is explained is what happens: whoever asks, whatever they may, wherever the record stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.clock import today
from core.errors import AppError
from crm import activity_changes, contacts, customer_changes, customers, opportunities, opportunity_changes
from crm.activity_changes import ActivityFields
from crm.actor import SYSTEM, Actor, Scope
from crm.contacts import ContactFields
from crm.explain import explain
from crm.opportunity_changes import OpportunityFacts
from crm.session import CrmSession, unit
from crm.tables import Activity, Contact, Customer, Grant, Opportunity, Role, Stage, User

STAGES = ("contact", "request", "offer", "decision", "won", "lost")
# A customer of nora's, of rita's, of nobody's, and of reka's (another team).
CODES = ("C0001", "C0002", "C0003", "K0001")
FACTS = OpportunityFacts("New title", None, "HUF")
FIELDS = ActivityFields("offer_sent", "New subject")
KINDS = ("customer", "contact", "activity", "opportunity")
SCOPES = st.sampled_from([None, "own", "team", "all"])
RIGHTS = [
    *[(resource, action) for resource in ("contact", "activity") for action in ("create", "update", "delete")],
    *[(resource, action) for resource in ("customer", "opportunity") for action in ("create", "update")],
    *[("opportunity", "transition"), ("opportunity", "undo")],
]


class _TakenBack(Exception):
    """Ends a unit of work that succeeded, so that the next example finds what this one found."""


@pytest.fixture
def firms(engine: Engine, people: Callable[[str], Actor], company: None) -> None:
    """Every customer of `CODES` with an opportunity, an open activity on it, and a contact."""
    with unit(engine, SYSTEM) as session:
        reka = session.scalar(select(User.id).where(User.login == "reka"))
        session.add(Customer(code="K0001", name="Vistula", country="PL", currency="PLN", language="pl", owner_id=reka))
        session.flush()
        for n, code in enumerate(CODES):
            firm = customers.by_code(session, code)
            deal = Opportunity(
                code=f"O{n}", customer_id=firm.id, title="x", stage_code="contact", currency="HUF", opened_on=today()
            )
            session.add(deal)
            session.flush()
            session.add_all(
                [
                    Activity(customer_id=firm.id, opportunity_id=deal.id, type_code="offer_sent", subject=code),
                    Contact(customer_id=firm.id, family_name="Only", given_name=code),
                ]
            )


def _codes(session: CrmSession, customer: str) -> dict[str, str]:
    """The codes of the records that belong to a customer, by resource; `SYSTEM` sees them all."""
    firm = customers.by_code(session, customer)
    task = session.scalars(select(Activity).where(Activity.customer_id == firm.id)).one()
    person = session.scalars(
        select(Contact).where(Contact.customer_id == firm.id, Contact.given_name == customer)
    ).one()
    return {
        "customer": customer,
        "opportunity": f"O{CODES.index(customer)}",
        "activity": str(task.id),
        "contact": str(person.id),
    }


def _really(session: CrmSession, action: str, resource: str, codes: dict[str, str], end: str) -> None:
    """Do it by the services that screens and the API call."""
    code = codes[resource]
    if action == "create":
        _make(session, resource, codes["customer"])
    elif resource == "customer":
        customer_changes.update(session, code, customers.by_code(session, code).version, {"city": "Pécs"})
    elif resource == "contact":
        _change_contact(session, action, int(code))
    elif resource == "activity":
        task = activity_changes.by_id(session, int(code))
        if action == "update":
            activity_changes.update(session, task, task.version, FIELDS)
        elif action == "delete":
            activity_changes.delete(session, task, task.version)
        else:
            activity_changes.complete(session, task, task.version)
    else:
        deal = opportunities.by_code(session, code)
        if action == "update":
            opportunity_changes.update(session, deal, FACTS, deal.version)
        else:
            opportunity_changes.move(session, deal, end, deal.version)


def _make(session: CrmSession, resource: str, customer: str) -> None:
    if resource == "customer":
        customer_changes.create(session, {"name": "Zzz", "country": "HU", "currency": "HUF", "language": "hu"})
        return
    firm = customers.by_code(session, customer)
    if resource == "contact":
        contacts.add(session, firm, ContactFields("New", "Person"))
    elif resource == "activity":
        activity_changes.create(session, firm, FIELDS)
    else:
        opportunity_changes.create(session, firm, FACTS)


def _change_contact(session: CrmSession, action: str, number: int) -> None:
    person = session.scalars(select(Contact).where(Contact.id == number)).one_or_none()
    if person is None:
        raise AppError("not_found", 404, resource="contact", record=number)
    firm = session.scalars(select(Customer).where(Customer.id == person.customer_id)).one()
    if action == "update":
        contacts.change(session, firm, number, person.version, ContactFields("A", "B"))
    else:
        contacts.remove(session, firm, number, person.version)


def _succeeds(engine: Engine, actor: Actor, action: str, resource: str, codes: dict[str, str], end: str) -> bool:
    try:
        with unit(engine, actor) as session:
            _really(session, action, resource, codes, end)
            session.flush()
            raise _TakenBack
    except _TakenBack:
        return True
    except AppError:
        return False


@st.composite
def actions(draw: st.DrawFn) -> tuple[str, str]:
    resource, action = draw(st.sampled_from([*RIGHTS, ("activity", "complete")]))
    return action, resource


def _granted(actor: Actor, read: Scope, rights: dict[tuple[str, str], Scope | None]) -> Actor:
    grants: dict[tuple[str, str], Scope] = {
        (r, "read"): read for r in ("customer", "contact", "activity", "opportunity")
    }
    return replace(actor, grants={**grants, ("user", "read"): "all", **{k: v for k, v in rights.items() if v}})


@examples(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    login=st.sampled_from(["mate", "nora", "rita", "reka"]),
    customer=st.sampled_from(CODES),
    stage=st.sampled_from(STAGES),
    end=st.sampled_from(STAGES),
    doing=actions(),
    read=st.sampled_from(["own", "team", "all"]),
    rights=st.fixed_dictionaries(dict.fromkeys(RIGHTS, SCOPES)),
)
def test_it_is_explained_as_allowed_exactly_where_the_service_does_it(
    engine: Engine,
    people: Callable[[str], Actor],
    firms: None,
    actors: Callable[[str], Actor],
    login: str,
    customer: str,
    stage: str,
    end: str,
    doing: tuple[str, str],
    read: Scope,
    rights: dict[tuple[str, str], Scope | None],
) -> None:
    action, resource = doing
    actor = _granted(actors(login), read, rights)
    with unit(engine, SYSTEM) as session:
        codes = _codes(session, customer)
        opportunities.by_code(session, codes["opportunity"]).stage_code = stage
    code = codes["customer"] if action == "create" else codes[resource]
    asked = None if (action, resource) == ("create", "customer") else code
    with unit(engine, actor, writes=False) as session:
        # A step to a stage is one question, whichever right it wants.
        moving = resource == "opportunity" and action in ("transition", "undo")
        told = explain(session, action, resource, asked, end=end if moving else None)
    assert told.allowed == _succeeds(engine, actor, action, resource, codes, end)
    assert told.allowed == (told.rule is None) == (told.error is None)


@pytest.fixture
def actors(people: Callable[[str], Actor]) -> Iterator[Callable[[str], Actor]]:
    """Actors looked up once: a property asks for them many times."""
    known = {login: people(login) for login in ("mate", "nora", "rita", "reka")}
    yield known.__getitem__


ASKED = [
    *[
        (action, r)
        for r in ("customer", "opportunity", "activity", "contact")
        for action in ("read", "update", "delete")
    ],
    *[("create", r) for r in ("contact", "activity", "opportunity", "offer")],
    *[("transition", "opportunity"), ("undo", "opportunity"), ("complete", "activity")],
]


@pytest.mark.parametrize("stage", [None, "won"])
def test_a_record_out_of_sight_is_explained_like_one_that_is_not_there(
    engine: Engine, firms: None, actors: Callable[[str], Actor], stage: str | None
) -> None:
    with unit(engine, SYSTEM) as session:
        of_reka = _codes(session, "K0001")
    missing = {"customer": "C9999", "opportunity": "O9999", "activity": "99999", "contact": "99999"}
    with unit(engine, actors("rita"), writes=False) as session:
        for action, resource in ASKED:
            kind = "customer" if action == "create" else resource
            hidden = explain(session, action, resource, of_reka[kind], end=stage)
            absent = explain(session, action, resource, missing[kind], end=stage)
            assert hidden.rule == "absent" and hidden.error is not None and absent.error is not None
            said = [
                e.error.message("en").replace(c[kind], "") for e, c in ((hidden, of_reka), (absent, missing)) if e.error
            ]
            assert said[0] == said[1]
            assert replace(hidden, record=None, error=None) == replace(absent, record=None, error=None)


def test_a_missing_right_names_the_right_and_the_levels_that_hold_it(
    engine: Engine, firms: None, actors: Callable[[str], Actor]
) -> None:
    with unit(engine, SYSTEM) as session:
        opportunities.by_code(session, "O0").stage_code = "won"
    with unit(engine, actors("nora"), writes=False) as session:
        undo = explain(session, "transition", "opportunity", "O0", end="decision")
        price = explain(session, "create", "price")
        moved = explain(session, "transition", "opportunity", "O0")
    assert (undo.rule, undo.lacking, undo.holders) == ("right", ("opportunity", "undo"), ("manager", "administrator"))
    assert (price.rule, price.lacking, price.holders) == ("right", ("price", "create"), ("manager", "administrator"))
    assert (moved.rule, moved.holders) == ("closed", ("manager", "administrator"))


def test_levels_that_hold_a_right_are_read_from_the_grants_in_force(
    engine: Engine, firms: None, actors: Callable[[str], Actor]
) -> None:
    with unit(engine, SYSTEM) as session:
        session.add(Role(code="prices", names={"hu": "Árazó", "pl": "Cennik", "en": "Pricing"}))
        session.flush()
        session.add(Grant(role_code="prices", resource_name="price", action="create", scope="all"))
    with unit(engine, actors("nora"), writes=False) as session:
        assert explain(session, "create", "price").holders == ("prices", "manager", "administrator")


def test_a_refused_step_comes_with_the_legal_ones(engine: Engine, firms: None, actors: Callable[[str], Actor]) -> None:
    with unit(engine, actors("nora"), writes=False) as session:
        told = explain(session, "transition", "opportunity", "O0", end="won")
        names = {stage.code for stage in session.scalars(select(Stage))}
    assert told.rule == "pipeline"
    assert {step.stage for step in told.steps if step.reason is None} == {"request", "offer"}
    assert {step.stage for step in told.steps} == names - {"contact"}


def test_a_record_that_is_seen_but_not_reached_is_out_of_scope(
    engine: Engine, firms: None, actors: Callable[[str], Actor]
) -> None:
    actor = actors("nora")
    narrow = replace(actor, grants={**actor.grants, ("customer", "update"): "own"})
    with unit(engine, narrow, writes=False) as session:
        told = explain(session, "update", "customer", "C0002")
    assert (told.rule, told.scope) == ("scope", "own")
    assert told.holders == ("normal", "manager", "administrator")


def test_a_hidden_field_is_named_with_the_levels_that_see_it(
    engine: Engine, firms: None, actors: Callable[[str], Actor]
) -> None:
    with unit(engine, SYSTEM) as session:
        grant = session.scalars(
            select(Grant).where(
                Grant.role_code == "normal", Grant.resource_name == "opportunity", Grant.action == "read"
            )
        ).one()
        grant.hidden_fields = ["amount"]
    actor = replace(actors("nora"), hidden={"opportunity": frozenset({"amount"})})
    with unit(engine, actor, writes=False) as session:
        told = explain(session, "read", "opportunity", "O0", field="amount")
    assert told.rule == "hidden_field" and "normal" not in told.holders and "manager" in told.holders


def test_what_the_product_cannot_do_is_said_so_whoever_asks(
    engine: Engine, firms: None, actors: Callable[[str], Actor]
) -> None:
    with unit(engine, actors("mate"), writes=False) as session:
        assert explain(session, "delete", "customer", "C0001").rule == "not_offered"
        assert explain(session, "delete", "opportunity", "O0").rule == "not_offered"
