"""Guessing is slowed down: by login, known or not, one after another or all at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from core.errors import AppError, Forbidden
from core.settings import Settings
from crm import attempts
from crm import people as users
from crm.actor import Actor
from crm.session import unit

People = Callable[[str], Actor]
PASSWORD = "egy jó hosszú jelszó"


def _code(engine: Engine, settings: Settings, login: str, password: str) -> str:
    try:
        return users.sign_in(engine, settings, login, password).login
    except AppError as refused:
        return refused.code


@pytest.mark.parametrize("login", ["nora", "nincs-ilyen"])
def test_of_guesses_sent_at_once_only_so_many_are_checked(
    engine: Engine, settings: Settings, people: People, login: str
) -> None:
    users.set_password(engine, "nora", PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: _code(engine, settings, login, f"találgatás {n}"), range(16)))
    assert results.count("sign_in_failed") == settings.sign_in_attempts
    assert results.count("sign_in_throttled") == 16 - settings.sign_in_attempts


def test_an_administrator_unlocks_a_login_and_nobody_else(engine: Engine, settings: Settings, people: People) -> None:
    users.set_password(engine, "nora", PASSWORD)
    for _ in range(settings.sign_in_attempts):
        assert _code(engine, settings, "nora", "rossz jelszó ez") == "sign_in_failed"
    assert _code(engine, settings, "nora", PASSWORD) == "sign_in_throttled"
    assert attempts.locked(engine, settings) == {"nora"}
    for login in ("mate", "nora", "rita"):
        with pytest.raises(Forbidden), unit(engine, people(login)) as session:
            users.unlock(session, "nora")
    with unit(engine, people("ada")) as session:
        users.unlock(session, "nora")
    assert attempts.locked(engine, settings) == frozenset()
    assert _code(engine, settings, "nora", PASSWORD) == "nora"


def test_one_login_locked_does_not_lock_another(engine: Engine, settings: Settings, people: People) -> None:
    for login in ("nora", "rita"):
        users.set_password(engine, login, PASSWORD)
    for _ in range(settings.sign_in_attempts + 1):
        _code(engine, settings, "nora", "rossz jelszó ez")
    assert _code(engine, settings, "rita", PASSWORD) == "rita"
