"""A model reads what code cannot of a change of an offer: the same version comes of it, and nothing nobody wrote."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.ask import Ask
from assistant.context import Parts
from assistant.model import AnsweringModel, ModelFault
from assistant.reply import Reply
from assistant.revising.modelled import schema, wishes_by
from assistant.turn import reply_to
from crm.actor import Actor
from offers.wishes import Wish
from tests.assistant.scripted_model import ScriptedModel, say, status

People = Callable[[str], Actor]
PENS = "Make an offer for Green & Hill Ltd: 5 fountain pens and 3 blue inks"
# Words no list has: "whittle", "chuck".
SAID = "whittle the fountain pens down to 4 and chuck the blue ink"
WISHES: list[dict[str, object]] = [
    {"kind": "quantity", "line": "fountain pens", "quantity": 4},
    {"kind": "remove", "line": "blue ink"},
]


def answer(*wishes: dict[str, object]) -> str:
    return json.dumps({"wishes": list(wishes)})


def read(said: str, text: str) -> tuple[Wish, ...]:
    with ScriptedModel([say(text)]) as server:
        return asyncio.run(wishes_by(AnsweringModel(server.settings(seconds=20)), said, "en", date(2026, 11, 22)))


def dialogue(parts: Parts, actor: Actor, *messages: str) -> list[Reply]:
    replies: list[Reply] = []
    for message in messages:
        conversation = replies[-1].conversation_id if replies else None
        replies.append(asyncio.run(reply_to(parts, actor, Ask(message, conversation))))
    return replies


def test_a_models_wishes_come_to_what_the_same_said_plainly_does(parts: Parts, people: People) -> None:
    with ScriptedModel([say(answer(*WISHES))]) as server:
        modelled = replace(parts, model=AnsweringModel(server.settings(seconds=20)))
        by_model = dialogue(modelled, people("nora"), PENS, SAID)[-1]
    by_code = dialogue(parts, people("nora"), PENS, "make it 4 fountain pens and drop the blue ink")[-1]
    assert by_model.offer is not None and by_code.offer is not None
    assert by_model.offer.version == 2
    assert (by_model.offer.lines, by_model.offer.totals) == (by_code.offer.lines, by_code.offer.totals)
    assert by_model.offer_changes == by_code.offer_changes


def test_what_code_understands_is_not_asked_of_a_model(parts: Parts, people: People) -> None:
    with ScriptedModel([]) as server:
        modelled = replace(parts, model=AnsweringModel(server.settings(seconds=20)))
        changed = dialogue(modelled, people("nora"), PENS, "make it 4 fountain pens")[-1]
    assert changed.offer is not None and changed.offer.lines[0].quantity == "4"


@pytest.mark.parametrize("broken", [say("no idea"), say(answer()), status(500)])
def test_without_help_of_the_model_nothing_is_changed(parts: Parts, people: People, broken: object) -> None:
    with ScriptedModel([broken]) as server:  # type: ignore[list-item]
        modelled = replace(parts, model=AnsweringModel(server.settings(seconds=20)))
        made, unclear = dialogue(modelled, people("nora"), PENS, "drop the fountain pens whatsoever")
    assert unclear.kind == "refusal" and "nothing was changed" in unclear.text
    assert made.offer is not None and parts.offers.view(people("nora"), made.offer.number).version == 1


@pytest.mark.parametrize(
    "invented",
    [
        {"kind": "quantity", "line": "fountain pens", "quantity": 40},
        {"kind": "discount", "line": None, "percent": 10},
        {"kind": "add", "product": "engraving", "quantity": 1},
        {"kind": "validity", "until": "2027-01-31"},
        {"kind": "payment", "days": 90},
        {"kind": "copy", "customer": "Malinowski"},
        {"kind": "text", "field": "notes", "text": "free of charge"},
        {"kind": "delete"},
    ],
)
def test_what_nobody_wrote_makes_the_whole_answer_useless(invented: dict[str, object]) -> None:
    with pytest.raises(ModelFault) as fault:
        read(SAID, answer(*WISHES, invented))
    assert fault.value.reason == "nonsense"


def test_figures_told_in_words_and_weeks_stand_in_the_message() -> None:
    said = "kindly stretch the thing by two weeks and let them pay in thirty days"
    told = read(said, answer({"kind": "validity", "longer": 14}, {"kind": "payment", "days": 30}))
    assert [wish.kind for wish in told] == ["validity", "payment"]


def test_the_schema_is_strict() -> None:
    item = schema()["properties"]["wishes"]["items"]  # type: ignore[index]
    assert item["additionalProperties"] is False and set(item["required"]) == set(item["properties"])
