"""Everyone may change their own facts and password, whatever their level, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError
from core.settings import Settings
from crm import browser_sessions, profile
from crm.actor import SYSTEM, Actor
from crm.people import actor_for, set_password, sign_in
from crm.profile import Facts
from crm.session import unit
from crm.tables import AuditEntry, User

People = Callable[[str], Actor]
OLD, NEW = "a régi jó jelszó", "az új még jobb jelszó"
FACTS = Facts("Kovács", "Rita", "Rita@Robo.Example", "+36 1 234 5678", "pl")


def test_everyone_changes_their_own_facts_in_their_own_name(engine: Engine, people: People) -> None:
    profile.change(engine, people("rita"), 1, FACTS)
    changed = profile.of(engine, people("rita"))
    assert (changed.family_name, changed.email, changed.phone, changed.version) == (
        "Kovács", "rita@robo.example", "+36 1 234 5678", 2,
    )  # fmt: skip
    assert people("rita").language == "pl"
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (entry.actor, entry.record_code) == ("rita", "rita")
        assert set(cast("dict[str, object]", entry.after)) >= {"family_name", "language"}
        assert "role_code" not in cast("dict[str, object]", entry.after)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"family_name": " "}, "profile_name_missing"),
        ({"given_name": ""}, "profile_name_missing"),
        ({"given_name": "x" * 101}, "profile_too_long"),
        ({"email": "rita"}, "profile_bad_email"),
        ({"email": "a b@c.hu"}, "profile_bad_email"),
        ({"phone": "hívj"}, "profile_bad_phone"),
        ({"language": "de"}, "profile_bad_language"),
    ],
)
def test_facts_that_do_not_do_are_refused(engine: Engine, people: People, change: dict[str, str], code: str) -> None:
    with pytest.raises(AppError) as refused:
        profile.change(engine, people("rita"), 1, replace(FACTS, **change))
    assert refused.value.code == code
    assert profile.of(engine, people("rita")).version == 1


def test_facts_changed_meanwhile_are_not_overwritten(engine: Engine, people: People) -> None:
    profile.change(engine, people("rita"), 1, FACTS)
    with pytest.raises(AppError) as refused:
        profile.change(engine, people("rita"), 1, replace(FACTS, given_name="Más"))
    assert refused.value.code == "conflict"


def test_a_language_takes_effect_at_once(engine: Engine, people: People) -> None:
    profile.set_language(engine, people("rita"), "en")
    assert actor_for(engine, "rita").language == "en"
    with pytest.raises(AppError):
        profile.set_language(engine, people("rita"), "xx")


def _password_of(engine: Engine, settings: Settings, password: str) -> bool:
    try:
        return sign_in(engine, settings, "nora", password).login == "nora"
    except AppError:
        return False


def test_a_new_password_ends_the_other_browsers(engine: Engine, settings: Settings, people: People) -> None:
    set_password(engine, "nora", OLD)
    nora = people("nora")
    here, there = (browser_sessions.begin(engine, nora, name) for name in ("itt", "ott"))
    others = browser_sessions.begin(engine, people("rita"), "másé")
    mine = browser_sessions.recognise(engine, here).session_id
    profile.change_password(engine, settings, nora, OLD, NEW, mine)
    assert browser_sessions.recognise(engine, here).actor.login == "nora"
    assert browser_sessions.recognise(engine, others).actor.login == "rita"
    with pytest.raises(AppError):
        browser_sessions.recognise(engine, there)
    assert not _password_of(engine, settings, OLD)
    assert _password_of(engine, settings, NEW)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("nem ez az", NEW, "password_wrong"),
        (OLD, "rövid", "password_too_short"),
        (OLD, "x" * 1001, "password_too_long"),
        (OLD, OLD, "password_same"),
    ],
)
def test_a_password_that_does_not_do_changes_nothing(
    engine: Engine, settings: Settings, people: People, old: str, new: str, code: str
) -> None:
    set_password(engine, "nora", OLD)
    with pytest.raises(AppError) as refused:
        profile.change_password(engine, settings, people("nora"), old, new)
    assert refused.value.code == code
    assert _password_of(engine, settings, OLD)


def test_guessing_the_old_password_is_slowed_down_like_signing_in(
    engine: Engine, settings: Settings, people: People
) -> None:
    set_password(engine, "nora", OLD)
    for _ in range(settings.sign_in_attempts):
        with pytest.raises(AppError) as refused:
            profile.change_password(engine, settings, people("nora"), "nem ez az", NEW)
        assert refused.value.code == "password_wrong"
    with pytest.raises(AppError) as refused:
        profile.change_password(engine, settings, people("nora"), OLD, NEW)
    assert refused.value.code == "sign_in_throttled"


def test_the_audit_tells_whose_password_changed_and_by_whom(engine: Engine, settings: Settings, people: People) -> None:
    set_password(engine, "nora", OLD)
    profile.change_password(engine, settings, people("nora"), OLD, NEW)
    with unit(engine, SYSTEM, writes=False) as session:
        nora = session.scalars(select(User).where(User.login == "nora")).one()
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (entry.actor, entry.resource_name, entry.record_code) == ("nora", "credentials", str(nora.id))
        assert NEW not in str(entry.after)
