"""Who really asked, where a proxy stands between: told by headers that are believed only from proxies named."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

_LOCAL = ("127.0.0.1", "::1")
_LONGEST = 45


class Proxied:
    """Tells the application by which scheme the browser asked. A proxy on this machine, or one of `trusted`, says so;
    the server itself is started without any belief in such headers."""

    def __init__(self, app: ASGIApp, trusted: Collection[str]) -> None:
        self._app = app
        self._trusted = {*_LOCAL, *trusted}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        peer = (scope.get("client") or ("",))[0]
        if scope["type"] == "http" and peer in self._trusted:
            said = Headers(scope=scope).get("x-forwarded-proto", "").strip()
            if said in ("http", "https"):
                scope["scheme"] = said
        await self._app(scope, receive, send)


def address_of(request: Request, trusted: Collection[str]) -> str:
    """The address a request came from: the peer's or, where that is one of the `trusted` proxies, the last one in
    `X-Forwarded-For` that is none of them. Whatever a client wrote there before its first proxy is not believed."""
    peer = request.client.host if request.client else ""
    if peer not in trusted:
        return peer[:_LONGEST]
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    passed = [address.strip() for address in forwarded if address.strip()]
    return next((address for address in reversed(passed) if address not in trusted), peer)[:_LONGEST]
