"""Teams: scope `team` reaches the records their members own."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core.errors import AppError, NotFound
from core.text import fold
from crm.customer_fields import FieldsRefused, needed_text
from crm.session import CrmSession
from crm.settings_rules import LONGEST_NAME, same_version
from crm.tables import Team, User, table_of


@dataclass(frozen=True)
class TeamRow:
    """A team and how many users are in it, those switched off included."""

    team: Team
    members: int


def listed(session: CrmSession) -> list[TeamRow]:
    """Every team, by name."""
    users = table_of(User)
    counted = select(users.c.team_id, func.count()).group_by(users.c.team_id)
    members: dict[int | None, int] = {row[0]: row[1] for row in session.connection().execute(counted)}
    return [TeamRow(team, members.get(team.id, 0)) for team in session.scalars(select(Team).order_by(Team.name))]


def _named(session: CrmSession, text: str, known: Team | None) -> str:
    try:
        name = needed_text(text)
        if len(name) > LONGEST_NAME:
            raise AppError("field_too_long", 422, longest=LONGEST_NAME)
        others = [t.name for t in session.scalars(select(Team)) if t is not known]
        if fold(name) in map(fold, others):
            raise AppError("name_taken", 422, name=name)
    except AppError as fault:
        raise FieldsRefused({"name": fault}) from fault
    return name


def _at(session: CrmSession, team_id: int, version: int) -> Team:
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound("team", team_id)
    same_version(team.version, version)
    return team


def create(session: CrmSession, name: str) -> Team:
    """A new team. Raises `FieldsRefused` for a name that is missing, too long or taken, `Forbidden`."""
    team = Team(name=_named(session, name, None))
    session.add(team)
    session.flush()
    return team


def rename(session: CrmSession, team_id: int, version: int, name: str) -> Team:
    """Give a team, as it was at `version`, another name. Raises as `create`, `NotFound`, `AppError("conflict")`."""
    team = _at(session, team_id, version)
    team.name = _named(session, name, team)
    session.flush()
    return team


def delete(session: CrmSession, team_id: int, version: int) -> None:
    """Delete an empty team. Raises `AppError("team_not_empty")` (409) while anyone is in it, and as `rename`."""
    team = _at(session, team_id, version)
    users = table_of(User)
    query = select(func.count()).select_from(users).where(users.c.team_id == team.id)
    members = session.connection().execute(query).scalar_one()
    if members:
        raise AppError("team_not_empty", 409, name=team.name, count=members)
    session.delete(team)
    session.flush()
