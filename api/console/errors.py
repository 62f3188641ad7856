"""Errors as pages, for those who look at a screen."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.console.render import environment
from api.console.visit import SignInNeeded
from core.language import Language


def wants_page(request: Request) -> bool:
    """Whether an error belongs on a screen: the request is not for the API, and takes HTML."""
    if request.url.path.startswith(("/api/", "/static/", "/robo.js", "/robo-offers.js", "/healthz", "/openapi.json")):
        return False
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted or request.headers.get("hx-request") == "true"


def error_page(request: Request, status: int, message: str, language: Language) -> Response:
    """The error as a page; for a part of a screen, as a notice over the screen as it is."""
    if request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true":
        text = environment(language).get_template("_notice.html").render(message=message, tone="bad")
        return HTMLResponse(text, status, headers={"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
    text = environment(language).get_template("error.html").render(message=message, status=status)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


async def to_sign_in(request: Request, error: Exception) -> Response:
    """Send the browser to the sign-in screen, and back afterwards."""
    assert isinstance(error, SignInNeeded)
    target = f"/sign-in?next={quote(error.path, safe='')}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)
