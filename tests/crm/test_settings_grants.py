"""Levels and their rights, changed at run time: what takes effect, and what nobody can do."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden
from crm import settings_grants
from crm.actor import ACTIONS, NEVER_GRANTED, RESOURCES, SYSTEM, Actor
from crm.audit import verify
from crm.company import company
from crm.customer_fields import FieldsRefused
from crm.defaults import default_grants
from crm.people import actor_for
from crm.session import unit
from crm.tables import AuditEntry, Credential, Grant, Role, User

People = Callable[[str], Actor]
NAMES = {"hu": "Gyakornok", "pl": "Stażysta", "en": "Trainee"}


def set_rights(
    engine: Engine,
    actor: Actor,
    code: str,
    changes: dict[tuple[str, str], str],
    hidden: dict[str, list[str]] | None = None,
) -> None:
    with unit(engine, actor) as session:
        found = settings_grants.level(session, code)
        unseen = hidden if hidden is not None else {k: list(v) for k, v in found.hidden.items()}
        settings_grants.set_rights(session, code, found.role.version, {**found.grants, **changes}, unseen)


def test_every_right_of_a_new_database_can_be_granted_and_nothing_that_signing_in_alone_reads() -> None:
    for rights in default_grants().values():
        for (resource, action), scope in rights.items():
            assert action in settings_grants.GRANTABLE[resource]
            assert scope in settings_grants.scopes_of(resource)
    assert {"credential"} == NEVER_GRANTED
    assert not NEVER_GRANTED & settings_grants.GRANTABLE.keys()


def test_a_level_is_made_as_a_copy_and_goes_its_own_way(engine: Engine, people: People) -> None:
    ada = people("ada")
    set_rights(engine, ada, "normal", {}, {"contact": ["phone"]})
    with unit(engine, ada) as session:
        code = settings_grants.create(session, "normal", NAMES).code
    assert code == "trainee"
    with unit(engine, ada) as session:
        made, model = settings_grants.level(session, code), settings_grants.level(session, "normal")
        assert (made.grants, made.hidden, made.users) == (model.grants, model.hidden, 0)
        assert company(session).discount_limit(code) == Decimal(20)
    set_rights(engine, ada, code, {("customer", "update"): "", ("customer", "delete"): ""})
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "rita")).one().role_code = code
    assert people("rita").scope("customer", "update") is None
    assert people("nora").scope("customer", "update") == "all"


def test_a_level_is_renamed_in_three_languages_and_no_two_share_a_name(engine: Engine, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        role = session.get_one(Role, "restricted")
        settings_grants.rename(session, "restricted", role.version, NAMES)
        assert settings_grants.level_name(session, "restricted", "pl") == "Stażysta"
    with pytest.raises(FieldsRefused) as caught, unit(engine, ada) as session:
        settings_grants.create(session, "normal", {"hu": "gyakornok", "pl": "", "en": "x" * 61})
    assert {k: v.code for k, v in caught.value.faults.items()} == {
        **{"hu": "name_taken", "pl": "field_missing", "en": "field_too_long"}
    }


def test_only_a_level_nobody_has_is_deleted(engine: Engine, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        made = settings_grants.create(session, "manager", NAMES)
        version = made.version
    with pytest.raises(AppError, match="Users still have"), unit(engine, ada) as session:
        settings_grants.delete(session, "manager", session.get_one(Role, "manager").version)
    with unit(engine, ada) as session:
        settings_grants.delete(session, "trainee", version)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.get(Role, "trainee") is None
        assert not session.scalars(select(Grant).where(Grant.role_code == "trainee")).all()
        assert "trainee" not in company(session).discount_limits
        assert verify(session).broken_at is None


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_those_who_may_change_settings_change_rights(engine: Engine, people: People, login: str) -> None:
    role = people(login).role
    with pytest.raises(Forbidden):
        set_rights(engine, people(login), role, {("audit", "read"): "all"})
    with pytest.raises(Forbidden), unit(engine, people(login)) as session:
        settings_grants.create(session, role, NAMES)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({("credential", "read"): "all"}, "grant_unknown"),
        ({("audit", "delete"): "all"}, "grant_unknown"),
        ({("customer", "issue"): "all"}, "grant_unknown"),
        ({("settings", "update"): "own"}, "grant_unknown"),
        ({("conversation", "read"): "all"}, "grant_unknown"),
        ({("customer", "read"): "world"}, "grant_unknown"),
        ({("customer", "read"): ""}, "grant_without_read"),
        ({("customer", "read"): "team"}, "grant_without_read"),
    ],
)
def test_a_right_that_makes_no_sense_is_refused(
    engine: Engine, people: People, changes: dict[tuple[str, str], str], code: str
) -> None:
    before = people("nora").grants
    with pytest.raises(AppError) as caught:
        set_rights(engine, people("ada"), "normal", changes)
    assert caught.value.code == code
    assert people("nora").grants == before


@pytest.mark.parametrize("hidden", [{"customer": ["tax_number"]}, {"offer": ["state"]}, {"audit": ["hash"]}])
def test_only_fields_that_can_be_kept_from_every_door_are_hidden(
    engine: Engine, people: People, hidden: dict[str, list[str]]
) -> None:
    with pytest.raises(AppError) as caught:
        set_rights(engine, people("ada"), "normal", {}, hidden)
    assert caught.value.code == "grant_unknown"


def test_a_hidden_field_takes_effect_at_once_and_can_be_shown_again(engine: Engine, people: People) -> None:
    set_rights(engine, people("ada"), "normal", {}, {"contact": ["phone", "email"]})
    assert people("nora").hidden == {"contact": frozenset({"phone", "email"})}
    set_rights(engine, people("ada"), "normal", {}, {})
    assert people("nora").hidden == {}


def test_nobody_can_take_the_last_key_from_the_company(engine: Engine, people: People) -> None:
    for right in (("settings", "update"), ("user", "update")):
        with pytest.raises(AppError) as caught:
            set_rights(engine, people("ada"), "administrator", {right: ""})
        assert caught.value.code == "last_keyholder"
    more = {(r, a): "all" for r in ("user", "settings") for a in ("create", "update", "delete")}
    set_rights(engine, people("ada"), "manager", more)
    set_rights(engine, people("ada"), "administrator", {("user", "update"): ""})
    assert people("ada").scope("user", "update") is None and people("mate").scope("user", "update") == "all"


def test_of_two_who_change_the_rights_of_a_level_the_second_is_told(engine: Engine, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada, writes=False) as session:
        seen = settings_grants.level(session, "normal")
    set_rights(engine, ada, "normal", {("customer", "delete"): ""})
    with pytest.raises(AppError) as caught, unit(engine, ada) as session:
        settings_grants.set_rights(session, "normal", seen.role.version, dict(seen.grants), {})
    assert caught.value.code == "conflict"


def test_each_change_of_a_right_is_in_the_audit(engine: Engine, people: People) -> None:
    set_rights(engine, people("ada"), "normal", {("customer", "delete"): "own"})
    with unit(engine, people("ada"), writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "grants")).one()
        assert (entry.actor, entry.action) == ("ada", "update")
        assert (entry.before, entry.after) == ({"scope": "all"}, {"scope": "own"})


def test_a_row_of_grants_for_passwords_opens_nothing(engine: Engine, people: People) -> None:
    with unit(engine, SYSTEM) as session:
        session.add(Credential(user_id=people("nora").user_id, password_hash="x"))
        session.add_all(
            Grant(role_code="normal", resource_name="credential", action=action, scope="all") for action in ACTIONS
        )
    nora = actor_for(engine, "nora")
    assert not [action for action in ACTIONS if nora.scope("credential", action)]
    with unit(engine, nora, writes=False) as session:
        assert session.scalars(select(Credential)).all() == []


def test_every_resource_is_either_granted_or_never() -> None:
    assert set(RESOURCES) == settings_grants.GRANTABLE.keys() | NEVER_GRANTED
