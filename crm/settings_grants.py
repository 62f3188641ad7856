"""Levels and what each is granted: made, renamed, changed and deleted at run time.

Levels and grants are settings: who may change settings may change any of them, their own level's too, and so decides
about every right in the company. Each change is in the audit with its author. What nobody can do is leave the company
without a user who may change settings and users (`crm.settings_rules.keep_a_keyholder`), or grant what signing in
alone may read (`NEVER_GRANTED`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from core.errors import AppError, NotFound
from core.language import Language
from crm.actor import NEVER_GRANTED, RESOURCES, Action, Resource, Scope
from crm.company import company, set_company
from crm.hidden import HIDEABLE
from crm.session import CrmSession
from crm.settings_rules import code_from, keep_a_keyholder, may, names_from, same_version
from crm.tables import Grant, HelpPage, Role, User, table_of

_CRUD: tuple[Action, ...] = ("read", "create", "update", "delete")
_MORE: Mapping[Resource, tuple[Action, ...]] = {
    "opportunity": ("transition", "undo"),
    "offer": ("issue", "approve", "undo"),
}
_BY_OWNER = frozenset({"customer", "contact", "opportunity", "activity", "offer"})
_PERSONAL = frozenset({"conversation", "view"})
_ASKED = frozenset({"question", "usage"})
_WIDTH: tuple[Scope, ...] = ("own", "team", "all")
Right = tuple[str, str]


def actions_of(resource: Resource) -> tuple[Action, ...]:
    """What can be granted on `resource`; nothing on those that are never granted. The audit can only be read."""
    if resource in NEVER_GRANTED:
        return ()
    return ("read",) if resource in ("audit", "usage") else (*_CRUD, *_MORE.get(resource, ()))


def scopes_of(resource: str) -> tuple[Scope, ...]:
    """How far a right to `resource` can reach: what follows a customer's owner has every scope, what is each
    user's own (conversations, saved views) only that, what comes of asking (open questions,
    usage) one's own or everyone's, and what has no owner all or nothing."""
    if resource in _ASKED:
        return ("own", "all")
    return _WIDTH if resource in _BY_OWNER else ("own",) if resource in _PERSONAL else ("all",)


GRANTABLE: Mapping[Resource, tuple[Action, ...]] = {r: actions_of(r) for r in RESOURCES if actions_of(r)}


@dataclass(frozen=True)
class Level:
    """A level, how many users have it, and its rights: by resource and action how far, by resource what is hidden."""

    role: Role
    users: int
    grants: Mapping[Right, str]
    hidden: Mapping[str, frozenset[str]]


def levels(session: CrmSession) -> list[Level]:
    """Every level: those a new database has in their order, then those made later, by code."""
    users = table_of(User)
    counted = select(users.c.role_code, func.count()).group_by(users.c.role_code)
    members: dict[str, int] = {row[0]: row[1] for row in session.connection().execute(counted)}
    grants: dict[str, list[Grant]] = {}
    for grant in session.scalars(select(Grant).order_by(Grant.id)):
        grants.setdefault(grant.role_code, []).append(grant)
    first = ("administrator", "manager", "normal", "restricted")
    roles = sorted(
        session.scalars(select(Role)), key=lambda r: (first.index(r.code) if r.code in first else len(first), r.code)
    )
    return [
        Level(
            role,
            members.get(role.code, 0),
            {(g.resource_name, g.action): g.scope for g in grants.get(role.code, ())},
            {
                g.resource_name: frozenset(map(str, g.hidden_fields))
                for g in grants.get(role.code, ())
                if g.action == "read" and g.hidden_fields
            },
        )
        for role in roles
    ]


def level(session: CrmSession, code: str) -> Level:
    """The level `code`. Raises `NotFound`."""
    found = next((each for each in levels(session) if each.role.code == code), None)
    if found is None:
        raise NotFound("settings", code)
    return found


def level_name(session: CrmSession, code: str, language: Language) -> str:
    """What a level is called in `language`; its code where there is no such level."""
    role = session.get(Role, code)
    return str(role.names.get(language, code)) if role else code


def create(session: CrmSession, source: str, typed: Mapping[str, str]) -> Role:
    """A new level with the rights, hidden fields and discount limit of the level `source`; `typed` has its names.

    Raises `Forbidden`, `NotFound`, `FieldsRefused`.
    """
    model = level(session, source)
    others = levels(session)
    names = names_from(typed, (each.role.names for each in others))
    made = Role(code=code_from(str(names["en"]), (each.role.code for each in others)), names=names)
    session.add(made)
    session.flush()
    for (resource, action), scope in model.grants.items():
        unseen = sorted(model.hidden.get(resource, ())) if action == "read" else []
        session.add(
            Grant(role_code=made.code, resource_name=resource, action=action, scope=scope, hidden_fields=list(unseen))
        )
    set_company(session, company(session).with_limit(made.code, company(session).discount_limit(source)))
    return made


def rename(session: CrmSession, code: str, version: int, typed: Mapping[str, str]) -> Role:
    """Give a level, as it was at `version`, other names. Raises `FieldsRefused`, `NotFound`, `AppError("conflict")`."""
    found = level(session, code)
    same_version(found.role.version, version)
    found.role.names = names_from(typed, (e.role.names for e in levels(session) if e.role.code != code))
    session.flush()
    return found.role


def delete(session: CrmSession, code: str, version: int) -> None:
    """Delete a level nobody has and no help page is for.

    Raises `AppError("level_in_use")`, `AppError("level_has_pages")` (409), `NotFound`, `AppError("conflict")`.
    """
    found = level(session, code)
    same_version(found.role.version, version)
    if found.users:
        raise AppError("level_in_use", 409, count=found.users)
    table = table_of(HelpPage)
    rows = session.connection().execute(select(table.c.title, table.c.audience))
    pages = [row.title for row in rows if code in row.audience]
    if pages:
        raise AppError("level_has_pages", 409, pages=", ".join(pages[:5]))
    for grant in session.scalars(select(Grant).where(Grant.role_code == code)):
        session.delete(grant)
    session.flush()
    session.delete(found.role)
    set_company(session, company(session).with_limit(code, None))
    keep_a_keyholder(session)


def set_rights(
    session: CrmSession,
    code: str,
    version: int,
    wanted: Mapping[Right, str],
    hidden: Mapping[str, Iterable[str]],
) -> None:
    """Give the level `code`, as it was at `version`, exactly the rights `wanted` and hide exactly the fields `hidden`.

    `wanted` has a scope for each right that is granted, nothing (or an empty text) for those that are not.
    Raises `AppError` 422: `grant_unknown` for a right, scope or field there is none of, `grant_without_read` for a
    right to something that the level may not read as far; `AppError("last_keyholder")`, `NotFound`, `conflict`.
    """
    may(session.actor, "settings", "create", "update", "delete")
    found = level(session, code)
    same_version(found.role.version, version)
    rights = {right: scope for right, scope in wanted.items() if scope}
    _check(rights)
    unseen = {resource: sorted(set(fields)) for resource, fields in hidden.items() if set(fields)}
    _check_hidden(rights, unseen)
    rows: Sequence[Grant] = session.scalars(select(Grant).where(Grant.role_code == code)).all()
    present = {(row.resource_name, row.action): row for row in rows}
    for right, row in present.items():
        if right not in rights:
            session.delete(row)
    for (resource, action), scope in rights.items():
        fields: list[object] = list(unseen.get(resource, ())) if action == "read" else []
        known = present.get((resource, action))
        if known is None:
            session.add(Grant(role_code=code, resource_name=resource, action=action, scope=scope, hidden_fields=fields))
        elif (known.scope, list(known.hidden_fields)) != (scope, fields):
            known.scope, known.hidden_fields = scope, fields
    # The level's version counts its rights too, so that of two people who change them one is told.
    flag_modified(found.role, "names")
    keep_a_keyholder(session)


def _check(rights: Mapping[Right, str]) -> None:
    for (resource, action), scope in rights.items():
        known = next((r for r in GRANTABLE if r == resource), None)
        if known is None or action not in GRANTABLE[known] or scope not in scopes_of(resource):
            raise AppError("grant_unknown", 422, right=f"{resource}: {action} {scope}")
        reading = rights.get((resource, "read"))
        # Everyone may read settings.
        if resource != "settings" and (reading is None or _width(scope) > _width(reading)):
            raise AppError("grant_without_read", 422, resource=resource, action=action)


def _width(scope: str) -> int:
    return [str(width) for width in _WIDTH].index(scope)


def _check_hidden(rights: Mapping[Right, str], hidden: Mapping[str, Sequence[str]]) -> None:
    for resource, fields in hidden.items():
        unknown = [field for field in fields if field not in HIDEABLE.get(resource, ())]
        if unknown or (resource, "read") not in rights:
            raise AppError("grant_unknown", 422, right=f"{resource}: {', '.join(unknown or fields)}")
