"""An offer request read by a model: its shape is checked, and nothing in it comes from nowhere."""

import asyncio
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import AnsweringModel, ModelFault
from assistant.model.contract import FaultReason
from assistant.model.grounds import StandsIn, in_digits
from assistant.model.shape import read, schema
from offers.request import OfferRequest, RequestedLine
from tests.assistant.scripted_model import Break, Raw, Say, ScriptedModel, Step, say, status

PROMPT = "10 prémium licenc a Kovács Kft.-nek 5% kedvezménnyel"
LINE = {"quantity": 10, "product": "prémium licenc", "discount_percent": None, "named_price": None}
FOUND: dict[str, object] = {"customer": "Kovács Kft.", "lines": [LINE], "discount_percent": 5}


def extract(step: Step | list[Step], prompt: str = PROMPT, stands_in: StandsIn | None = None) -> OfferRequest:
    steps = step if isinstance(step, list) else [step]
    with ScriptedModel(steps) as server:
        model = AnsweringModel(server.settings(seconds=1.5 if isinstance(step, Break) else 20))
        return asyncio.run(model.extract(prompt, language="hu", today=date(2026, 11, 22), stands_in=stands_in))


def answering(**changes: object) -> Say:
    return say(json.dumps({**FOUND, **changes}))


def test_a_sentence_becomes_a_request() -> None:
    assert extract(answering()) == OfferRequest(
        customer="Kovács Kft.",
        lines=(RequestedLine(product="prémium licenc", quantity=Decimal(10)),),
        discount_percent=Decimal(5),
    )


@pytest.mark.parametrize(
    "around", ["{}", "```json\n{}\n```", "Itt a kérés:\n{}\nRemélem, segít.", "<think>hm</think>{}", "\ufeff {}"]
)
def test_words_and_fences_around_the_object_do_not_matter(around: str) -> None:
    assert extract(say(around.replace("{}", json.dumps(FOUND)))).customer == "Kovács Kft."


@pytest.mark.parametrize(
    ("written", "prompt", "value"),
    [
        ("2,5", "2,5 kg kávé", "2.5"),
        ("2.5", "2,5 kg kávé", "2.5"),
        (2.5, "2,5 kg kávé", "2.5"),
        (0.1, "0,1 kg kávé", "0.1"),
        ("1 500", "1 500 kávé", "1500"),
        (1500, "1.500 kávé", "1500"),
        ("10 %", "10 kávé", "10"),
    ],
)
def test_numbers_may_be_numbers_or_text_and_stay_exact(written: object, prompt: str, value: str) -> None:
    request = extract(
        answering(customer=None, discount_percent=None, lines=[{"product": "kávé", "quantity": written}]), prompt
    )
    assert request.lines[0].quantity == Decimal(value)


def test_only_the_users_own_message_and_the_rules_are_sent() -> None:
    with ScriptedModel([answering()]) as server:
        model = AnsweringModel(server.settings())
        asyncio.run(model.extract(PROMPT, language="hu", today=date(2026, 11, 22)))
    messages = server.requests[0]["messages"]
    assert isinstance(messages, list)
    assert [message["role"] for message in messages] == ["system", "user"]
    assert messages[1]["content"] == PROMPT
    assert "2026-11-22" in messages[0]["content"]


@pytest.mark.parametrize(
    "changes",
    [
        {"discount_percent": 15},
        {"valid_days": 30},
        {"valid_until": "2026-12-31"},
        {"lines": [{**LINE, "quantity": 11}]},
        {"lines": [{**LINE, "named_price": 99000}]},
        {"lines": [{**LINE, "discount_percent": 50}]},
        {"lines": [{**LINE, "product": "alap csomag"}]},
        {"lines": [LINE, LINE]},
        {"valid_days": 10},
        {"lines": [{**LINE, "discount_percent": 5}]},
        {"customer": "Szabó Zrt."},
        {"customer": None, "lines": []},
    ],
)
def test_what_nobody_wrote_spoils_the_whole_request(changes: dict[str, object]) -> None:
    with pytest.raises(ModelFault) as fault:
        extract(answering(**changes))
    assert fault.value.reason == "nonsense"


def test_wishes_a_model_fills_in_unasked_are_dropped() -> None:
    request = extract(answering(currency="EUR", language="hu", opportunity="O0001", valid_days=0, named_price=1))
    assert (request.currency, request.language, request.opportunity, request.valid_days) == (None, None, None, None)


def test_wishes_that_were_uttered_stay() -> None:
    prompt = PROMPT + ", euróban, lengyelül, O0001, 30 napig"
    request = extract(answering(currency="EUR", language="pl", opportunity="O0001", valid_days=30), prompt)
    assert (request.currency, request.language, request.opportunity, request.valid_days) == ("EUR", "pl", "O0001", 30)


def test_a_number_said_twice_may_serve_twice_and_one_may_serve_several_lines() -> None:
    lines = [{**LINE, "product": product} for product in ("asztal", "szék")]
    prompt = "10-10 asztal és szék a Kovács Kft.-nek, 10% kedvezménnyel"
    request = extract(answering(lines=lines, discount_percent=10), prompt)
    assert [line.quantity for line in request.lines] == [Decimal(10)] * 2


def test_number_words_count_when_the_caller_can_read_them() -> None:
    words = {"tíz": Decimal(10), "öt": Decimal(5)}
    prompt = "tíz prémium licenc a Kovács Kft.-nek öt százalék kedvezménnyel"

    def stands(number: Decimal, text: str) -> bool:
        return any(value == number for word, value in words.items() if word in text)

    assert extract(answering(), prompt, stands).discount_percent == Decimal(5)
    with pytest.raises(ModelFault):
        extract(answering(), prompt)


BAD: list[tuple[str, Step, FaultReason]] = [
    ("words", say("Sajnos nem értem."), "nonsense"),
    ("nothing", say(""), "nonsense"),
    ("a list", say("[1, 2]"), "nonsense"),
    ("half an object", say('{"customer": "Kov'), "nonsense"),
    ("lines of another kind", answering(lines="sok"), "nonsense"),
    ("an amount in words", answering(discount_percent="sok"), "nonsense"),
    ("a yes as an amount", answering(discount_percent=True), "nonsense"),
    ("no number", answering(discount_percent="NaN"), "nonsense"),
    ("below nothing", answering(discount_percent=-5), "nonsense"),
    ("a day that does not exist", answering(valid_until="2026-02-30"), "nonsense"),
    ("very deep", say("{" * 100_000), "nonsense"),
    ("cut", Say(("{}",), "length"), "cut_off"),
    ("no reason", Say(("{}",), None), "cut_off"),
    ("a web page", Raw(b"<html>", 200, "text/html"), "nonsense"),
    ("bad JSON", Raw(b"{", 200, "application/json"), "nonsense"),
    ("bad UTF-8", Raw(b'{"choices": "\xff"}', 200, "application/json"), "nonsense"),
    ("no choices", Raw(b'{"choices": []}', 200, "application/json"), "nonsense"),
    ("other JSON", Raw(b'{"choices": [{"x": 1}]}', 200, "application/json"), "nonsense"),
    ("a JSON number", Raw(b"5", 200, "application/json"), "nonsense"),
    ("too many", status(429), "rate_limited"),
    ("broken", status(500), "server_error"),
    ("silent", Break("silent"), "timeout"),
    ("reset", Break("reset"), "cut_off"),
]


@pytest.mark.parametrize(("step", "reason"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_every_way_to_fail_to_read_has_its_name(step: Step, reason: FaultReason) -> None:
    with pytest.raises(ModelFault) as fault:
        extract(step)
    assert fault.value.reason == reason


def test_a_server_that_knows_no_schema_is_asked_without() -> None:
    with ScriptedModel([status(400), answering()]) as server:
        model = AnsweringModel(server.settings())
        assert asyncio.run(model.extract(PROMPT, language="hu", today=date(2026, 11, 22))).customer == "Kovács Kft."
    assert "response_format" in server.requests[0]
    assert "response_format" not in server.requests[1]


def test_the_schema_asks_for_every_field_of_a_request_and_no_other() -> None:
    asked = schema()["properties"]
    assert isinstance(asked, dict)
    assert set(asked) == set(OfferRequest.model_fields)
    assert set(asked["lines"]["items"]["properties"]) == set(RequestedLine.model_fields)
    assert not any(word in json.dumps(schema()) for word in ("$ref", "pattern", "default", "anyOf"))


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["{} db", "kb. {}-ot", "{}%", "({})"]))
def test_a_number_stands_in_a_text_however_it_is_pointed(number: Decimal, around: str) -> None:
    for written in (f"{number:f}", f"{number:f}".replace(".", ","), f"{number:,}".replace(",", " ").replace(".", ",")):
        assert in_digits(number, around.format(written))


@given(st.text(max_size=80))
def test_reading_any_text_gives_a_request_or_a_fault(text: str) -> None:
    try:
        assert isinstance(read(text), OfferRequest)
    except ModelFault as fault:
        assert fault.reason == "nonsense"
