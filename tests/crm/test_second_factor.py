"""The second factor: on only after a right code, each code once, and wrong ones count as failed sign-ins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, NotFound
from core.settings import Settings
from crm import people as users
from crm import second_factor
from crm.actor import SYSTEM, Actor
from crm.second_factor import enrolment, step_of, switch_off, switch_on
from crm.session import unit
from crm.tables import AuditEntry, Credential

People = Callable[[str], Actor]
PASSWORD = "egy jó hosszú jelszó"
START = datetime.fromisoformat("2026-11-22T10:00:10+00:00")


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock codes are compared by."""
    clock = Clock()
    monkeypatch.setattr(second_factor, "now", clock)
    return clock


def _code(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


@pytest.fixture
def nora(engine: Engine, people: People) -> Actor:
    """A user with a password."""
    users.set_password(engine, "nora", PASSWORD)
    return people("nora")


@pytest.fixture
def secret(engine: Engine, nora: Actor, clock: Clock) -> str:
    """The secret of the user's app; the second factor is on, and a minute has passed."""
    made = enrolment("nora").secret
    switch_on(engine, nora, made, _code(made, clock.moment))
    clock.moment += timedelta(minutes=1)
    return made


def _sign_in(engine: Engine, settings: Settings, code: str | None = None, password: str = PASSWORD) -> str:
    """What signing in came to: the login, or the code of the refusal."""
    try:
        return users.sign_in(engine, settings, "nora", password, code).login
    except AppError as refused:
        return refused.code


def test_codes_are_those_of_the_standard(clock: Clock) -> None:
    """RFC 6238, appendix B, for SHA-1, cut to six digits."""
    known = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        clock.moment = datetime.fromtimestamp(seconds, START.tzinfo)
        assert step_of(known, code, None) == seconds // 30


@pytest.mark.parametrize(("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(clock: Clock, seconds: int, accepted: bool) -> None:
    made = enrolment("nora").secret
    code = _code(made, START + timedelta(seconds=seconds))
    assert (step_of(made, code, None) is not None) == accepted


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345"])
def test_what_is_not_six_digits_is_no_code(clock: Clock, code: str) -> None:
    assert step_of(enrolment("nora").secret, code, None) is None


def test_the_app_is_given_the_secret_as_text_address_and_picture() -> None:
    made = enrolment("nora")
    read = pyotp.parse_uri(made.address)
    assert (read.secret, read.name, read.issuer) == (made.secret, "nora", "Virtuo Robo")
    assert made.picture.startswith("<svg") and "style=" not in made.picture
    assert enrolment("nora", made.secret) == made
    assert enrolment("nora", "<script>").secret not in ("<script>", made.secret)


def test_it_is_switched_on_only_by_a_right_code(engine: Engine, settings: Settings, nora: Actor, clock: Clock) -> None:
    made = enrolment("nora").secret
    for wrong in ("000000", _code(made, START - timedelta(minutes=5))):
        with pytest.raises(AppError) as refused:
            switch_on(engine, nora, made, wrong)
        assert refused.value.code == "second_factor_wrong"
    with pytest.raises(AppError):
        switch_on(engine, nora, "AAAA", "123456")
    assert not second_factor.is_on(engine, nora)
    assert _sign_in(engine, settings) == "nora"


def test_signing_in_then_asks_for_a_code_after_the_password(engine: Engine, settings: Settings, secret: str) -> None:
    assert _sign_in(engine, settings, None) == "second_factor_required"
    assert _sign_in(engine, settings, "  ") == "second_factor_required"
    assert _sign_in(engine, settings, "000000") == "second_factor_wrong"
    assert _sign_in(engine, settings, "000000", "rossz jelszó ez") == "sign_in_failed"


def test_a_code_is_good_once_and_so_is_the_one_that_switched_it_on(
    engine: Engine, settings: Settings, secret: str, clock: Clock
) -> None:
    code = _code(secret, clock.moment)
    assert _sign_in(engine, settings, f" {code[:3]} {code[3:]} ") == "nora"
    assert _sign_in(engine, settings, code) == "second_factor_wrong"
    clock.moment = START
    assert _sign_in(engine, settings, _code(secret, START)) == "second_factor_wrong"


def test_of_one_code_used_twice_at_once_one_signs_in(
    engine: Engine, settings: Settings, secret: str, clock: Clock
) -> None:
    code = _code(secret, clock.moment)
    with ThreadPoolExecutor(3) as pool:
        results = sorted(pool.map(lambda _: _sign_in(engine, settings, code), range(3)))
    assert results == ["nora", "second_factor_wrong", "second_factor_wrong"]


def test_guessing_codes_is_slowed_down_like_guessing_passwords(
    engine: Engine, settings: Settings, secret: str, clock: Clock
) -> None:
    for guess in range(settings.sign_in_attempts):
        assert _sign_in(engine, settings, f"{guess:06}" if guess % 2 else None) != "sign_in_throttled"
    assert _sign_in(engine, settings, _code(secret, clock.moment)) == "sign_in_throttled"


def test_it_is_switched_off_by_password_and_code_together(
    engine: Engine, settings: Settings, nora: Actor, secret: str, clock: Clock
) -> None:
    code = _code(secret, clock.moment)
    for password, given, why in (
        ("rossz jelszó ez", code, "password_wrong"),
        (PASSWORD, "", "second_factor_required"),
        (PASSWORD, "000000", "second_factor_wrong"),
    ):
        with pytest.raises(AppError) as refused:
            switch_off(engine, settings, nora, password, given)
        assert refused.value.code == why
    assert second_factor.is_on(engine, nora)
    switch_off(engine, settings, nora, PASSWORD, code)
    assert not second_factor.is_on(engine, nora)
    assert _sign_in(engine, settings) == "nora"


def test_it_cannot_be_put_on_another_device_while_on(engine: Engine, nora: Actor, secret: str, clock: Clock) -> None:
    other = enrolment("nora").secret
    with pytest.raises(AppError) as refused:
        switch_on(engine, nora, other, _code(other, clock.moment))
    assert refused.value.code == "second_factor_on"


def test_an_administrator_takes_it_off_and_nobody_else(
    engine: Engine, settings: Settings, people: People, secret: str
) -> None:
    for login in ("mate", "nora", "rita"):
        with pytest.raises(Forbidden):
            second_factor.reset(engine, people(login), "nora")
    with pytest.raises(NotFound):
        second_factor.reset(engine, people("ada"), "senki")
    assert second_factor.with_it(engine, ["nora", "rita", "ada"]) == {"nora"}
    second_factor.reset(engine, people("ada"), "nora")
    assert _sign_in(engine, settings) == "nora"


def test_the_audit_says_who_switched_it_and_keeps_no_secret(engine: Engine, people: People, secret: str) -> None:
    second_factor.reset(engine, people("ada"), "nora")
    with unit(engine, SYSTEM, writes=False) as session:
        entries = [e for e in session.scalars(select(AuditEntry)) if e.resource_name == Credential.__tablename__]
        said = [(e.actor, e.action, e.record_code) for e in entries if e.action.startswith("second")]
        assert said == [
            ("nora", "second_factor_on", str(people("nora").user_id)),
            ("ada", "second_factor_off", str(people("nora").user_id)),
        ]
        assert secret not in str([(e.before, e.after) for e in entries])
