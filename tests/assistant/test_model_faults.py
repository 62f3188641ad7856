"""Whatever a model's server does wrong is one named fault, within the time limit; our own faults stay our own."""

import asyncio
import time

import pytest

from assistant.model import Answered, AnsweringModel, ModelFault
from assistant.model.contract import FaultReason
from core.settings import Settings
from tests.assistant.model_samples import ANSWER, STAGES, Remembering, ask
from tests.assistant.scripted_model import Break, Raw, Say, ScriptedModel, Step, call, say, status

HTML = b"<html><body>Please log in</body></html>"
ENGLISH = "The offer stage can only be chosen after an offer has been sent [1]."
BEGUN = (ANSWER, " Továbbá ")

BROKEN: list[tuple[str, Step, FaultReason]] = [
    ("too many requests", status(429), "rate_limited"),
    ("internal error", status(500), "server_error"),
    ("overloaded", status(503), "server_error"),
    ("wrong key", status(401), "server_error"),
    ("no such model", status(404), "server_error"),
    ("refused", status(400), "server_error"),
    ("ended without a reason", Say((ANSWER,), None), "cut_off"),
    ("ran out of tokens", Say((ANSWER,), "length"), "cut_off"),
    ("filtered", Say((ANSWER,), "content_filter"), "nonsense"),
    ("reset before a word", Break("reset"), "cut_off"),
    ("reset in the middle", Break("reset", BEGUN), "cut_off"),
    ("closed in the middle", Break("closed", BEGUN), "cut_off"),
    ("a web page", Raw(HTML, 200, "text/html"), "nonsense"),
    ("an empty body", Raw(b""), "nonsense"),
    ("no JSON in the stream", Raw(b"data: {oops\n\n"), "nonsense"),
    ("JSON of another shape", Raw(b'data: {"choices": 5}\n\ndata: [DONE]\n\n'), "nonsense"),
    ("a JSON list", Raw(b"data: [1]\n\ndata: [DONE]\n\n"), "nonsense"),
    ("no UTF-8", Raw(b'data: {"choices": "\xff\xfe"}\n\n'), "nonsense"),
    ("an error in the stream", Raw(b'data: {"error": {"message": "out of memory"}}\n\n'), "server_error"),
    ("nothing", say(""), "nonsense"),
    ("spaces", say("  \n "), "nonsense"),
    ("no letters", say("... [1] 42!"), "nonsense"),
    ("no source", say("Az ajánlat szakaszhoz előbb el kell küldeni egy ajánlatot."), "nonsense"),
    ("a source that is not there", say("Az ajánlat szakaszhoz el kell küldeni egy ajánlatot [8]."), "nonsense"),
    ("another language", say(ENGLISH), "nonsense"),
    ("a call as JSON", say('{"name": "search_help", "arguments": {"query": "szakasz [1]"}}'), "nonsense"),
    ("a call in tags", say('<tool_call>{"name": "search_help"}</tool_call> [1]'), "nonsense"),
    ("a call as code", say("```\nsearch_help(query='szakasz')\n```"), "nonsense"),
    ("an object", say('```json\n{"valasz": "Az ajánlat szakasz [1]"}\n```'), "nonsense"),
    ("a loop", say(ANSWER, *["Küldd el az ajánlatot. "] * 200), "nonsense"),
    ("a loop before any source", say(*["és "] * 500), "nonsense"),
    ("no end", say(ANSWER, *[f"{i} dolog van a {i * 7}. sorban, " for i in range(600)]), "nonsense"),
]


# The library warns about the shape that one of these rows has on purpose.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(("step", "reason"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_every_way_to_fail_has_its_name(step: Step, reason: FaultReason) -> None:
    with ScriptedModel([step]) as server, pytest.raises(ModelFault) as fault:
        ask(server.settings())
    assert fault.value.reason == reason


SLOW: list[tuple[str, Step]] = [
    ("silent from the start", Break("silent")),
    ("silent in the middle", Break("silent", BEGUN)),
    ("dripping for ever", Break("dripping", BEGUN)),
]


@pytest.mark.parametrize("step", [row[1] for row in SLOW], ids=[row[0] for row in SLOW])
def test_a_server_that_never_ends_is_left_at_the_limit(step: Step) -> None:
    with ScriptedModel([step]) as server, pytest.raises(ModelFault) as fault:
        ask(server.settings(seconds=1.5))
    assert fault.value.reason in ("timeout", "nonsense")


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with ScriptedModel([]) as server:
        settings = server.settings()
    with pytest.raises(ModelFault) as fault:
        ask(settings)
    assert fault.value.reason == "unreachable"


def test_a_model_that_only_looks_things_up_meets_the_limit() -> None:
    steps: list[Step] = [call("search_help", query=f"{i}") for i in range(3)]
    with ScriptedModel(steps) as server, pytest.raises(ModelFault) as fault:
        ask(server.settings(calls=3), tools=Remembering())
    assert fault.value.reason == "limit"


def test_a_slow_lookup_counts_against_the_limit() -> None:
    class Slow(Remembering):
        def search_help(self, query: str) -> tuple[()]:
            time.sleep(1.5)
            return ()

    with ScriptedModel([call("search_help", query="a")]) as server, pytest.raises(ModelFault) as fault:
        ask(server.settings(seconds=1.0), tools=Slow())
    assert fault.value.reason == "timeout"


def test_a_fault_of_this_program_is_not_called_a_fault_of_the_model() -> None:
    class Faulty(Remembering):
        def available(self) -> tuple[str, ...]:
            raise KeyError("a programming error")

    with ScriptedModel([]) as server, pytest.raises(KeyError):
        ask(server.settings(), tools=Faulty())


def test_a_fault_never_carries_the_key() -> None:
    with ScriptedModel([status(401)]) as server, pytest.raises(ModelFault) as fault:
        ask(
            server.settings().model_copy(update={"openai_api_key": Settings(openai_api_key="sk-secret").openai_api_key})
        )
    assert server.headers[0]["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in str(fault.value)
    assert "sk-secret" not in str(server.requests)


def test_a_reader_who_leaves_ends_the_request() -> None:
    async def leave(settings: Settings) -> None:
        answer = AnsweringModel(settings).answer(
            "Mi?", language="hu", evidence=(STAGES,), screen=None, history=(), tools=Remembering(may=())
        )
        first = await anext(answer)
        assert not isinstance(first, Answered)
        await answer.aclose()
        assert await asyncio.to_thread(server.gone.wait, 10)

    with ScriptedModel([Break("silent", BEGUN)]) as server:
        asyncio.run(leave(server.settings()))


def test_two_event_loops_one_after_the_other_can_use_the_same_model() -> None:
    with ScriptedModel([say(ANSWER), say(ANSWER)]) as server:
        settings = server.settings()
        assert ask(settings).whole.text == ask(settings).whole.text == ANSWER
