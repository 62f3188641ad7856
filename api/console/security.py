"""Headers of every answer, and the cookie that was changed on the way."""

from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.console.visit import COOKIE

_API = "default-src 'none'; frame-ancestors 'none'"


def page_policy(origins: Iterable[str]) -> str:
    """The Content-Security-Policy of pages: nothing inline, nothing foreign; framed only by `origins`."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors " + " ".join(("'self'", *sorted(origins))),
        )
    )


class SecurityHeaders:
    """Adds the headers that browsers protect people by. `origins` gives the allow-listed origins of this moment."""

    def __init__(self, app: ASGIApp, origins: Callable[[], Iterable[str]]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, add)

    def _complete(self, scope: Scope, headers: MutableHeaders) -> None:
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if scope.get("scheme") == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        html = headers.get("content-type", "").startswith("text/html")
        if "content-security-policy" not in headers:
            headers["Content-Security-Policy"] = page_policy(self._origins()) if html else _API
        token = scope.get("state", {}).get("new_session_token")
        # A route that set or took away the cookie itself has the last word.
        if token and not any(COOKIE in cookie for cookie in headers.getlist("set-cookie")):
            headers.append("set-cookie", _cookie(token, scope.get("scheme") == "https"))


def _cookie(token: str, secure: bool) -> str:
    name = f"__Host-{COOKIE}" if secure else COOKIE
    morsel = SimpleCookie({name: token})[name]
    morsel["path"], morsel["httponly"], morsel["samesite"], morsel["secure"] = "/", True, "lax", secure
    return morsel.OutputString()
