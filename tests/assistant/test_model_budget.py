"""Every call of the model is charged to who asked, and none is made beyond a budget: the answer then says so."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.ask import Ask
from assistant.charging import UserMeter
from assistant.context import Parts
from assistant.model import AnsweringModel
from assistant.model.contract import ModelFault, Used
from assistant.model.trial import trial
from assistant.reply import Reply
from assistant.turn import reply_to
from crm import company, usage
from crm.actor import SYSTEM, Actor
from crm.company import Company, DayLimits, ModelBudgets
from crm.session import unit
from tests.assistant.scripted_model import Raw, ScriptedModel, Step, call, events, say, status

People = Callable[[str], Actor]
QUESTION = "Hogyan készítek ajánlatot?"
SOUND = say("Írd le egy mondatban, hogy kinek és miből mennyit ajánlasz [1].")
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def reporting(tokens_in: int, tokens_out: int) -> Raw:
    """The sound answer of a server that says what it counted."""
    told = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    last = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": told}
    *begun, ended = events(SOUND)
    end, done = ended.split(b"data: [DONE]")
    return Raw(b"".join(begun) + end + b"data: " + json.dumps(last).encode() + b"\n\ndata: [DONE]" + done)


def ask(parts: Parts, actor: Actor, *steps: Step) -> Reply:
    with ScriptedModel(list(steps)) as server:
        modelled = replace(parts, model=AnsweringModel(server.settings()))
        return asyncio.run(reply_to(modelled, actor, Ask(QUESTION)))


def spent(parts: Parts, actor: Actor) -> usage.Spent:
    with unit(parts.engine, actor, writes=False) as session:
        return usage.own_today(session)


def test_tokens_are_those_the_server_reports(parts: Parts, people: People) -> None:
    assert ask(parts, people("nora"), reporting(321, 45)).warnings == []
    counted = spent(parts, people("nora"))
    assert (counted.calls, counted.tokens_in, counted.tokens_out) == (1, 321, 45)
    assert counted.seconds > 0


def test_a_server_that_reports_nothing_is_estimated_from_the_texts(parts: Parts, people: People) -> None:
    ask(parts, people("nora"), SOUND)
    counted = spent(parts, people("nora"))
    assert counted.calls == 1 and counted.tokens_in > 500 and counted.tokens_out == -(-len(SOUND.pieces[0]) // 3)


def test_a_call_that_fails_is_charged_too(parts: Parts, people: People) -> None:
    assert ask(parts, people("nora"), status(500)).warnings
    assert spent(parts, people("nora")).calls == 1


def test_every_call_of_an_answer_counts_and_each_person_for_themselves(parts: Parts, people: People) -> None:
    ask(parts, people("nora"), call("search_help", query="ajánlat"), SOUND)
    assert (spent(parts, people("nora")).calls, spent(parts, people("rita")).calls) == (2, 0)


def test_beyond_the_budget_the_model_is_not_asked_and_the_answer_says_when_it_may_be(
    parts: Parts, people: People
) -> None:
    with unit(parts.engine, SYSTEM) as session:
        company.set_company(session, Company(model_budgets=ModelBudgets(user=DayLimits(calls=1))))
    assert ask(parts, people("nora"), SOUND).warnings == []
    reply = ask(parts, people("nora"))
    assert reply.kind == "answer" and reply.citations and not reply.abstained
    (warning,) = reply.warnings
    assert "kerete elfogyott" in warning and usage.begins_anew(usage.today()).date().isoformat() in warning
    assert ask(parts, people("rita"), SOUND).warnings == []


def test_a_call_that_ends_after_midnight_is_charged_to_the_day_before(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2026, 1, 1, 23, 59, 50, tzinfo=UTC)
    monkeypatch.setattr(usage, "now", lambda: late)
    meter = UserMeter(parts.engine, people("nora").user_id)
    day = meter.admit()
    monkeypatch.setattr(usage, "now", lambda: late + timedelta(seconds=15))
    meter.count(Used(10, 5, 5.0), day)
    assert day == late.date() and spent(parts, people("nora")) == usage.Spent()


def test_trying_the_model_is_charged_and_ends_with_the_budget(parts: Parts, people: People) -> None:
    with unit(parts.engine, SYSTEM) as session:
        company.set_company(session, Company(model_budgets=ModelBudgets(user=DayLimits(calls=1))))
    meter = UserMeter(parts.engine, people("ada").user_id)
    completion = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    ready = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ready"}}
    used = {"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 13}
    answer = Raw(json.dumps({**completion, "choices": [ready], "usage": used}).encode(), kind="application/json")
    with ScriptedModel([answer]) as server:
        assert asyncio.run(trial(server.settings(), meter)).fault is None
        # The server would complain about a second request.
        assert asyncio.run(trial(server.settings(), meter)).fault == "budget"
    counted = spent(parts, people("ada"))
    assert (counted.calls, counted.tokens_in, counted.tokens_out) == (1, 12, 1)


def test_asking_again_without_the_schema_is_a_call_of_its_own(parts: Parts, people: People) -> None:
    with unit(parts.engine, SYSTEM) as session:
        company.set_company(session, Company(model_budgets=ModelBudgets(user=DayLimits(calls=1))))
    with ScriptedModel([status(400)]) as server:
        model = AnsweringModel(server.settings(), meter=UserMeter(parts.engine, people("nora").user_id))
        with pytest.raises(ModelFault) as refused:
            asyncio.run(model.fill("5 szék", rules="Read it.", schema={"type": "object"}, name="read"))
    assert refused.value.reason == "budget" and spent(parts, people("nora")).calls == 1


def test_a_budget_that_ends_between_two_calls_of_an_answer_ends_that_answer(parts: Parts, people: People) -> None:
    with unit(parts.engine, SYSTEM) as session:
        company.set_company(session, Company(model_budgets=ModelBudgets(company=DayLimits(calls=1))))
    reply = ask(parts, people("nora"), call("search_help", query="ajánlat"))
    assert reply.citations and "kerete elfogyott" in reply.warnings[0]


def test_a_server_that_cannot_report_tokens_in_a_stream_is_asked_without(parts: Parts, people: People) -> None:
    refused = Raw(b'{"error": {"message": "unknown field stream_options"}}', 400, "application/json")
    assert ask(parts, people("nora"), refused, SOUND).warnings == []
    assert spent(parts, people("nora")).calls == 1
