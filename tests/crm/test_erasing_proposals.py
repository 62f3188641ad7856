"""Erasing a conversation erases what its proposals listed; the audit keeps its hash and nothing of its words."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import String, cast, select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.turn import reply_to
from core.errors import AppError, NotFound
from crm import audit, erasing, proposals
from crm.actor import SYSTEM, Actor
from crm.proposals import Asked, NewActivity
from crm.session import CrmSession, unit
from crm.tables import AuditEntry, Base, Proposal

People = Callable[[str], Actor]
WORD = "xilofon"
MESSAGE = "Új feladat a Bartók Kft.-hez holnapra: xilofonok bizalmas rendelése"


def mentions(session: CrmSession, word: str) -> set[str]:
    """Every column of every table that holds `word`."""
    connection = session.connection()
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if connection.execute(select(column).where(cast(column, String).icontains(word)).limit(1)).first()
    }


def asked(parts: Parts, actor: Actor) -> tuple[str, str]:
    """The codes of the conversation and of its proposal."""
    reply = asyncio.run(reply_to(parts, actor, Ask(MESSAGE)))
    assert reply.proposal is not None
    return reply.conversation_id, reply.proposal.code


@pytest.mark.parametrize("decided", [True, False])
def test_what_it_listed_is_gone_from_every_table(parts: Parts, people: People, decided: bool) -> None:
    nora = people("nora")
    talk, code = asked(parts, nora)
    with unit(parts.engine, SYSTEM, writes=False) as session:
        shown = audit.value_hash(session.scalars(select(Proposal)).one().items)
    if decided:
        proposals.reject(parts.engine, nora, code)
    with unit(parts.engine, nora) as session:
        erasing.erase(session, talk)
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert mentions(session, WORD) == set()
        assert audit.verify(session).broken_at is None
        first = session.scalars(
            select(AuditEntry).where(AuditEntry.resource_name == "proposals").order_by(AuditEntry.seq)
        ).first()
        assert first is not None and first.after is not None and first.after["items_sha256"] == shown


def test_an_open_one_is_decided_by_it_and_nothing_can_be_done_with_it(parts: Parts, people: People) -> None:
    nora = people("nora")
    talk, code = asked(parts, nora)
    with unit(parts.engine, nora) as session:
        erasing.erase(session, talk)
    kept = proposals.read(parts.engine, nora, code)
    assert (kept.state, kept.items, kept.prompt) == ("rejected", (), None)
    assert not proposals.undoable(parts.engine, nora, code)
    for decide in (proposals.confirm, proposals.reject, proposals.undo, proposals.propose_again):
        with pytest.raises(AppError):
            decide(parts.engine, nora, code)


def test_what_was_done_stays_with_the_prompt_as_its_cause(parts: Parts, people: People) -> None:
    nora = people("nora")
    talk, code = asked(parts, nora)
    proposals.confirm(parts.engine, nora, code)
    with unit(parts.engine, nora) as session:
        erasing.erase(session, talk)
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert {place.split(".")[0] for place in mentions(session, WORD)} == {"activities", "audit_entries"}
        held = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "activities")).one()
        assert held.prompt_sha256 == audit.prompt_hash(MESSAGE)
        assert session.scalars(select(Proposal)).one().state == "confirmed"


def test_an_answer_made_during_the_erasure_leaves_no_proposal(parts: Parts, people: People) -> None:
    nora = people("nora")
    talk, _code = asked(parts, nora)
    with unit(parts.engine, nora) as session:
        erasing.erase(session, talk)
    late = NewActivity(customer="C0001", type_code="task", subject="késői xilofon")
    with pytest.raises(NotFound):
        proposals.propose(parts.engine, nora, [late], Asked("kérés", "hu", (), talk))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert mentions(session, WORD) == set()


def test_its_pages_still_open(parts: Parts, people: People, console: Callable[[str], object]) -> None:
    nora = people("nora")
    talk, code = asked(parts, nora)
    with unit(parts.engine, nora) as session:
        erasing.erase(session, talk)
    browser = console("nora")
    for path in ("/proposals", f"/proposals/{code}"):
        page = browser.get(path)  # type: ignore[attr-defined]
        assert page.status_code == 200 and code in page.text and WORD not in page.text
