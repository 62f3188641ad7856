"""A conversation that is erased while a turn runs in it: the turn ends in a refusal, and nothing said comes back."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import String, cast, select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.events import Failed, Started, TurnEvent
from assistant.turn import run_turn
from crm import audit, erasing
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Conversation, Message, Offer, OpenQuestion, Prompt

People = Callable[[str], Actor]


def erased_meanwhile(parts: Parts, actor: Actor, message: str) -> list[TurnEvent]:
    """The events of a turn whose conversation is erased as soon as it has begun."""

    async def run() -> list[TurnEvent]:
        events: list[TurnEvent] = []
        async for event in run_turn(parts, actor, Ask(message)):
            if isinstance(event, Started):
                with unit(parts.engine, actor) as session:
                    erasing.erase(session, event.conversation_id)
            events.append(event)
        return events

    return asyncio.run(run())


@pytest.mark.parametrize(
    "message",
    ["Hogyan készítek ajánlatot?", "Ki a kapcsolattartó a Bartók Kft.-nél?", "Mongólia fővárosa?", "Szia!"],
)
def test_the_turn_is_refused_and_its_reply_is_not_kept(parts: Parts, people: People, message: str) -> None:
    last = erased_meanwhile(parts, people("nora"), message)[-1]
    assert isinstance(last, Failed) and (last.code, last.status) == ("not_found", 404)
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert [(m.text, m.reply) for m in session.scalars(select(Message))] == [("", None)]
        assert session.scalars(select(OpenQuestion)).all() == []
        assert session.scalars(select(Conversation)).one().erased_at is not None


def test_an_offer_made_meanwhile_stays_and_its_prompt_is_a_hash_alone(parts: Parts, people: People) -> None:
    message = "Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra"
    last = erased_meanwhile(parts, people("nora"), message)[-1]
    assert isinstance(last, Failed)
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Offer)).one().number == "AJ-2026-00001"
        prompt = session.scalars(select(Prompt)).one()
        assert (prompt.text, prompt.sha256) == (None, audit.prompt_hash(message))
        stored = select(Message.id).where(cast(Message.reply, String).contains("töltőtoll"))
        assert session.scalars(stored).all() == []
        assert audit.verify(session).broken_at is None
