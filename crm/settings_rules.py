"""What every change of settings keeps to: names in three languages, the reach of a level, and a way back in."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import exists, select

from core.errors import AppError, Forbidden
from core.language import LANGUAGES
from core.text import fold
from crm.actor import Actor
from crm.company import company
from crm.customer_fields import FieldsRefused, needed_text
from crm.session import CrmSession
from crm.tables import Grant, Role, User, table_of

LONGEST_NAME = 60
# Who has these can give themselves and others anything else: somebody active always has to.
KEYS = (("settings", "update"), ("user", "update"))
_NOT_CODE = re.compile(r"[^a-z0-9]+")


def names_from(typed: Mapping[str, str], taken: Iterable[Mapping[str, object]] = ()) -> dict[str, object]:
    """The names a record bears, by language, from `typed`, which has one for each.

    Raises `FieldsRefused`, faults by language, for one that is missing, too long, or `taken` by another record.
    """
    names: dict[str, object] = {}
    faults: dict[str, AppError] = {}
    others = list(taken)
    for language in LANGUAGES:
        try:
            name = needed_text(typed.get(language, ""))
            if len(name) > LONGEST_NAME:
                raise AppError("field_too_long", 422, longest=LONGEST_NAME)
            if any(fold(str(other.get(language, ""))) == fold(name) for other in others):
                raise AppError("name_taken", 422, name=name)
            names[language] = name
        except AppError as fault:
            faults[language] = fault
    if faults:
        raise FieldsRefused(faults)
    return names


def code_from(name: str, taken: Iterable[str]) -> str:
    """A code for a new record: its name in plain small letters, with a number behind it where that is taken."""
    base = _NOT_CODE.sub("_", fold(name)).strip("_")[:40] or "new"
    known = set(taken)
    tries = (base if n == 1 else f"{base}_{n}" for n in range(1, len(known) + 3))
    return next(code for code in tries if code not in known)


def same_version(record_version: int, version: int) -> None:
    """Raise `AppError("conflict")` (409) if a form was opened with another version of the record."""
    if record_version != version:
        raise AppError("conflict", 409)


def may(actor: Actor, resource: str, *actions: str) -> None:
    """Raise `Forbidden` unless `actor` has every one of `actions` on all records of `resource`."""
    for action in actions:
        if actor.scope(resource, action) != "all":
            raise Forbidden(action, resource)


def within_reach(session: CrmSession, actor: Actor, role_code: str) -> None:
    """Raise `AppError("level_above")` (403) if `actor` may not act upon users of a level, or give it to anyone.

    Who may change settings decides what levels are, so every level is in their reach. Anyone else reaches those that
    have no right the actor lacks, see no field hidden from the actor, and give no larger discount alone: or else a
    new password for an administrator would make one.
    """
    if actor.scope("settings", "update") == "all":
        return
    order = ("own", "team", "all")
    table = table_of(Grant)
    rows = session.connection().execute(
        select(table.c.resource_name, table.c.action, table.c.scope, table.c.hidden_fields).where(
            table.c.role_code == role_code
        )
    )
    for resource, action, scope, unseen in rows:
        mine = actor.scope(resource, action)
        if mine is None or order.index(mine) < order.index(scope):
            raise AppError("level_above", 403)
        if action == "read" and not actor.hidden.get(resource, frozenset()) <= set(unseen):
            raise AppError("level_above", 403)
    limits = company(session)
    if limits.discount_limit(role_code) > limits.discount_limit(actor.role):
        raise AppError("level_above", 403)


def keep_a_keyholder(session: CrmSession) -> None:
    """Raise `AppError("last_keyholder")` (409) if no active user could change both settings and users any more.

    Called after the change was flushed, so that it is taken back with its unit of work. `robo user password` on the
    machine itself gives such a user a new password, should all of them have forgotten theirs.
    """
    session.flush()
    connection = session.connection()
    # Two people demoting each other at once: the second waits here until the first is done, and then sees it.
    connection.execute(select(table_of(Role).c.code).with_for_update(key_share=True)).all()
    users = table_of(User)
    query = select(users.c.id).where(users.c.active).limit(1)
    for resource, action in KEYS:
        grants = table_of(Grant).alias()
        query = query.where(
            exists().where(
                grants.c.role_code == users.c.role_code,
                grants.c.resource_name == resource,
                grants.c.action == action,
                grants.c.scope == "all",
            )
        )
    if connection.execute(query).first() is None:
        raise AppError("last_keyholder", 409)
