"""Every change leaves one link in an unbroken chain, with its prompt's hash and without secrets."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from crm import audit
from crm import people as accounts
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import AuditEntry, Customer, Prompt

People = Callable[[str], Actor]


def add_firm(engine: Engine, actor: Actor, code: str = "C1") -> None:
    with unit(engine, actor) as session:
        session.add(Customer(code=code, name=f"Cég {code}", country="HU", currency="HUF", language="hu"))


def entries(engine: Engine) -> list[AuditEntry]:
    with unit(engine, SYSTEM, writes=False) as session:
        return list(
            session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "customers").order_by(AuditEntry.seq))
        )


def test_a_change_is_kept_with_who_what_before_and_after(engine: Engine, people: People) -> None:
    add_firm(engine, people("nora"))
    with unit(engine, people("mate")) as session:
        session.scalars(select(Customer)).one().city = "Vác"
    with unit(engine, people("mate")) as session:
        session.delete(session.scalars(select(Customer)).one())
    made, changed, deleted = entries(engine)
    assert (made.actor, made.action, made.record_code, made.before) == ("nora", "create", "C1", None)
    assert made.after is not None and made.after["name"] == "Cég C1"
    assert (changed.actor, changed.before, changed.after) == ("mate", {"city": None}, {"city": "Vác"})
    assert (deleted.action, deleted.after) == ("delete", None)


def test_a_rolled_back_change_leaves_no_entry(engine: Engine, people: People) -> None:
    with pytest.raises(ZeroDivisionError), unit(engine, people("nora")) as session:
        session.add(Customer(code="C1", name="x", country="HU", currency="HUF", language="hu"))
        session.flush()
        raise ZeroDivisionError
    assert entries(engine) == []


def test_the_chain_is_whole_until_someone_tampers_with_it(engine: Engine, people: People) -> None:
    for number in range(5):
        add_firm(engine, people("nora"), f"C{number}")
    with unit(engine, SYSTEM, writes=False) as session:
        verdict = audit.verify(session)
    assert verdict.broken_at is None and verdict.entries > 5
    third = entries(engine)[2].seq
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_change ON audit_entries"))
        connection.execute(text("UPDATE audit_entries SET actor = 'mate' WHERE seq = :seq"), {"seq": third})
    with unit(engine, SYSTEM, writes=False) as session:
        assert audit.verify(session).broken_at == third


def test_cutting_off_the_end_of_the_chain_is_found(engine: Engine, people: People) -> None:
    add_firm(engine, people("nora"))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_change ON audit_entries"))
        connection.execute(text("DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)"))
    with unit(engine, SYSTEM, writes=False) as session:
        assert audit.verify(session).broken_at is not None


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_the_audit(engine: Engine, people: People, statement: str) -> None:
    add_firm(engine, people("nora"))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_prompt_can_be_erased_and_its_hash_stays(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        audit.keep_prompt(session, "titkos kérés")
        session.add(Customer(code="C1", name="x", country="HU", currency="HUF", language="hu"))
    with unit(engine, people("nora")) as session:
        session.scalars(select(Prompt)).one().text = None
    with unit(engine, SYSTEM, writes=False) as session:
        assert audit.verify(session).broken_at is None
    assert entries(engine)[0].prompt_sha256 == audit.prompt_hash("titkos kérés")


def test_passwords_never_reach_the_audit(engine: Engine, people: People) -> None:
    people("nora")
    accounts.set_password(engine, "nora", "nagyon titkos")
    with unit(engine, SYSTEM, writes=False) as session:
        kept = "".join(str((e.before, e.after)) for e in session.scalars(select(AuditEntry)))
    assert "argon2" not in kept and "titkos" not in kept


def test_many_writers_at_once_make_one_chain(engine: Engine, people: People) -> None:
    from concurrent.futures import ThreadPoolExecutor

    actor = people("nora")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_firm(engine, actor, f"C{n}"), range(40)))
    assert len(entries(engine)) == 40
    with unit(engine, SYSTEM, writes=False) as session:
        assert audit.verify(session).broken_at is None


def test_a_session_that_goes_on_after_a_rollback_records_only_what_came_after(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        for code in ("C1", "C2"):
            session.rollback()
            session.add(Customer(code=code, name=f"Cég {code}", country="HU", currency="HUF", language="hu"))
            session.flush()
    assert [entry.record_code for entry in entries(engine)] == ["C2"]
