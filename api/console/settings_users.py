"""Settings: users, one by one, and the list of them."""

from collections.abc import Iterable
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from starlette.datastructures import FormData

from api.console.addresses import ListUrl
from api.console.screens import Control
from api.console.settings import LANGUAGE_NAMES, FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from crm import attempts, second_factor, settings_people
from crm.lists import found
from crm.passwords import SHORTEST_PASSWORD
from crm.session import CrmSession
from crm.settings_people import PersonFields, UserFilters
from crm.settings_rules import within_reach
from crm.tables import Role, Team, User

router = APIRouter(include_in_schema=False)
PATH = "/settings/users"
FILTERS = ("q", "role", "team", "state")


def _options(visit: Visit, session: CrmSession) -> dict[str, list[tuple[str, str]]]:
    roles = [(r.code, visit.words.name(r.names)) for r in session.scalars(select(Role).order_by(Role.code))]
    teams = [(str(t.id), t.name) for t in session.scalars(select(Team).order_by(Team.name))]
    return {"role": roles, "team": teams, "language": list(LANGUAGE_NAMES.items())}


def _typed(form: FormData) -> PersonFields:
    return PersonFields(**{name: text(form, name)[:500] for name in PersonFields.__dataclass_fields__})


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list, as its address says."""
    may_open(visit, "users")
    url = ListUrl.of(PATH, visit.request.query_params, FILTERS, "name", ("name",))
    with visit.reading() as session:
        query = settings_people.query_for(UserFilters(url["q"], url["role"], url["team"], url["state"]))
        rows = found(session, query, User.id, url.offset)
        logins = [user.login for user in rows.rows]
        options = _options(visit, session)
        return page(
            visit,
            "users",
            "users",
            title=visit.words("Users"),
            controls=(visit.control("new", visit.words("New user"), "user", "create"),),
            fields=dict(url.filters),
            rows=rows,
            url=url,
            options=options,
            levels=dict(options["role"]),
            locked=_locked(visit),
            two_step=_two_step(visit, logins),
        )


def _form_page(
    visit: Visit, typed: PersonFields, user: User | None, login: str, refused: AppError | None, form: str = "facts"
) -> HTMLResponse:
    words = visit.words
    with visit.reading() as session:
        why, own = _unreachable(visit, session, user), _own(visit, user)
        level = session.get(Role, user.role_code) if user is not None else None
        shown = [
            _limited(visit.control("save", words("Save"), "user", "update" if user else "create"), why),
            _limited(visit.control("reset", words("Give a new password"), "user", "update"), why or own),
            _limited(visit.control("unlock", words("Let in again"), "user", "update"), why),
            _limited(
                visit.control("second-factor", words("Switch off two-step sign-in"), "user", "update"), why or own
            ),
            _limited(visit.control("switch", _switch_label(visit, user), "user", "update"), why or own),
        ]
        return page(
            visit,
            "user",
            "users",
            title=user.display_name(visit.language) if user else words("New user"),
            controls=tuple(shown),
            fields={words("User name"): login},
            refused=refused,
            user=user,
            login=login,
            typed=typed,
            wrong=form if refused is not None else "",
            options=_options(visit, session),
            level=words.name(level.names) if level else "",
            locked=user is not None and user.login in _locked(visit),
            two_step=user is not None and bool(_two_step(visit, (user.login,))),
            shortest=SHORTEST_PASSWORD,
        )


def _locked(visit: Visit) -> frozenset[str]:
    """Whose door is shut now; like `_two_step`, told to those alone who could do something about it."""
    return attempts.locked(visit.parts.engine, visit.parts.settings) if visit.can("user", "update") else frozenset()


def _two_step(visit: Visit, logins: Iterable[str]) -> frozenset[str]:
    return second_factor.with_it(visit.parts.engine, logins) if visit.can("user", "update") else frozenset()


def _limited(control: Control, why: str | None) -> Control:
    return control if why is None or not control.enabled else replace(control, enabled=False, reason=why)


def _switch_label(visit: Visit, user: User | None) -> str:
    return visit.words("Switch on") if user is not None and not user.active else visit.words("Switch off")


def _own(visit: Visit, user: User | None) -> str | None:
    return AppError("own_account", 409).message(visit.language) if user and user.id == visit.actor.user_id else None


def _unreachable(visit: Visit, session: CrmSession, user: User | None) -> str | None:
    try:
        if user is not None:
            within_reach(session, visit.actor, user.role_code)
    except AppError as refused:
        return visit.refused(refused)
    return None


@router.get(PATH + "/new")
def blank(visit: VisitDep) -> HTMLResponse:
    """The form of a new user."""
    may_open(visit, "users")
    return _form_page(visit, PersonFields(role="normal", language=visit.language), None, "", None)


@router.post(PATH + "/new")
def create(visit: VisitDep, form: FormDep) -> Response:
    """Add a user."""
    typed, login = _typed(form), text(form, "login")[:100]
    return act(
        visit,
        lambda: settings_people.create(visit.parts.engine, visit.actor, login, typed, text(form, "password")),
        f"{PATH}?q={login.strip().lower()}",
        visit.words("%(login)s can sign in now.", login=login.strip().lower()),
        lambda refused: _form_page(visit, typed, None, login, refused),
    )


def _user(visit: Visit, login: str) -> User:
    may_open(visit, "users")
    with visit.reading() as session:
        user = settings_people.by_login(session, login)
        _ = user.team
        return user


def _fields(user: User) -> PersonFields:
    return PersonFields(
        user.family_name,
        user.given_name,
        user.email,
        user.phone or "",
        user.role_code,
        str(user.team_id or ""),
        user.language,
    )


@router.get(PATH + "/{login}")
def sheet(visit: VisitDep, login: str) -> HTMLResponse:
    """One user."""
    user = _user(visit, login)
    return _form_page(visit, _fields(user), user, login, None)


@router.post(PATH + "/{login}")
def change(visit: VisitDep, login: str, form: FormDep) -> Response:
    """Change a user's facts."""
    typed, user = _typed(form), _user(visit, login)

    def work() -> None:
        with visit.writing() as session:
            settings_people.change(session, login, version(form), typed)

    saved = visit.words("Saved.")
    return act(visit, work, f"{PATH}/{login}", saved, lambda r: _form_page(visit, typed, user, login, r))


def _access(visit: Visit, login: str, work: object, notice: str, form: str) -> Response:
    user = _user(visit, login)
    assert callable(work)
    return act(
        visit,
        work,
        f"{PATH}/{login}",
        notice,
        lambda refused: _form_page(visit, _fields(user), user, login, refused, form),
    )


@router.post(PATH + "/{login}/password")
def reset(visit: VisitDep, login: str, form: FormDep) -> Response:
    """Give a user a new password."""
    said = visit.words("The new password is set; %(login)s was signed out everywhere.", login=login)
    password = text(form, "password")
    return _access(
        visit,
        login,
        lambda: settings_people.reset_password(visit.parts.engine, visit.actor, login, password),
        said,
        "password",
    )


@router.post(PATH + "/{login}/switch")
def switch(visit: VisitDep, login: str, form: FormDep) -> Response:
    """Switch a user off or on."""
    on = text(form, "active") == "yes"
    said = visit.words("%(login)s is switched on.") if on else visit.words("%(login)s is switched off and signed out.")
    return _access(
        visit,
        login,
        lambda: settings_people.set_active(visit.parts.engine, visit.actor, login, version(form), on),
        said % {"login": login},
        "switch",
    )


@router.post(PATH + "/{login}/unlock")
def unlock(visit: VisitDep, login: str) -> Response:
    """End a lock-out after failed sign-ins."""

    def work() -> None:
        with visit.writing() as session:
            within_reach(session, visit.actor, settings_people.by_login(session, login).role_code)
            attempts.unlock(session, login)

    return _access(visit, login, work, visit.words("%(login)s can try again at once.", login=login), "unlock")


@router.post(PATH + "/{login}/second-factor")
def second_factor_off(visit: VisitDep, login: str) -> Response:
    """Take the second factor off somebody who lost their device."""

    said = visit.words("Two-step sign-in is off for %(login)s.", login=login)
    return _access(
        visit,
        login,
        lambda: second_factor.reset(visit.parts.engine, visit.actor, login),
        said,
        "second-factor",
    )
