"""Settings: teams, levels, and what each level may do."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.screens import Control
from api.console.settings import FormDep, act, may_open, names, page, text, version
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.errors import AppError, say
from crm import settings_grants, settings_teams
from crm.hidden import HIDEABLE
from crm.settings_grants import GRANTABLE, Right, scopes_of

router = APIRouter(include_in_schema=False)
TEAMS, LEVELS = "/settings/teams", "/settings/levels"
SCOPE_NAMES = {"": N_("none"), "own": N_("own"), "team": N_("team’s"), "all": N_("all")}
FIELD_NAMES = {
    "employees": N_("Employees"),
    "sites": N_("Sites"),
    "email": N_("E-mail address"),
    "phone": N_("Phone number"),
    "amount": N_("Amount"),
}
_CRUD = ("read", "create", "update", "delete")


@router.get(TEAMS)
def teams(visit: VisitDep) -> HTMLResponse:
    """The teams."""
    return _teams(visit)


def _teams(visit: Visit, refused: AppError | None = None, at: str = "", typed: str = "") -> HTMLResponse:
    may_open(visit, "teams")
    with visit.reading() as session:
        return page(
            visit,
            "teams",
            "teams",
            title=visit.words("Teams"),
            controls=(visit.control("add", visit.words("Add the team"), "team", "create"),),
            refused=refused,
            rows=settings_teams.listed(session),
            at=at,
            typed=typed,
        )


@router.post(TEAMS)
def add_team(visit: VisitDep, form: FormDep) -> Response:
    """Add a team."""
    name = text(form, "name")

    def work() -> None:
        with visit.writing() as session:
            settings_teams.create(session, name)

    said = visit.words("The team is added.")
    return act(visit, work, TEAMS, said, lambda refused: _teams(visit, refused, "new", name))


@router.post(TEAMS + "/{team_id}")
def rename_team(visit: VisitDep, team_id: int, form: FormDep) -> Response:
    """Rename a team."""
    name = text(form, "name")

    def work() -> None:
        with visit.writing() as session:
            settings_teams.rename(session, team_id, version(form), name)

    said = visit.words("Saved.")
    return act(visit, work, TEAMS, said, lambda refused: _teams(visit, refused, str(team_id), name))


@router.post(TEAMS + "/{team_id}/delete")
def delete_team(visit: VisitDep, team_id: int, form: FormDep) -> Response:
    """Delete an empty team."""

    def work() -> None:
        with visit.writing() as session:
            settings_teams.delete(session, team_id, version(form))

    said = visit.words("The team is deleted.")
    return act(visit, work, TEAMS, said, lambda refused: _teams(visit, refused, str(team_id)))


@router.get(LEVELS)
def levels(visit: VisitDep) -> HTMLResponse:
    """The levels."""
    return _levels(visit)


def _levels(visit: Visit, refused: AppError | None = None, typed: Mapping[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "levels")
    with visit.reading() as session:
        return page(
            visit,
            "levels",
            "levels",
            title=visit.words("Levels"),
            controls=(visit.control("add", visit.words("Add the level"), "settings", "create"),),
            refused=refused,
            rows=(rows := settings_grants.levels(session)),
            sources=[(row.role.code, visit.words.name(row.role.names)) for row in rows],
            typed=typed or {},
        )


@router.post(LEVELS)
def add_level(visit: VisitDep, form: FormDep) -> Response:
    """Add a level as a copy of another."""
    typed, source = names(form), text(form, "source")

    def work() -> None:
        with visit.writing() as session:
            settings_grants.create(session, source, typed)

    said = visit.words("The level is added; change its rights as needed.")
    return act(visit, work, LEVELS, said, lambda refused: _levels(visit, refused, {**typed, "source": source}))


def _may_edit(visit: Visit) -> Control:
    control = visit.control("save-rights", visit.words("Save the rights"), "settings", "update")
    for action in ("create", "delete"):
        if control.enabled:
            control = visit.control("save-rights", control.label, "settings", action)
    return control


def _level(
    visit: Visit,
    code: str,
    refused: AppError | None = None,
    form: str = "",
    typed: Mapping[str, str] | None = None,
    rights: tuple[dict[Right, str], dict[str, list[str]]] | None = None,
) -> HTMLResponse:
    may_open(visit, "levels")
    words, language = visit.words, visit.language
    with visit.reading() as session:
        found = settings_grants.level(session, code)
        wanted: Mapping[Right, str] = rights[0] if rights else found.grants
        hidden: Mapping[str, object] = rights[1] if rights else found.hidden
        remove = visit.control("remove", words("Delete the level"), "settings", "delete")
        if found.users and remove.enabled:
            why = AppError("level_in_use", 409, count=found.users).message(language)
            remove = Control(remove.name, remove.label, False, why)
        return page(
            visit,
            "level",
            "levels",
            title=words.name(found.role.names),
            controls=(_may_edit(visit), visit.control("rename", words("Rename"), "settings", "update"), remove),
            fields={words("Level"): words.name(found.role.names)},
            refused=refused,
            level=found,
            wrong=form,
            typed=typed or {k: str(v) for k, v in found.role.names.items()},
            wanted=wanted,
            hidden=hidden,
            rows=[(r, say(f"resource_{r}", language), _actions(r, actions)) for r, actions in GRANTABLE.items()],
            columns=[(action, say(f"action_{action}", language)) for action in _CRUD],
            action_name=lambda action: say(f"action_{action}", language),
            choices={r: [(s, _scope(visit, r, s)) for s in ("", *scopes_of(r))] for r in GRANTABLE},
            shown=lambda resource, scope: _scope(visit, resource, scope),
            hideable=HIDEABLE,
            field_names=FIELD_NAMES,
        )


def _actions(resource: str, actions: tuple[str, ...]) -> tuple[dict[str, bool], list[str]]:
    return {action: action in actions for action in _CRUD}, [a for a in actions if a not in _CRUD]


def _scope(visit: Visit, resource: str, scope: str) -> str:
    """A scope as people say it: where there is only one to give, the right is given or not."""
    if scope and len(scopes_of(resource)) == 1:
        return visit.words("yes")
    return visit.words(SCOPE_NAMES.get(scope, scope))


@router.get(LEVELS + "/{code}")
def level(visit: VisitDep, code: str) -> HTMLResponse:
    """One level and its rights."""
    return _level(visit, code)


@router.post(LEVELS + "/{code}/names")
def rename_level(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Rename a level."""
    typed = names(form)

    def work() -> None:
        with visit.writing() as session:
            settings_grants.rename(session, code, version(form), typed)

    said = visit.words("Saved.")
    return act(visit, work, f"{LEVELS}/{code}", said, lambda refused: _level(visit, code, refused, "names", typed))


def rights_of(form: FormData) -> tuple[dict[Right, str], dict[str, list[str]]]:
    """The rights a form grants and the fields it hides."""
    wanted: dict[Right, str] = {}
    for resource, actions in GRANTABLE.items():
        for action in actions:
            wanted[resource, action] = text(form, f"{resource}.{action}")
    hidden = {r: [str(v) for v in form.getlist(f"hide.{r}")] for r in HIDEABLE if wanted[_reading(r)]}
    return {right: scope for right, scope in wanted.items() if scope}, {r: f for r, f in hidden.items() if f}


def _reading(resource: str) -> Right:
    return resource, "read"


@router.post(LEVELS + "/{code}/rights")
def set_rights(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Give a level the rights that were chosen."""
    wanted, hidden = rights_of(form)

    def work() -> None:
        with visit.writing() as session:
            settings_grants.set_rights(session, code, version(form), wanted, hidden)

    return act(
        visit,
        work,
        f"{LEVELS}/{code}",
        visit.words("Saved. The rights count from everyone’s next step on."),
        lambda refused: _level(visit, code, refused, "rights", rights=(wanted, hidden)),
    )


@router.post(LEVELS + "/{code}/delete")
def delete_level(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Delete a level nobody has."""

    def work() -> None:
        with visit.writing() as session:
            settings_grants.delete(session, code, version(form))

    said = visit.words("The level is deleted.")
    return act(visit, work, LEVELS, said, lambda refused: _level(visit, code, refused, "remove"))
