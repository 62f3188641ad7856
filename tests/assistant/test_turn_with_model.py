"""The chain with a model: its answer where it is sound, the way without it where it is not, and nobody kept waiting."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.ask import Ask
from assistant.context import Parts
from assistant.events import Delta, Dropped, Finished, TurnEvent
from assistant.model import AnsweringModel
from assistant.reply import Reply
from assistant.turn import run_turn
from crm.actor import Actor
from crm.session import unit
from crm.tables import Customer
from offers import service
from tests.assistant.scripted_model import Break, Call, Raw, Say, ScriptedModel, Step, say, status

People = Callable[[str], Actor]
QUESTION = "Hogyan készítek ajánlatot?"
# Code takes the product for one line and the ten for another, of something unknown.
UNCLEAR = "A Bartók Kft. felhívott, hogy a múltkori töltőtoll mellé kellene még; tízről beszéltünk."
SOUND = ("Írd le egy mondatban, hogy kinek ", "és miből mennyit ajánlasz [1].")


def run(parts: Parts, actor: Actor, message: str, steps: list[Step], seconds: float = 20.0) -> list[TurnEvent]:
    """All events of a turn with a model that plays `steps`."""

    async def turn() -> list[TurnEvent]:
        return [event async for event in run_turn(modelled, actor, Ask(message))]

    with ScriptedModel(steps) as server:
        modelled = replace(parts, model=AnsweringModel(server.settings(seconds)))
        return asyncio.run(turn())


def reply_of(events: list[TurnEvent]) -> Reply:
    assert isinstance(events[-1], Finished)
    return events[-1].reply


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_sound_answer_is_streamed_and_cites_what_it_used(parts: Parts, people: People) -> None:
    events = run(parts, people("nora"), QUESTION, [say(*SOUND)])
    reply = reply_of(events)
    assert "".join(e.text for e in events if isinstance(e, Delta)) == reply.text == "".join(SOUND)
    assert [c.n for c in reply.citations] == [1] and reply.warnings == []


FAULTS: dict[str, Step] = {
    "too many requests": status(429),
    "server error": status(500),
    "cut off": Say((SOUND[0],), None),
    "closed": Break("closed", (SOUND[0],)),
    "stalled": Break("silent", (SOUND[0],)),
    "bad JSON": Raw(b"data: {not json\n\n"),
    "tool call as text": say('{"name": "search_help", "arguments": {"query": "x"}}'),
}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_fails_is_replaced_by_the_way_without_one_which_says_so(
    parts: Parts, people: People, fault: str
) -> None:
    events = run(parts, people("nora"), QUESTION, [FAULTS[fault]], seconds=6.0)
    reply = reply_of(events)
    assert reply.kind == "answer" and reply.citations and "[1]" in reply.text
    assert len(reply.warnings) == 1 and "nyelvi modell" in reply.warnings[0]
    if any(isinstance(e, Delta) for e in events):
        assert any(isinstance(e, Dropped) for e in events)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_prompt_that_code_understands_needs_no_model(parts: Parts, people: People) -> None:
    reply = reply_of(run(parts, people("nora"), "Ajánlat a Bartók Kft.-nek 2 töltőtollra", []))
    assert reply.offer is not None and reply.offer.totals.net == "24000"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_model_helps_where_code_does_not_understand(parts: Parts, people: People) -> None:
    found = {"customer": "Bartók Kft.", "lines": [{"product": "töltőtoll", "quantity": "10"}]}
    reply = reply_of(run(parts, people("nora"), UNCLEAR, [say(json.dumps(found))]))
    assert reply.offer is not None
    assert [(line.sku, line.quantity) for line in reply.offer.lines] == [("TOLL", "10")]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_discount_only_the_model_sees_is_not_given(parts: Parts, people: People) -> None:
    found = {
        "customer": "Bartók Kft.",
        "lines": [{"product": "töltőtoll", "quantity": "10"}],
        "discount_percent": "10",
    }
    reply = reply_of(run(parts, people("nora"), UNCLEAR, [say(json.dumps(found))]))
    assert reply.offer is None and reply.kind == "clarification"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["server error", "bad JSON", "cut off"])
def test_a_model_that_fails_at_a_prompt_leaves_the_question_code_would_ask(
    parts: Parts, people: People, fault: str
) -> None:
    reply = reply_of(run(parts, people("nora"), "Bartókéknak kell ajánlat 2 tollra", [FAULTS[fault]], seconds=3.0))
    assert reply.kind == "clarification" and len(reply.warnings) == 1


def write_something(parts: Parts, actor: Actor) -> None:
    with unit(parts.engine, actor) as session:
        session.add(Customer(code="C9", name="Közben", country="HU", currency="HUF", language="hu"))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_no_transaction_is_open_while_a_model_is_awaited(parts: Parts, people: People) -> None:
    actor = people("nora")

    def others_write_meanwhile(_request: dict[str, object]) -> Say | Call:
        write_something(parts, actor)
        return say(*SOUND)

    assert reply_of(run(parts, actor, QUESTION, [others_write_meanwhile])).warnings == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_no_transaction_is_open_while_a_document_is_rendered(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, render = people("nora"), service.render_docx

    def others_write_meanwhile(*arguments: object) -> object:
        write_something(parts, actor)
        return render(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "render_docx", others_write_meanwhile)
    reply = reply_of(run(parts, actor, "Ajánlat a Bartók Kft.-nek 2 töltőtollra", []))
    assert reply.offer is not None and len(reply.offer.documents) == 2
