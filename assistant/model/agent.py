"""One run of the agent: the model's text as it comes, call by call, with lookups between the calls."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from assistant.model.client import chat_model
from assistant.model.contract import ModelFault
from core.settings import Settings

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
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


def _guard(calls: int) -> AgentMiddleware[Any, Any]:
    """The last allowed call must answer, not look up; and no lookup follows an answer that was cut off."""
    from langchain.agents.middleware import AgentMiddleware
    from langchain.agents.middleware.types import ModelRequest, ModelResponse
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
            response = await handler(request)
            for message in response.result:
                if isinstance(message, AIMessage):
                    check_finished(message.response_metadata.get("finish_reason"))
            return response

    return Guard()


async def run(
    settings: Settings, system: str, messages: list[AnyMessage], tools: list[BaseTool]
) -> AsyncGenerator[tuple[int, str]]:
    """Pieces of model text, each with the number of the call it belongs to.

    At most `settings.model_calls` calls and two lookups for each. Errors of the libraries come out as they are.
    """
    from langchain.agents import create_agent
    from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import RunnableConfig

    calls = max(1, settings.model_calls)
    async with chat_model(settings) as model:
        agent = create_agent(
            model,
            tools,
            system_prompt=system,
            middleware=[
                _guard(calls),
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
                    yield int(str(where["langgraph_step"])), message.text
