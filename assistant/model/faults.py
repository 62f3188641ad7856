"""What went wrong with a model's server, told apart; a fault of this program is never taken for one."""

from collections.abc import Iterator
from traceback import walk_tb

from assistant.model.contract import ModelFault


def as_fault(error: BaseException) -> ModelFault | None:
    """The `ModelFault` that `error` means, or None if it is not the model's doing."""
    import httpx2
    import openai
    from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
    from langgraph.errors import GraphRecursionError

    kind = type(error).__name__
    match error:
        case ModelFault():
            return error
        case ModelCallLimitExceededError() | GraphRecursionError():
            return ModelFault("limit", kind)
        case TimeoutError() | openai.APITimeoutError() | httpx2.TimeoutException():
            return ModelFault("timeout", kind)
        case openai.RateLimitError():
            return ModelFault("rate_limited", kind)
        case openai.APIResponseValidationError():
            return ModelFault("nonsense", kind)
        case openai.APIConnectionError():
            # Once there was a connection, losing it means that the answer was cut off.
            lost = any(isinstance(e, httpx2.ReadError | httpx2.RemoteProtocolError) for e in _causes(error))
            return ModelFault("cut_off" if lost else "unreachable", kind)
        case openai.APIStatusError():
            return ModelFault("server_error", f"{kind} {error.status_code}")
        case openai.LengthFinishReasonError():
            return ModelFault("cut_off", kind)
        case openai.OpenAIError():
            return ModelFault("server_error", kind)
        # The answer had begun: the headers were there, so the server was reached.
        case httpx2.TransportError() | httpx2.StreamError():
            return ModelFault("cut_off", kind)
    return ModelFault("nonsense", kind) if _from_the_wire(error) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what lies behind it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _from_the_wire(error: BaseException) -> bool:
    """True if `error` arose while the model libraries took a server's answer apart.

    They let a plain ValueError, TypeError and the like escape when the answer is no JSON, no UTF-8 or of another
    shape. Only an error raised inside their own modules counts: the same error raised by us is our fault.
    """
    if not isinstance(error, ValueError | TypeError | AttributeError | LookupError):
        return False
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    if frames and frames[-1].f_code.co_name == "generate_from_stream":
        return True  # a stream without a single event
    modules = [str(frame.f_globals.get("__name__", "")) for frame in frames]
    theirs = ("openai.", "langchain_openai.", "httpx2.", "httpcore2.")
    wire = [i for i, name in enumerate(modules) if name.startswith(theirs)]
    return bool(wire) and not any(name.startswith("assistant.") for name in modules[wire[-1] :])
