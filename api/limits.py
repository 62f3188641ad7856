"""How large a request may be."""

import json
import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import say

LARGEST_BODY = 1_000_000
# A file, and a little around it; how large the file itself may be is told by whoever reads it.
LARGEST_UPLOAD = 31_000_000
_UPLOADS = re.compile(
    r"/(?:api/v1|help)/documents(?:/[^/]+/file|/new)?|/(?:api/v1/)?requests"
    r"|/api/v1/templates(?:/[^/]+/file)?|/settings/templates/(?:new|[^/]+/file)"
    r"|/api/v1/library(?:/[^/]+/file)?|/library/(?:new|[^/]+/file)"
)


def largest(path: str) -> int:
    """The bytes a request to `path` may have."""
    return LARGEST_UPLOAD if _UPLOADS.fullmatch(path) else LARGEST_BODY


def _sentence(most: int) -> str:
    return say("body_too_large", "en", megabytes=most // 1_000_000)


class TooLarge(HTTPException):
    """A body that went on beyond the limit without having said so."""

    def __init__(self, most: int) -> None:
        super().__init__(413, _sentence(most))


class BodyLimit:
    """Refuses bodies over the limit of their path before anything reads them, whether announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = largest(scope["path"])
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            await _refuse(send, most)
            return
        taken, answered = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge(most)
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLarge:
            if not answered:
                await _refuse(send, most)


async def _refuse(send: Send, most: int) -> None:
    body = json.dumps({"error": {"code": "too_large", "message": _sentence(most)}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
