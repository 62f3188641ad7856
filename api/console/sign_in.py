"""Signing in to the console and out of it, and the token its widget gets."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from api.console.render import environment
from api.console.visit import NOTICE, VisitDep, cookie_name, local_path, remember_language, set_session_cookie
from api.deps import KeyDep, PartsDep
from api.errors import language_of
from api.same_origin import from_elsewhere
from api.tokens import mint
from core.errors import AppError
from core.language import LANGUAGES
from crm import browser_sessions
from crm.people import sign_in

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=1000)]


def _screen(request: Request, status: int = 200, **values: object) -> HTMLResponse:
    language = language_of(request)
    shown = {"login": "", "error": None, "wants_code": False, "next": "/", "languages": LANGUAGES, **values}
    text = environment(language).get_template("sign_in.html").render(**shown)
    answer = HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
    if request.query_params.get("language"):
        remember_language(answer, language)
    return answer


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> HTMLResponse:
    """The sign-in screen."""
    return _screen(request, next=local_path(next))


@router.post("/sign-in")
def enter(
    request: Request,
    parts: PartsDep,
    login: Text = "",
    password: Text = "",
    code: Text = "",
    next: Text = "/",
) -> Response:
    """Sign in: a new session with a cookie of its own, whatever cookie the browser had."""
    if from_elsewhere(request):
        raise AppError("form_outdated", 403)
    try:
        actor = sign_in(parts.engine, parts.settings, login.strip(), password, code)
    except AppError as refused:
        message = refused.message(language_of(request))
        wants_code = refused.code in ("second_factor_required", "second_factor_wrong")
        return _screen(
            request, refused.status, login=login, error=message, wants_code=wants_code, next=local_path(next)
        )
    browser_sessions.end_of(parts.engine, request.cookies.get(cookie_name(request), ""))
    token = browser_sessions.begin(parts.engine, actor, request.headers.get("user-agent", ""))
    answer = RedirectResponse(local_path(next), 303)
    set_session_cookie(answer, request, token)
    remember_language(answer, actor.language)
    return answer


@router.post("/sign-out")
def leave(visit: VisitDep, request: Request) -> Response:
    """End this browser's session."""
    browser_sessions.end(visit.parts.engine, visit.actor, visit.session_id)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(cookie_name(request), path="/")
    answer.delete_cookie(NOTICE, path="/")
    return answer


class WidgetToken(BaseModel):
    """A token for the widget on our own screens."""

    token: str


@router.post("/console/token")
def widget_token(visit: VisitDep, key: KeyDep) -> WidgetToken:
    """A short-lived token for the widget, for the user of this session; it ends with the session."""
    return WidgetToken(token=mint(key, visit.actor.login, visit.parts.settings.token_ttl, browser=visit.seal))
