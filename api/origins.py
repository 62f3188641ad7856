"""Which pages of other origins may call the API, and how the browser is told so."""

import asyncio
import time
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import language_of, refusal
from api.same_origin import is_own
from assistant.context import Parts
from core.errors import AppError
from core.settings import Settings
from crm.embedding import active_origins, as_origin

_FRESH_SECONDS = 5.0
_known: WeakKeyDictionary[Engine, tuple[float, frozenset[str]]] = WeakKeyDictionary()
_API = "/api/v1/"
_OTHERS = ("/robo.js", "/robo-offers.js", "/healthz")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "Content-Disposition, Retry-After"


def origins_of(settings: Settings) -> frozenset[str]:
    """The origins of the settings. Raises `AppError("origin_invalid")` for one that is none."""
    return frozenset(as_origin(origin) for origin in settings.allowed_origins)


def allowed_origins(parts: Parts) -> frozenset[str]:
    """The origins whose pages may call the API and frame the widget: those of the settings and of the hosts that
    are switched on. What another process changes is known here within five seconds."""
    moment = time.monotonic()
    kept = _known.get(parts.engine)
    if kept is None or moment - kept[0] > _FRESH_SECONDS:
        kept = (moment, active_origins(parts.engine) | origins_of(parts.settings))
        _known[parts.engine] = kept
    return kept[1]


def forget_origins(parts: Parts) -> None:
    """Have the origins read anew: they were changed in this process."""
    _known.pop(parts.engine, None)


class Origins:
    """Cross-origin calls to the API: answered to pages of allowed origins, refused to others. No cookies, no keys."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request, or refuse it."""
        if scope["type"] != "http" or not (scope["path"].startswith(_API) or scope["path"] in _OTHERS):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        added = {"Vary": "Origin"}
        if origin is not None and not is_own(origin, scope["scheme"], headers.get("host", "")):
            if origin in await asyncio.to_thread(allowed_origins, self._parts):
                added["Access-Control-Allow-Origin"] = origin
                added["Access-Control-Expose-Headers"] = _EXPOSED
                if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                    await Response(status_code=204, headers=added | _PREFLIGHT)(scope, receive, send)
                    return
            elif scope["path"].startswith(_API):
                error, request = AppError("origin_refused", 403, origin=origin[:200]), Request(scope)
                answer = refusal(request, error.code, error.status, error.message(language_of(request)))
                answer.headers["Vary"] = "Origin"
                await answer(scope, receive, send)
                return
        await self._passed(scope, receive, send, added)

    async def _passed(self, scope: Scope, receive: Receive, send: Send, added: dict[str, str]) -> None:
        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                for name, value in added.items():
                    if name != "Vary":
                        headers[name] = value
            await send(message)

        await self._app(scope, receive, complete)
