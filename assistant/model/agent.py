"""One run of the agent: the model's text as it comes, call by call, with lookups between the calls."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from assistant.model.client import chat_model
from assistant.model.contract import Meter, ModelFault
from assistant.model.metering import Metered, reported
from core.settings import Settings

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
    from langchain.agents.middleware.types import ModelRequest, ModelResponse
    from langchain_core.messages import AnyMessage
    from langchain_core.tools import BaseTool

# Servers may send the reason in more than one chunk, and the library joins them.
_FINISHED = re.compile(r"(stop)+|(tool_calls)+|(function_call)+")


def check_finished(reason: object) -> None:
    """Raises `ModelFault` unless the server says that the model came to its own end.

    No reason at all means that the connection or the server broke off, however well the text reads.
    """
    if reason == "content_filter":
        raise ModelFault("nonsense", "content_filter")
    if not isinstance(reason, str) or not _FINISHED.fullmatch(reason):
        raise ModelFault("cut_off", f"finish_reason {reason}")


def _guard(calls: int, metered: Metered) -> AgentMiddleware[Any, Any]:
    """The last allowed call must answer, not look up; no lookup follows an answer that was cut off; every call is
    counted."""
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.messages import AIMessage

    class Guard(AgentMiddleware[Any, Any]):
        """Counts the calls of one run."""

        made = 0

        async def awrap_model_call(
            self,
            request: ModelRequest[Any],
            handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
        ) -> ModelResponse[Any]:
            self.made += 1
            if request.tools and self.made >= calls:
                request = request.override(tool_choice="none")
            sent = sum(len(str(message.content)) for message in request.messages) + len(str(request.system_message))
            async with metered.call(sent) as record:
                response = await _asked(request, handler)
                answers = [message for message in response.result if isinstance(message, AIMessage)]
                # The pieces may still be on their way to the reader.
                metered.written = max(metered.written, sum(len(message.text) for message in answers))
                record(reported(answers))
            for message in answers:
                check_finished(message.response_metadata.get("finish_reason"))
            return response

    return Guard()


async def _asked(
    request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
) -> ModelResponse[Any]:
    """The model's response; a server that does not know how to report tokens in a stream is asked again without."""
    import openai

    try:
        return await handler(request)
    except openai.BadRequestError as refused:
        if "stream_options" not in str(refused):
            raise
        return await handler(request.override(model=request.model.model_copy(update={"stream_usage": False})))


async def run(
    settings: Settings, system: str, messages: list[AnyMessage], tools: list[BaseTool], meter: Meter | None = None
) -> AsyncGenerator[tuple[int, str]]:
    """Pieces of model text, each with the number of the call it belongs to.

    At most `settings.model_calls` calls and two lookups for each, every call charged to `meter`. Errors of the
    libraries come out as they are.
    """
    from langchain.agents import create_agent
    from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import RunnableConfig

    calls = max(1, settings.model_calls)
    metered = Metered(meter)
    async with chat_model(settings) as model:
        agent = create_agent(
            model,
            tools,
            system_prompt=system,
            middleware=[
                _guard(calls, metered),
                ModelCallLimitMiddleware(run_limit=calls, exit_behavior="error"),
                ToolCallLimitMiddleware(run_limit=2 * calls, exit_behavior="continue"),
            ],
        )
        steps = RunnableConfig(recursion_limit=8 * calls + 8)
        stream = agent.astream({"messages": list(messages)}, steps, stream_mode="messages")
        # It is a generator, although its type does not say so: closing it ends the request to the server.
        async with aclosing(cast("AsyncGenerator[tuple[object, dict[str, object]]]", stream)) as parts:
            async for message, where in parts:
                if isinstance(message, AIMessageChunk):
                    metered.written += len(message.text)
                    yield int(str(where["langgraph_step"])), message.text
