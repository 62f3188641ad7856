"""Erasing a conversation takes every word of it, leaves proof, and cannot be undone by what still runs."""

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, String, cast, select
from sqlalchemy.orm import Session

from core.errors import AppError, NotFound
from crm import audit, chat, erasing, feedback, handovers
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Base, Customer, Grant, Message, Prompt

People = Callable[[str], Actor]
SECRET = "bizalmas"


@pytest.fixture
def talk(engine: Engine, people: People) -> str:
    """A conversation of Nora's with everything that can hang on one, each with a secret word in it."""
    with unit(engine, people("nora")) as session:
        conversation = chat.open_conversation(session, None, f"{SECRET} cím")
        chat.add_message(session, conversation, "user", f"{SECRET} kérdés")
        reply = {"text": SECRET, "kind": "answer", "language": "hu", "screen": SECRET}
        answer = chat.add_message(session, conversation, "assistant", f"{SECRET} válasz", reply)
        feedback.rate(session, answer.code, -1, "other", f"{SECRET} ok")
        handovers.hand_over(session, conversation, "ada", f"{SECRET} megjegyzés", [{"text": SECRET}])
        code = conversation.code
    with unit(engine, people("nora")) as session:
        audit.keep_prompt(session, f"{SECRET} kérés", conversation=code)
        session.add(Customer(code="C1", name="Cég", country="HU", currency="HUF", language="hu"))
    return code


def mentions(session: Session, word: str) -> set[str]:
    """The tables in which `word` stands anywhere."""
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if session.connection().execute(select(column).where(cast(column, String).contains(word)).limit(1)).first()
    }


def test_every_word_is_gone_and_the_hashes_stay(engine: Engine, people: People, talk: str) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        assert mentions(session, SECRET) >= {"conversations", "messages", "prompts", "open_questions", "handovers"}
    with unit(engine, people("nora")) as session:
        erasing.erase(session, talk)
    with unit(engine, SYSTEM, writes=False) as session:
        assert mentions(session, SECRET) == set()
        kept = session.scalars(select(Message).order_by(Message.id)).all()
        assert kept[0].sha256 == hashlib.sha256(f"{SECRET} kérdés".encode()).hexdigest()
        assert session.scalars(select(Prompt)).one().sha256 == audit.prompt_hash(f"{SECRET} kérés")
        assert audit.verify(session).broken_at is None


def test_erasing_twice_changes_nothing(engine: Engine, people: People, talk: str) -> None:
    for _ in range(2):
        with unit(engine, people("nora")) as session:
            erasing.erase(session, talk)
    with unit(engine, SYSTEM, writes=False) as session:
        first = session.scalars(select(Message).order_by(Message.id)).first()
        assert first is not None and first.sha256 == hashlib.sha256(f"{SECRET} kérdés".encode()).hexdigest()


def test_nobody_erases_what_is_not_theirs(engine: Engine, people: People, talk: str) -> None:
    for login in ("ada", "mate"):
        with pytest.raises(NotFound), unit(engine, people(login)) as session:
            erasing.erase(session, talk)
    with unit(engine, SYSTEM, writes=False) as session:
        assert "messages" in mentions(session, SECRET)


def test_an_erased_conversation_is_in_no_list_and_cannot_go_on(engine: Engine, people: People, talk: str) -> None:
    nora = people("nora")
    with unit(engine, nora) as session:
        message = session.scalars(select(Message).where(Message.role == "assistant")).one().code
        erasing.erase(session, talk)
    with unit(engine, nora) as session:
        assert chat.listed(session).total == 0
        for refused in (
            lambda: chat.open_conversation(session, talk, ""),
            lambda: chat.open_thread(session, talk, ""),
            lambda: chat.conversation(session, talk),
            lambda: chat.rename(session, talk, "új"),
            lambda: feedback.rate(session, message, 1),
        ):
            with pytest.raises(NotFound):
                refused()


def test_a_thread_of_a_clients_own_name_does_not_rise_again(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        code = chat.open_thread(session, "my-thread", "x").code
    with unit(engine, people("nora")) as session:
        erasing.erase(session, code)
    with pytest.raises(NotFound), unit(engine, people("nora")) as session:
        chat.open_thread(session, "my-thread", "x")


def test_a_prompt_kept_after_the_erasure_leaves_its_hash_alone(engine: Engine, people: People, talk: str) -> None:
    with unit(engine, people("nora")) as session:
        erasing.erase(session, talk)
    with unit(engine, people("nora")) as session:
        cause = audit.keep_prompt(session, "késői kérés", conversation=talk)
    with unit(engine, SYSTEM, writes=False) as session:
        late = session.get_one(Prompt, cause.prompt_id)
        assert late.text is None and late.sha256 == audit.prompt_hash("késői kérés")


def test_erasing_needs_no_right_to_leave_questions(engine: Engine, people: People, talk: str) -> None:
    with unit(engine, SYSTEM) as session:
        for grant in session.scalars(
            select(Grant).where(Grant.resource_name == "question", Grant.role_code == "normal")
        ):
            session.delete(grant)
    with unit(engine, people("nora")) as session:
        erasing.erase(session, talk)
    with unit(engine, SYSTEM, writes=False) as session:
        assert mentions(session, SECRET) == set()


def test_who_it_was_handed_to_has_it_no_more(engine: Engine, people: People, talk: str) -> None:
    ada = people("ada")
    with unit(engine, ada, writes=False) as session:
        handed = handovers.received(session)[0].code
        assert handovers.waiting(session) == 1
    with unit(engine, people("nora")) as session:
        erasing.erase(session, talk)
    with unit(engine, ada) as session:
        assert handovers.received(session) == [] and handovers.waiting(session) == 0
        with pytest.raises(NotFound):
            handovers.answer(session, handed, "késő")


def test_an_answer_and_an_erasure_at_once_never_leave_the_answer(engine: Engine, people: People, talk: str) -> None:
    """Whoever read the hand-over before it was erased is told, and nothing of theirs is stored."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one unit of work write at a time, so the two cannot overlap")
    with pytest.raises(AppError) as refused, unit(engine, people("ada")) as late:
        handed = handovers.received(late)[0].code
        handovers.received_one(late, handed)
        with unit(engine, people("nora")) as session:
            erasing.erase(session, talk)
        handovers.answer(late, handed, "elkésett válasz")
    assert refused.value.code in ("conflict", "not_found")
    with unit(engine, SYSTEM, writes=False) as session:
        assert mentions(session, "elkésett") == set()
