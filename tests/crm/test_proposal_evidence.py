"""What a proposal showed, what it did, and what the audit holds of it are one and the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.settings import Settings
from crm import engine as crm_engine
from crm import opportunities, proposals
from crm.actor import SYSTEM, Actor
from crm.audit import value_hash, verify
from crm.people import actor_for
from crm.proposals import Asked, Assign, Convert, Item, MoveStage, NewActivity, NewContact, NewOpportunity, SetField
from crm.proposals.evidence import GENERATED
from crm.proposals.items import stored
from crm.session import unit
from crm.tables import AuditEntry, Contact, Customer, Proposal, Team, User

Place = tuple[Engine, Actor]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    """A firm with an opportunity and a contact, and a manager who may change all of it."""
    home = tmp_path_factory.mktemp("evidence")
    (home / "crm.db").write_bytes(migrated_sqlite.read_bytes())
    engine = crm_engine.connect(Settings(home=home))
    with unit(engine, SYSTEM) as session:
        team = Team(name="Buda")
        session.add(team)
        session.flush()
        for login in ("mate", "nora"):
            names = {"family_name": login.title(), "given_name": "T", "email": f"{login}@x.example", "language": "hu"}
            session.add(User(login=login, role_code="manager", team_id=team.id, **names))
        firm = Customer(code="C0001", name="Bartók Kft.", country="HU", currency="HUF", language="hu")
        session.add(firm)
        session.flush()
        session.add(Contact(customer_id=firm.id, family_name="Kiss", given_name="Éva", email="e@x.example"))
        for _n in range(2):
            opportunities.open_new(session, firm, "Tollak", "direct")
    yield engine, actor_for(engine, "mate")
    engine.dispose()


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs", "P", "S"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() and "\x00" not in text
)
days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
users = st.sampled_from(["mate", "nora", None])
changes: st.SearchStrategy[Item] = st.one_of(
    st.builds(
        NewActivity,
        customer=st.just("C0001"),
        type_code=st.sampled_from(["call", "task", "note", "meeting"]),
        subject=words,
        due=days,
        assignee=users,
        note=st.none() | words,
        done=st.booleans(),
    ),
    st.builds(NewActivity, customer=st.just("C0001"), type_code=st.just("call"), subject=words, starts_at=moments),
    st.builds(
        MoveStage,
        opportunity=st.sampled_from(["O0001", "O0002"]),
        stage=st.sampled_from(["request", "offer", "decision", "lost", "won"]),
    ),
    st.builds(
        SetField,
        resource=st.just("customer"),
        record=st.just("C0001"),
        field=st.sampled_from(["city", "segment", "industry"]),
        value=words,
    ),
    st.builds(SetField, resource=st.just("contact"), record=st.just("1"), field=st.just("position"), value=words),
    st.builds(
        SetField,
        resource=st.just("opportunity"),
        record=st.just("O0001"),
        field=st.just("amount"),
        value=st.integers(0, 10**8).map(str),
    ),
    st.builds(Assign, resource=st.sampled_from(["customer"]), record=st.just("C0001"), login=users),
    st.builds(Assign, resource=st.just("opportunity"), record=st.just("O0002"), login=users),
    st.builds(NewContact, customer=st.just("C0001"), family_name=words, given_name=words, position=words),
    st.builds(NewOpportunity, customer=st.just("C0001"), title=words, owner=users),
    st.builds(Convert, customer=st.just("C0001")),
)


def entries(engine: Engine, after: int) -> list[AuditEntry]:
    with unit(engine, SYSTEM, writes=False) as session:
        assert verify(session).broken_at is None
        query = select(AuditEntry).where(AuditEntry.seq > after, AuditEntry.resource_name != "proposals")
        return list(session.scalars(query.order_by(AuditEntry.seq)))


def last_entry(engine: Engine) -> int:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)).one()


def proven(engine: Engine, code: str) -> list[object]:
    """The items the proposal holds, after the chain proved that they are those of its last entry."""
    with unit(engine, SYSTEM, writes=False) as session:
        assert verify(session).broken_at is None
        query = select(AuditEntry).where(AuditEntry.resource_name == "proposals", AuditEntry.record_code == code)
        last = session.scalars(query.order_by(AuditEntry.seq.desc()).limit(1)).one()
        items = session.scalars(select(Proposal).where(Proposal.code == code)).one().items
        assert last.after is not None and last.after["items_sha256"] == value_hash(items)
        assert "items" not in last.after and "items" not in (last.before or {})
        return items


def told(values: dict[str, object] | None) -> dict[str, object] | None:
    return None if values is None else {name: v for name, v in values.items() if name not in GENERATED}


def folded(changed: list[tuple[str, str, object, object]]) -> list[str]:
    """What happened to each record in all: its first values before, its last ones after."""
    found: dict[tuple[str, str], tuple[object, dict[str, object]]] = {}
    for place, (table, record, before, after) in enumerate(changed):
        key = (table, record or f"new {place}")
        first, last = found.get(key, (before, {}))
        assert isinstance(after, dict)
        earlier = {**before, **first} if isinstance(first, dict) and isinstance(before, dict) else first
        found[key] = (earlier, {**last, **after})
    return sorted(f"{table} {first} {last}" for (table, _record), (first, last) in found.items())


@settings(max_examples=40, deadline=timedelta(seconds=20), suppress_health_check=list(HealthCheck))
@given(items=st.lists(changes, min_size=1, max_size=4))
def test_what_was_shown_is_what_was_done_and_what_the_audit_holds(place: Place, items: list[Item]) -> None:
    engine, actor = place
    code, _refused = proposals.propose(engine, actor, items, Asked("kérés", "hu", ("customer:C0001",)))
    if code is None:
        return
    shown = proposals.read(engine, actor, code)
    assert stored(shown.items) == proven(engine, code)
    before = last_entry(engine)
    proposals.confirm(engine, actor, code)
    done = proposals.read(engine, actor, code)
    assert stored(done.items) == proven(engine, code)
    assert [item.state for item in done.items] == ["done"] * len(shown.items)
    assert [item.effects for item in done.items] == [item.effects for item in shown.items]
    audited = entries(engine, before)
    wanted = [(e.table, e.record, e.before, e.after) for item in shown.items for e in item.effects]
    held = [(e.resource_name, e.record_code, told(e.before), told(e.after)) for e in audited]
    assert folded(wanted) == folded(held)
    assert {(e.actor, e.prompt_sha256 is not None) for e in audited} == {("mate", True)}
