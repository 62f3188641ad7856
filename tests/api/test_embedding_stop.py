"""Stopping a run: its own user only, nothing half made, and a conversation that says what happened."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.tokens import mint
from assistant import turn
from assistant.context import Parts
from assistant.outcome import Outcome
from crm.actor import Actor
from offers.service import Offers
from offers.view import OfferView
from tests.conftest import KEY

OFFER = "Ajánlat a Bartók Kft.-nek: 10 töltőtoll"
Events = list[dict[str, Any]]


def headers(login: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {mint(KEY, login, 600)}"}


def body(message: str) -> dict[str, object]:
    return {
        "threadId": "t1",
        "runId": "r1",
        "state": {},
        "tools": [],
        "context": [],
        "forwardedProps": {},
        "messages": [{"id": "1", "role": "user", "content": message}],
    }


async def stopped_run(app: FastAPI, message: str, begun: Callable[[], object], stops: list[tuple[str, str]]) -> Events:
    """Ask as nora; once `begun` returns, send each (login, run id) of `stops`; the events of the whole stream."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://robo.example") as client:
        asked = asyncio.create_task(client.post("/api/v1/agui", headers=headers("nora"), json=body(message)))
        await asyncio.to_thread(begun)
        for login, run in stops:
            answer = await client.post(f"/api/v1/runs/{run}/stop", headers=headers(login))
            assert (answer.status_code, answer.content) == (204, b"")
        text = (await asyncio.wait_for(asked, 60)).text
        return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


async def kept(app: FastAPI, conversation: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://robo.example") as client:
        rows: list[dict[str, Any]] = (
            await client.get(f"/api/v1/conversations/{conversation}", headers=headers("nora"))
        ).json()
        return rows


class Gate:
    """Holds a turn where it waits for an answer, until the test lets it go on or it is stopped."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    async def answer(self, asked: object) -> AsyncIterator[Outcome]:
        """Stands in for answering from the pages."""
        self.reached.set()
        while not self.open.is_set():
            await asyncio.sleep(0.01)
        yield Outcome("refusal", "let through")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(turn, "answer", made.answer)
    return made


def test_a_stopped_run_ends_with_its_own_code_and_the_conversation_says_so(parts: Parts, gate: Gate) -> None:
    app = create_app(parts, KEY)

    async def run() -> None:
        events = await stopped_run(app, "Hogyan készítek ajánlatot?", gate.reached.wait, [("nora", "r1")] * 2)
        assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", "stopped")
        started = next(e["value"] for e in events if e.get("name") == "robo.started")
        question, reply = await kept(app, started["conversation_id"])
        assert question["id"] == started["message_id"] and question["role"] == "user"
        assert reply["text"] == events[-1]["message"] and reply["reply"]["kind"] == "refusal"
        assert len(app.state.runs) == 0

    asyncio.run(run())


def test_nobody_elses_stop_and_no_other_run_id_has_an_effect(parts: Parts, gate: Gate) -> None:
    app = create_app(parts, KEY)
    gate_opener = threading.Timer(0.5, gate.open.set)

    async def run() -> None:
        gate_opener.start()
        stops = [("mate", "r1"), ("ada", "r1"), ("nora", "r2")]
        events = await stopped_run(app, "Hogyan készítek ajánlatot?", gate.reached.wait, stops)
        assert events[-1]["type"] == "RUN_FINISHED"
        assert next(e["value"] for e in events if e.get("name") == "robo.reply")["text"] == "let through"

    asyncio.run(run())


def test_a_draft_that_is_being_made_is_finished_and_named(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(parts, KEY)
    reached, go_on = threading.Event(), threading.Event()
    whole = Offers.ensure_documents

    def slowly(self: Offers, actor: Actor, number: str) -> OfferView:
        reached.set()
        assert go_on.wait(30)
        return whole(self, actor, number)

    monkeypatch.setattr(Offers, "ensure_documents", slowly)

    async def run() -> None:
        asyncio.get_running_loop().call_later(0.5, go_on.set)
        events = await stopped_run(app, OFFER, reached.wait, [("nora", "r1")])
        assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", "stopped")
        started = next(e["value"] for e in events if e.get("name") == "robo.started")
        reply = (await kept(app, started["conversation_id"]))[-1]["reply"]
        number = reply["offer"]["number"]
        assert number in events[-1]["message"] and reply["text"] == events[-1]["message"]
        assert [d["kind"] for d in reply["offer"]["documents"]] == ["docx", "pdf"]

    asyncio.run(run())


def test_a_stop_before_the_first_step_still_ends_the_stream(parts: Parts) -> None:
    app = create_app(parts, KEY)

    async def run() -> None:
        start = app.state.runs.start

        def stopped_at_once(user_id: int, run_id: str, coroutine: Any) -> asyncio.Task[None]:
            task: asyncio.Task[None] = start(user_id, run_id, coroutine)
            app.state.runs.stop(user_id, run_id)
            return task

        app.state.runs.start = stopped_at_once
        events = await stopped_run(app, "Szia!", lambda: None, [])
        assert [e["type"] for e in events] == ["RUN_STARTED", "RUN_ERROR"]
        assert len(app.state.runs) == 0

    asyncio.run(run())


def test_a_run_that_ended_can_be_stopped_without_effect(parts: Parts) -> None:
    app = create_app(parts, KEY)

    async def run() -> None:
        events = await stopped_run(app, "Szia!", lambda: None, [])
        conversation = next(e["value"] for e in events if e.get("name") == "robo.started")["conversation_id"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://robo.example") as client:
            assert (await client.post("/api/v1/runs/r1/stop", headers=headers("nora"))).status_code == 204
            assert (await client.post("/api/v1/runs/r1/stop")).status_code == 401
        assert len(await kept(app, conversation)) == 2

    asyncio.run(run())
