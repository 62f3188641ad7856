"""Users and teams set up by an administrator: who may, what it needs, and that nobody is locked out by it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, NotFound
from core.settings import Settings
from crm import attempts, browser_sessions, settings_people, settings_teams
from crm.actor import SYSTEM, Actor
from crm.customer_fields import FieldsRefused
from crm.people import actor_for, sign_in
from crm.session import unit
from crm.settings_people import PersonFields, UserFilters
from crm.tables import AuditEntry, Grant, Team, User

People = Callable[[str], Actor]
PASSWORD = "elegendő hosszú"
ZSOFI = PersonFields("Nagy", "Zsófia", "zsofi@robo.example", "+36 1 555 0199", "normal", "", "hu")


def refusal(code: str, change: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as caught:
        change()
    assert caught.value.code == code
    return caught.value


def changed(engine: Engine, actor: Actor, login: str, **fields: str) -> None:
    """Change single fields of a user, as a form does that was opened just now."""
    with unit(engine, actor) as session:
        user = settings_people.by_login(session, login)
        typed = PersonFields(
            user.family_name,
            user.given_name,
            user.email,
            user.phone or "",
            user.role_code,
            str(user.team_id or ""),
            user.language,
        )
        settings_people.change(session, login, user.version, replace(typed, **fields))


def switched(engine: Engine, actor: Actor, login: str, active: bool) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        version = settings_people.by_login(session, login).version
    settings_people.set_active(engine, actor, login, version, active)


def granted(engine: Engine, role: str, *rights: tuple[str, str]) -> None:
    with unit(engine, SYSTEM) as session:
        session.add_all(Grant(role_code=role, resource_name=r, action=a, scope="all") for r, a in rights)


def test_a_new_user_signs_in_with_the_first_password(engine: Engine, settings: Settings, people: People) -> None:
    ada = people("ada")
    assert settings_people.create(engine, ada, " Zsofi ", ZSOFI, PASSWORD) == "zsofi"
    assert sign_in(engine, settings, "zsofi", PASSWORD).role == "normal"
    with unit(engine, SYSTEM, writes=False) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.actor == "ada")).all()
        assert {entry.resource_name for entry in entries} == {"users", "credentials"}
        assert not [entry for entry in entries if "argon2" in str(entry.after)]


def test_what_is_wrong_with_a_new_user_is_told_field_by_field_and_nothing_is_kept(
    engine: Engine, people: People
) -> None:
    typed = replace(ZSOFI, email="zsofi", phone="sokat", role="king", family_name=" ", team="77", language="de")
    with pytest.raises(FieldsRefused) as caught:
        settings_people.create(engine, people("ada"), "Új Ember", typed, "rövid")
    assert set(caught.value.faults) == {
        *("login", "password", "email", "phone", "role", "family_name", "team", "language")
    }
    for login in ("nora", "NORA"):
        with pytest.raises(FieldsRefused) as caught:
            settings_people.create(engine, people("ada"), login, ZSOFI, PASSWORD)
        assert caught.value.faults["login"].code == "user_login_taken"
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(session.scalars(select(User)).all()) == 5


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_those_with_the_right_change_users(engine: Engine, people: People, login: str) -> None:
    actor = people(login)
    with pytest.raises(Forbidden):
        settings_people.create(engine, actor, "zsofi", ZSOFI, PASSWORD)
    with pytest.raises(Forbidden):
        changed(engine, actor, "nora", given_name="Más")
    with pytest.raises(Forbidden):
        switched(engine, actor, "nora", False)
    with pytest.raises(Forbidden):
        settings_people.reset_password(engine, actor, "nora", PASSWORD)
    with pytest.raises(Forbidden), unit(engine, actor) as session:
        attempts.unlock(session, "nora")


def test_who_is_switched_off_is_signed_out_everywhere_and_stays_out(
    engine: Engine, settings: Settings, people: People
) -> None:
    ada = people("ada")
    settings_people.create(engine, ada, "zsofi", ZSOFI, PASSWORD)
    cookie = browser_sessions.begin(engine, people("zsofi"), "a browser")
    switched(engine, ada, "zsofi", False)
    refusal("session_ended", lambda: browser_sessions.recognise(engine, cookie))
    refusal("sign_in_failed", lambda: sign_in(engine, settings, "zsofi", PASSWORD))
    with pytest.raises(NotFound):
        actor_for(engine, "zsofi")
    switched(engine, ada, "zsofi", True)
    # An old cookie does not come back to life with its user.
    refusal("session_ended", lambda: browser_sessions.recognise(engine, cookie))
    assert sign_in(engine, settings, "zsofi", PASSWORD).login == "zsofi"


def test_a_new_level_counts_from_the_next_request_on(engine: Engine, people: People) -> None:
    cookie = browser_sessions.begin(engine, people("rita"), "a browser")
    changed(engine, people("ada"), "rita", role="manager")
    assert browser_sessions.recognise(engine, cookie).actor.role == "manager"


def test_a_reset_password_replaces_the_old_one_and_ends_a_lock_out(
    engine: Engine, settings: Settings, people: People
) -> None:
    ada = people("ada")
    settings_people.create(engine, ada, "zsofi", ZSOFI, PASSWORD)
    cookie = browser_sessions.begin(engine, people("zsofi"), "a browser")
    for _ in range(settings.sign_in_attempts):
        refusal("sign_in_failed", lambda: sign_in(engine, settings, "zsofi", "not this one"))
    assert attempts.locked(engine, settings) == {"zsofi"}
    settings_people.reset_password(engine, ada, "zsofi", "egészen más jelszó")
    refusal("session_ended", lambda: browser_sessions.recognise(engine, cookie))
    refusal("sign_in_failed", lambda: sign_in(engine, settings, "zsofi", PASSWORD))
    assert sign_in(engine, settings, "zsofi", "egészen más jelszó").login == "zsofi"


def test_the_last_who_may_change_settings_and_users_cannot_lose_that(engine: Engine, people: People) -> None:
    ada = people("ada")
    refusal("last_keyholder", lambda: changed(engine, ada, "ada", role="manager"))
    refusal("own_account", lambda: switched(engine, ada, "ada", False))
    changed(engine, ada, "mate", role="administrator")
    switched(engine, people("mate"), "ada", False)
    refusal("last_keyholder", lambda: changed(engine, people("mate"), "mate", role="normal"))
    assert actor_for(engine, "mate").role == "administrator"


def test_a_manager_of_users_cannot_make_themselves_an_administrator(engine: Engine, people: People) -> None:
    granted(engine, "manager", ("user", "update"), ("user", "create"))
    mate = people("mate")
    with pytest.raises(FieldsRefused) as caught:
        changed(engine, mate, "mate", role="administrator")
    assert caught.value.faults["role"].code == "level_above"
    with pytest.raises(FieldsRefused):
        settings_people.create(engine, mate, "zsofi", replace(ZSOFI, role="administrator"), PASSWORD)
    refusal("level_above", lambda: settings_people.reset_password(engine, mate, "ada", PASSWORD))
    refusal("level_above", lambda: switched(engine, mate, "ada", False))
    refusal("level_above", lambda: changed(engine, mate, "ada", email="mine@robo.example"))
    changed(engine, mate, "rita", role="normal")
    settings_people.reset_password(engine, mate, "rita", PASSWORD)


def test_of_two_who_change_a_user_the_second_is_told(engine: Engine, people: People) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        version = settings_people.by_login(session, "nora").version
    changed(engine, people("ada"), "nora", given_name="Nóra")
    refusal("conflict", lambda: settings_people.set_active(engine, people("ada"), "nora", version, False))


def test_users_are_found_by_name_login_address_level_team_and_state(engine: Engine, people: People) -> None:
    switched(engine, people("ada"), "reka", False)
    with unit(engine, people("ada"), writes=False) as session:
        team = session.scalars(select(Team).where(Team.name == "Buda")).one()

        def found(**filters: str) -> list[str]:
            return [u.login for u in session.scalars(settings_people.query_for(UserFilters(**filters)))]

        assert found() == ["ada", "mate", "nora", "reka", "rita"]
        assert found(text="RITA@robo") == ["rita"]
        assert found(text="100%") == []
        assert found(role="restricted", state="active") == ["rita"]
        assert found(team=str(team.id), text="a") == ["ada", "mate", "nora", "rita"]
        assert found(state="inactive") == ["reka"]


def test_a_team_is_made_renamed_and_deleted_once_it_is_empty(engine: Engine, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        made = settings_teams.create(session, "  Győr ")
        settings_teams.rename(session, made.id, made.version, "Sopron")
    with unit(engine, ada) as session:
        rows = {row.team.name: row for row in settings_teams.listed(session)}
        assert {name: row.members for name, row in rows.items()} == {"Buda": 4, "Kraków": 1, "Sopron": 0}
        settings_teams.delete(session, made.id, rows["Sopron"].team.version)
    for name in ("", "buda", "x" * 61):
        with pytest.raises(FieldsRefused), unit(engine, ada) as session:
            settings_teams.create(session, name)
    buda = rows["Buda"].team
    with pytest.raises(AppError, match="Move them"), unit(engine, ada) as session:
        settings_teams.delete(session, buda.id, buda.version)
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        settings_teams.rename(session, buda.id, buda.version, "Pest")
