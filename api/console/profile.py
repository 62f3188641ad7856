"""The own profile: facts, language, password, second factor, signed-in browsers."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.console.profile_browsers import browser_name
from api.console.render import words_of
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep, remember_language
from api.console.words import N_
from core.errors import AppError
from core.language import LANGUAGES
from crm import browser_sessions, people, profile, second_factor, usage
from crm.company import company
from crm.passwords import SHORTEST_PASSWORD
from crm.profile import Facts
from crm.tables import Role

router = APIRouter(include_in_schema=False)
PATH = "/profile"
LANGUAGE_NAMES = {"hu": "Magyar", "pl": "Polski", "en": "English"}
Text = Annotated[str, Form(max_length=1100)]
Version = Annotated[int, Form(ge=0)]
_FIELD = {
    "profile_bad_email": "email",
    "profile_bad_phone": "phone",
    "profile_name_missing": "family_name",
    "password_wrong": "old",
    "password_too_short": "new",
    "password_too_long": "new",
    "password_same": "new",
    "password_not_repeated": "again",
    "second_factor_wrong": "code",
    "second_factor_required": "code",
}


def _page(
    visit: Visit,
    form: str = "",
    refused: AppError | None = None,
    typed: Facts | None = None,
    version: int | None = None,
) -> HTMLResponse:
    """The profile; of the form `form` that was refused, with the reason at its field and what was typed.

    `version` is the one the facts were typed against, if the person was not told of a newer one yet.
    """
    engine = visit.parts.engine
    user = profile.of(engine, visit.actor)
    with visit.reading() as session:
        level = session.get(Role, user.role_code)
        used, limits = usage.own_today(session), company(session).model_budgets.user
    words = visit.words
    errors = {_FIELD.get(refused.code, ""): visit.refused(refused)} if refused else {}
    factor = second_factor.is_on(engine, visit.actor)
    fields = {
        words("User name"): user.login,
        words("E-mail address"): user.email,
        words("Two-step sign-in"): words("On") if factor else words("Off"),
    }
    controls = (
        Control("save", words("Save")),
        Control("password", words("Change password")),
        Control("second_factor", words("Switch off") if factor else words("Set up")),
    )
    return visit.page(
        "profile/index.html",
        Screen("profile", ("user", user.login), dict(fields), errors, controls),
        refused.status if refused else 200,
        user=user,
        version=user.version if version is None else version,
        level=words.name(level.names) if level else user.role_code,
        facts=typed or user,
        languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        factor=factor,
        browsers=[(b, browser_name(words, b.browser)) for b in browser_sessions.list_own(engine, visit.actor)],
        form=form,
        errors=errors,
        shortest=SHORTEST_PASSWORD,
        used=used,
        limits=limits,
        anew=usage.begins_anew(usage.today()),
        has_model=visit.parts.model is not None,
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The own profile."""
    return _page(visit)


@router.post(PATH + "/facts")
def change_facts(
    visit: VisitDep,
    version: Version,
    family_name: Text = "",
    given_name: Text = "",
    email: Text = "",
    phone: Text = "",
) -> Response:
    """Change the own name, e-mail address and telephone number."""
    facts = Facts(family_name, given_name, email, phone, visit.language)
    try:
        profile.change(visit.parts.engine, visit.actor, version, facts)
    except AppError as refused:
        return _page(visit, "facts", refused, facts, None if refused.code == "conflict" else version)
    return visit.go(PATH, visit.words("Your details are saved."))


@router.post(PATH + "/language")
def change_language(visit: VisitDep, language: Text = "") -> Response:
    """Speak another language from this answer on."""
    try:
        profile.set_language(visit.parts.engine, visit.actor, language)
    except AppError as refused:
        return _page(visit, "language", refused)
    chosen = people.as_language(language)
    answer = visit.go(PATH, words_of(chosen)(N_("The language is changed.")))
    remember_language(answer, chosen)
    return answer


@router.post(PATH + "/password")
def change_password(visit: VisitDep, old: Text = "", new: Text = "", again: Text = "") -> Response:
    """Change the own password; every other browser is signed out."""
    try:
        if new != again:
            raise AppError("password_not_repeated", 422)
        profile.change_password(visit.parts.engine, visit.parts.settings, visit.actor, old, new, visit.session_id)
    except AppError as refused:
        return _page(visit, "password", refused)
    return visit.go(PATH, visit.words("Your password is changed. Your other browsers are signed out."))


def _enrolment(visit: Visit, secret: str | None = None, refused: AppError | None = None) -> HTMLResponse:
    made = second_factor.enrolment(visit.actor.login, secret)
    errors = {"code": visit.refused(refused)} if refused else {}
    controls = (Control("switch_on", visit.words("Switch on")),)
    screen = Screen("profile", ("user", visit.actor.login), errors=errors, controls=controls)
    status = refused.status if refused else 200
    # Drawn by us from the secret: no text of anyone's is in it.
    picture = Markup(made.picture)
    return visit.page("profile/second_factor.html", screen, status, made=made, picture=picture, errors=errors)


@router.get(PATH + "/second-factor")
def ask_for_second_factor(visit: VisitDep) -> Response:
    """What to put into the authenticator app; nothing is on before a code of it is given."""
    if second_factor.is_on(visit.parts.engine, visit.actor):
        return visit.go(PATH)
    return _enrolment(visit)


@router.post(PATH + "/second-factor")
def switch_second_factor_on(visit: VisitDep, secret: Text = "", code: Text = "") -> Response:
    """Switch the second factor on, given a right code."""
    try:
        second_factor.switch_on(visit.parts.engine, visit.actor, secret, code)
    except AppError as refused:
        return _enrolment(visit, secret, refused)
    return visit.go(PATH, visit.words("Two-step sign-in is on. From now on you need the app to sign in."))


@router.post(PATH + "/second-factor/off")
def switch_second_factor_off(visit: VisitDep, password: Text = "", code: Text = "") -> Response:
    """Switch the second factor off, given password and code."""
    try:
        second_factor.switch_off(visit.parts.engine, visit.parts.settings, visit.actor, password, code)
    except AppError as refused:
        return _page(visit, "second_factor", refused)
    return visit.go(PATH, visit.words("Two-step sign-in is off."))


@router.post(PATH + "/browsers/{session_id:int}/end")
def end_browser(visit: VisitDep, session_id: int) -> Response:
    """Sign one of the own browsers out."""
    browser_sessions.end(visit.parts.engine, visit.actor, session_id)
    return visit.go(PATH, visit.words("That browser is signed out."))
