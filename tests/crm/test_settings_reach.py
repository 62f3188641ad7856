"""Who manages users without deciding about settings: no way leads from there to more than they may themselves."""

from collections.abc import Callable
from decimal import Decimal

import pyotp
import pytest
from sqlalchemy import Engine, select

from core.clock import now
from core.errors import AppError
from crm import second_factor, settings_people
from crm.actor import SYSTEM, Actor
from crm.company import company, set_company
from crm.people import set_password
from crm.session import unit
from crm.settings_rules import within_reach
from crm.tables import Credential, Grant, Role

People = Callable[[str], Actor]
PASSWORD = "elegendő hosszú"


@pytest.fixture
def senior(engine: Engine, people: People) -> str:
    """A level with the very rights of nora's, who may change users; she does not see amounts, and gives 20%."""
    with unit(engine, SYSTEM) as session:
        grants = session.scalars(select(Grant).where(Grant.role_code == "normal")).all()
        session.add(Role(code="senior", names={"hu": "S", "pl": "S", "en": "S"}))
        session.flush()
        for grant in grants:
            if (grant.resource_name, grant.action) == ("opportunity", "read"):
                grant.hidden_fields = ["amount"]
            session.add(
                Grant(
                    role_code="senior",
                    resource_name=grant.resource_name,
                    action=grant.action,
                    scope=grant.scope,
                    hidden_fields=grant.hidden_fields,
                )
            )
        session.add(Grant(role_code="normal", resource_name="user", action="update", scope="all"))
        set_company(session, company(session).with_limit("senior", Decimal(20)))
    return "senior"


def reached(engine: Engine, actor: Actor, role: str) -> str:
    """What acting upon a level comes to: `ok`, or the code of the refusal."""
    try:
        with unit(engine, actor, writes=False) as session:
            within_reach(session, actor, role)
    except AppError as refused:
        return refused.code
    return "ok"


def hide(engine: Engine, role: str, *fields: str) -> None:
    with unit(engine, SYSTEM) as session:
        grants = session.scalars(select(Grant).where(Grant.role_code == role, Grant.action == "read"))
        next(g for g in grants if g.resource_name == "opportunity").hidden_fields = list(fields)


def test_a_level_that_sees_more_fields_is_out_of_reach(engine: Engine, people: People, senior: str) -> None:
    assert reached(engine, people("nora"), senior) == "ok"
    hide(engine, senior)
    assert reached(engine, people("nora"), senior) == "level_above"
    assert reached(engine, people("ada"), senior) == "ok"


@pytest.mark.parametrize(("limit", "answer"), [("20", "ok"), ("20.01", "level_above"), ("0", "ok")])
def test_a_level_that_gives_larger_discounts_is_out_of_reach(
    engine: Engine, people: People, senior: str, limit: str, answer: str
) -> None:
    with unit(engine, SYSTEM) as session:
        set_company(session, company(session).with_limit(senior, Decimal(limit)))
    assert reached(engine, people("nora"), senior) == answer
    assert reached(engine, people("nora"), "normal") == "ok"


def with_second_factor(engine: Engine, actor: Actor) -> None:
    set_password(engine, actor.login, PASSWORD)
    secret = pyotp.random_base32(32)
    second_factor.switch_on(engine, actor, secret, pyotp.TOTP(secret).at(now()))


def test_a_second_factor_out_of_reach_is_not_taken_off(engine: Engine, people: People, senior: str) -> None:
    with_second_factor(engine, people("ada"))
    with pytest.raises(AppError) as refused:
        second_factor.reset(engine, people("nora"), "ada")
    assert refused.value.code == "level_above"
    assert second_factor.is_on(engine, people("ada"))


@pytest.mark.parametrize("login", ["ada", "nora"])
def test_ones_own_password_and_second_factor_are_not_reset_without_the_old_ones(
    engine: Engine, people: People, senior: str, login: str
) -> None:
    actor = people(login)
    with_second_factor(engine, actor)
    with unit(engine, SYSTEM, writes=False) as session:
        before = session.get_one(Credential, actor.user_id).password_hash
    for reset in (
        lambda: second_factor.reset(engine, actor, login),
        lambda: settings_people.reset_password(engine, actor, login, "egészen más jelszó"),
    ):
        with pytest.raises(AppError) as refused:
            reset()
        assert (refused.value.code, refused.value.status) == ("own_account", 409)
    assert second_factor.is_on(engine, actor)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.get_one(Credential, actor.user_id).password_hash == before


def test_no_user_is_called_as_the_form_of_a_new_one(engine: Engine, people: People) -> None:
    typed = settings_people.PersonFields("Új", "Ember", "uj@robo.example", "", "normal", "", "hu")
    for login in ("new", " NEW "):
        with pytest.raises(settings_people.FieldsRefused) as caught:
            settings_people.create(engine, people("ada"), login, typed, PASSWORD)
        assert caught.value.faults["login"].code == "user_login"
    assert settings_people.create(engine, people("ada"), "new2", typed, PASSWORD) == "new2"
