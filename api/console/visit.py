"""A request to the console by someone who is signed in: what a screen's route is handed."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.console.render import environment, words_of
from api.console.screens import PLACES, Control, Place, Screen
from api.console.words import Words
from api.deps import KeyDep, PartsDep
from api.same_origin import from_elsewhere
from assistant.context import Parts
from core.errors import AppError
from core.language import Language
from crm import browser_sessions, handovers, mails
from crm.actor import Actor
from crm.session import CrmSession, unit
from offers import approving

COOKIE = "robo_session"
NOTICE = "robo_notice"
_IN_ADDRESSES = "/?&=%+-_.~:,;@#"
_UNCHANGING = ("GET", "HEAD")


class SignInNeeded(Exception):
    """Nobody is signed in; the browser is sent to the sign-in screen and comes back to `path`."""

    def __init__(self, path: str) -> None:
        self.path = path


# What waits for the user at a place of the navigation.
_WAITING: Mapping[str, Callable[[CrmSession], int]] = {
    "/conversations": handovers.waiting,
    "/approvals": approving.waiting_count,
    "/mails": mails.troubled,
}


class Visit:
    """The signed-in user's request: who it is, their words, and how to answer."""

    def __init__(self, request: Request, parts: Parts, actor: Actor, session_id: int, seal: str, csrf: str) -> None:
        self.request = request
        self.parts = parts
        self.actor = actor
        self.session_id = session_id
        self.seal = seal
        self.csrf = csrf

    @property
    def words(self) -> Words:
        """Texts and formats in the user's language."""
        return words_of(self.actor.language)

    @property
    def language(self) -> Language:
        """The user's language."""
        return self.actor.language

    @property
    def by_htmx(self) -> bool:
        """Whether a part of a screen is asked for, not a whole page (a followed link asks for a whole one)."""
        return self.request.headers.get("hx-request") == "true" and self.request.headers.get("hx-boosted") != "true"

    def reading(self) -> AbstractContextManager[CrmSession]:
        """A unit of work that reads."""
        return unit(self.parts.engine, self.actor, writes=False)

    def writing(self) -> AbstractContextManager[CrmSession]:
        """A unit of work that may write, committed at its end."""
        return unit(self.parts.engine, self.actor)

    def can(self, resource: str, action: str) -> bool:
        """Whether the user's level has this right on any record at all."""
        return self.actor.scope(resource, action) is not None

    def control(self, name: str, label: str, resource: str, action: str) -> Control:
        """A control that is enabled where the user has the right, and says so where not."""
        if self.can(resource, action):
            return Control(name, label)
        return Control(name, label, False, self.words("Your level has no right to do this. Ask your administrator."))

    def places(self) -> list[Place]:
        """The entries of the navigation this user gets."""
        return [p for p in PLACES if p.resource is None or self.can(p.resource, p.action)]

    def waiting(self, place: Place) -> int:
        """How much at `place` waits for this user, for the count beside its entry in the navigation."""
        counts = _WAITING.get(place.path)
        if counts is None:
            return 0
        with self.reading() as session:
            return counts(session)

    def render(self, template: str, **values: object) -> str:
        """A template filled in; every one has `visit`, `actor` and `can`."""
        loaded = environment(self.language).get_template(template)
        return loaded.render(visit=self, actor=self.actor, can=self.can, csrf=self.csrf, **values)

    def page(self, template: str, screen: Screen, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page. `screen` is what the widget is told; `status` is 422 for a form that comes back."""
        notice = self.request.cookies.get(NOTICE)
        text = self.render(template, screen=screen, notice=_unpacked(notice), **values)
        answer = HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
        if notice is not None:
            answer.delete_cookie(NOTICE, path="/")
        return answer

    def fragment(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A part of a page, for htmx."""
        return HTMLResponse(self.render(template, **values), status, headers={"Cache-Control": "no-store"})

    def refused(self, error: AppError) -> str:
        """The sentence of an error, in the user's language."""
        return error.message(self.language)

    def go(self, path: str, notice: str | None = None) -> Response:
        """Send the browser to `path` of ours, where `notice` is shown once."""
        answer: Response = RedirectResponse(path, 303)
        if self.by_htmx:
            answer = Response(status_code=204, headers={"HX-Redirect": quote(path, safe=_IN_ADDRESSES)})
        if notice:
            packed = base64.urlsafe_b64encode(json.dumps(notice).encode()).decode()
            answer.set_cookie(NOTICE, packed, max_age=60, path="/", httponly=True, samesite="lax")
        return answer


def _unpacked(packed: str | None) -> str | None:
    try:
        return str(json.loads(base64.urlsafe_b64decode(packed)))[:500] if packed else None
    except ValueError:
        return None


def csrf_of(key: bytes, seal: str) -> str:
    """What forms of the session with this seal carry: it cannot be known without the server's key."""
    return hmac.new(key, f"csrf:{seal}".encode(), hashlib.sha256).hexdigest()


def cookie_name(request: Request) -> str:
    """The session cookie's name; over HTTPS with the prefix that binds it to this host alone."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def set_session_cookie(answer: Response, request: Request, token: str) -> None:
    """Give the browser its session."""
    secure = request.url.scheme == "https"
    answer.set_cookie(cookie_name(request), token, path="/", httponly=True, secure=secure, samesite="lax")


def remember_language(answer: Response, language: Language) -> None:
    """Keep the language for screens shown before anyone is known: signing in, and what is not there."""
    answer.set_cookie("robo_language", language, max_age=31_536_000, path="/", samesite="lax", httponly=True)


async def visiting(request: Request, parts: PartsDep, key: KeyDep) -> Visit:
    """The visit of this request.

    Raises `SignInNeeded`, or `AppError("form_outdated")` (403) for a changing request that does not carry the
    session's own token or comes from another site.
    """
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = asked if request.method in _UNCHANGING else "/"
    token = request.cookies.get(cookie_name(request))
    if not token:
        raise SignInNeeded(back)
    try:
        found = await asyncio.to_thread(browser_sessions.recognise, parts.engine, token)
    except AppError as ended:
        raise SignInNeeded(back) from ended
    request.state.language = found.actor.language
    request.state.new_session_token = found.new_token
    csrf = csrf_of(key, found.seal)
    if request.method not in _UNCHANGING:
        await _check_form(request, csrf)
    return Visit(request, parts, found.actor, found.session_id, found.seal, csrf)


async def _check_form(request: Request, csrf: str) -> None:
    given = request.headers.get("x-csrf")
    if given is None:
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else ""
    if from_elsewhere(request) or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise AppError("form_outdated", 403)


def local_path(path: str | None) -> str:
    """`path` if it leads to a page of ours, else the dashboard: nobody is sent elsewhere after signing in."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path:
        return quote(path, safe=_IN_ADDRESSES)
    return "/"


VisitDep = Annotated[Visit, Depends(visiting)]
