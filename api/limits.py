"""How large a request may be."""

import json

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000


_SENTENCE = "The request is too large: at most 1000 kB can be sent."


class TooLarge(HTTPException):
    """A body that went on beyond the limit without having said so."""

    def __init__(self) -> None:
        super().__init__(413, _SENTENCE)


class BodyLimit:
    """Refuses bodies over `LARGEST_BODY` bytes before anything reads them, whether announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > LARGEST_BODY:
            await _refuse(send)
            return
        taken, answered = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLarge:
            if not answered:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    body = json.dumps({"error": {"code": "too_large", "message": _SENTENCE}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
