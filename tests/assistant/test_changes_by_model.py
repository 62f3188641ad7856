"""A model may read what code cannot; it proposes only what stands in the message, and decides nothing."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.changes.modelled import schema, wishes_by
from assistant.changes.wishes import Wish
from assistant.context import Parts
from assistant.model import AnsweringModel, ModelFault
from assistant.reply import Reply
from assistant.turn import reply_to
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Activity, Proposal
from tests.assistant.scripted_model import ScriptedModel, say, status

People = Callable[[str], Actor]
NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SAID = "Vegyél fel egy feladatot, szóval a Malinowskinál kéne valamit csinálni pénteken, a szerződéssel"
TASK = {"kind": "activity_new", "customer": "Malinowski", "type": "task", "subject": "szerződéssel", "when": "pénteken"}


def answer(*changes: dict[str, object]) -> str:
    return json.dumps({"changes": list(changes)}, ensure_ascii=False)


def read(said: str, text: str) -> list[Wish]:
    with ScriptedModel([say(text)]) as server:
        return asyncio.run(wishes_by(AnsweringModel(server.settings(seconds=20)), said, "hu", NOW))


def test_words_of_the_message_become_a_wish_with_a_day_made_by_code() -> None:
    (wish,) = read(SAID, answer(TASK))
    assert (wish.kind, wish.customer, wish.subject) == ("activity_new", "Malinowski", "szerződéssel")
    assert str(wish.when.day) == "2026-11-27"


@pytest.mark.parametrize(
    "invented",
    [
        {**TASK, "customer": "Dunai Vas"},
        {**TASK, "when": "2027-01-01"},
        {"kind": "assign", "customer": "Malinowski", "person": "rita"},
        {"kind": "field", "customer": "Malinowski", "field": "phone", "value": "+36 1 111 1111"},
        {"kind": "contact_new", "customer": "Malinowski", "contact": "Eve Evil", "email": "eve@x.example"},
        {"kind": "delete", "customer": "Malinowski"},
    ],
)
def test_what_nobody_wrote_makes_the_whole_answer_useless(invented: dict[str, object]) -> None:
    with pytest.raises(ModelFault) as fault:
        read(SAID, answer(TASK, invented))
    assert fault.value.reason == "nonsense"


@pytest.mark.parametrize("text", ["", "kész", "[]", '{"changes": 1}', '{"changes": [{}]}', answer(*[TASK] * 11)])
def test_an_answer_of_another_shape_is_nonsense(text: str) -> None:
    with pytest.raises(ModelFault):
        read(SAID, text or " ")


def test_the_schema_is_strict() -> None:
    item = schema()["properties"]["changes"]["items"]  # type: ignore[index]
    assert item["additionalProperties"] is False and set(item["required"]) == set(item["properties"])


def ask(parts: Parts, actor: Actor, message: str, step: object) -> Reply:
    with ScriptedModel([step]) as server:  # type: ignore[list-item]
        model = AnsweringModel(server.settings(seconds=20))
        return asyncio.run(reply_to(replace(parts, model=model), actor, Ask(message, language="hu")))


def test_a_model_fills_what_code_would_have_to_ask_and_nothing_is_done(parts: Parts, people: People) -> None:
    said = "vegyél fel egy feladatot péntekre: szerződéssel kapcsolatban"
    reply = ask(parts, people("nora"), said, say(answer({**TASK, "customer": "C0004", "when": "péntekre"})))
    # The code of a customer that nobody wrote is refused, so code asks which customer is meant.
    assert reply.kind == "clarification" and reply.warnings
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Activity)).all() == [] and session.scalars(select(Proposal)).all() == []


def test_without_its_server_code_goes_on_alone_and_says_so(parts: Parts, people: People) -> None:
    reply = ask(parts, people("nora"), "vegyél fel egy feladatot péntekre: szerződés", status(503))
    assert reply.kind == "clarification" and "nyelvi modell" in reply.warnings[0]
