"""Users from a file, known by their login. Teams they name are made; passwords are set elsewhere."""

from typing import Annotated

from sqlalchemy import func, select

from core.language import LANGUAGES
from crm.imports.cells import Email, Login, OptionalText, Text, choice
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, put, refuse_unknown
from crm.session import CrmSession
from crm.tables import Role, Team, User


class UserRow(Row):
    """Someone who signs in. `role` is the code of a level; an empty `team` means none."""

    login: Login
    family_name: Text
    given_name: Text
    email: Email
    role: Text
    language: Annotated[str, choice(*LANGUAGES)]
    team: OptionalText = None


_PLAIN = {name: name for name in ("family_name", "given_name", "email", "language")}


def _teams(session: CrmSession, rows: list[UserRow]) -> dict[str, Team]:
    """The teams by lower-case name, with those the rows name for the first time."""
    teams = {team.name.lower(): team for team in session.scalars(select(Team))}
    for row in rows:
        if row.team and row.team.lower() not in teams:
            teams[row.team.lower()] = Team(name=row.team)
            session.add(teams[row.team.lower()])
    session.flush()
    return teams


def _load(session: CrmSession, rows: list[UserRow], report: ImportReport) -> None:
    roles = set(session.scalars(select(Role.code)))
    logins = {row.login.lower() for row in rows}
    known = {u.login.lower(): u for u in session.scalars(select(User).where(func.lower(User.login).in_(logins)))}
    good = []
    for row in rows:
        if row.role.lower() in roles:
            good.append(row)
        else:
            refuse_unknown(report, row, "role", row.role, "row_unknown_role")
    teams = _teams(session, good)
    for row in good:
        key = row.login.lower()
        values = {**row.given(**_PLAIN), "role_code": row.role.lower()}
        if "team" in row.model_fields_set:
            values["team_id"] = teams[row.team.lower()].id if row.team else None
        if key not in known:
            values["login"] = row.login
        known[key] = put(session, known.get(key), User, values, report)


def table() -> TypedTable[UserRow]:
    """The import of users."""
    return TypedTable(UserRow, _load, lambda row: row.login.lower())
