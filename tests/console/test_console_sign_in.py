"""Signing in to the console: sessions that end, cookies no script reads, forms that only we send."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from api.console import find
from core.clock import now
from core.errors import AppError
from crm import browser_sessions
from crm.actor import SYSTEM, Actor
from crm.people import set_password
from crm.session import unit
from crm.tables import BrowserSession, User
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
PASSWORD = "egy-jó-hosszú-jelszó"


def enter(client: TestClient, **form: str) -> object:
    return client.post("/sign-in", data=form, headers={"Accept": "text/html"}, follow_redirects=False)


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    asked = client.get("/find?q=x", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Ffind%3Fq%3Dx")
    entered = enter(client, login="nora", password=PASSWORD, next="/find?q=x")
    assert (entered.status_code, entered.headers["location"]) == (303, "/find?q=x")
    assert client.get("/find?q=x").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: TestClient, engine: Engine, target: str) -> None:
    set_password(engine, "nora", PASSWORD)
    assert enter(client, login="nora", password=PASSWORD, next=target).headers["location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_new_at_every_sign_in(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    given = [enter(client, login="nora", password=PASSWORD).headers["set-cookie"] for _ in range(2)]
    assert given[0] != given[1]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie for cookie in given)


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    secure = TestClient(client.app, base_url="https://robo.example")
    cookie = enter(secure, login="nora", password=PASSWORD).headers["set-cookie"]
    assert cookie.startswith("__Host-robo_session=") and "Secure" in cookie


def test_a_wrong_password_says_so_and_too_many_lock_the_login(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    answers = [enter(client, login="nora", password="rossz") for _ in range(6)]
    assert [a.status_code for a in answers] == [401] * 5 + [429]
    assert enter(client, login="nora", password=PASSWORD).status_code == 429
    assert 'value="nora"' in answers[0].text and 'role="alert"' in answers[0].text


def test_signing_out_ends_the_session(console: Console) -> None:
    browser = console("nora")
    assert browser.get("/find").status_code == 200
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert browser.get("/find").status_code == 303


def test_a_form_without_the_sessions_seal_is_refused(console: Console, client: TestClient) -> None:
    browser = console("nora")
    assert browser.post("/console/token").status_code == 200
    assert browser.post("/console/token", **{"X-CSRF": "x"}).status_code == 403
    assert browser.post("/console/token", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_widgets_token_is_the_users_own(console: Console, client: TestClient) -> None:
    token = console("rita").post("/console/token").json()["token"]
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert me["login"] == "rita"


def _later(engine: Engine, **moments: timedelta) -> None:
    """Let the only session's moments lie so far back."""
    with unit(engine, SYSTEM) as session:
        only = session.scalars(select(BrowserSession)).one()
        for name, back in moments.items():
            setattr(only, name, now() - back)


def test_the_cookie_is_changed_and_the_former_one_dies_once_the_new_one_came_back(
    engine: Engine, people: Callable[[str], Actor]
) -> None:
    first = browser_sessions.begin(engine, people("nora"), "x")
    _later(engine, rotated_at=timedelta(minutes=16))
    second = browser_sessions.recognise(engine, first).new_token
    assert second and second != first
    # A request that was under way with the former cookie is still answered.
    assert browser_sessions.recognise(engine, first).new_token is None
    assert browser_sessions.recognise(engine, second).new_token is None
    assert browser_sessions.recognise(engine, first).new_token is None
    _later(engine, new_seen_at=timedelta(minutes=2))
    with pytest.raises(AppError, match="session"):
        browser_sessions.recognise(engine, first)
    assert browser_sessions.recognise(engine, second).actor.login == "nora"


def test_a_lost_answer_does_not_sign_out_who_goes_on_working(engine: Engine, people: Callable[[str], Actor]) -> None:
    kept = browser_sessions.begin(engine, people("nora"), "x")
    _later(engine, rotated_at=timedelta(minutes=16))
    assert browser_sessions.recognise(engine, kept).new_token
    _later(engine, rotated_at=timedelta(minutes=14))
    assert browser_sessions.recognise(engine, kept).new_token is None
    _later(engine, rotated_at=timedelta(minutes=16))
    assert browser_sessions.recognise(engine, kept).new_token


def test_the_seal_of_one_session_is_never_that_of_a_later_one(engine: Engine, people: Callable[[str], Actor]) -> None:
    first = browser_sessions.recognise(engine, browser_sessions.begin(engine, people("rita"), "x"))
    browser_sessions.end(engine, people("rita"), first.session_id)
    second = browser_sessions.recognise(engine, browser_sessions.begin(engine, people("ada"), "x"))
    assert first.seal != second.seal


def test_an_unforeseen_error_keeps_the_headers_and_the_new_cookie(
    engine: Engine, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = console("nora")
    _later(engine, rotated_at=timedelta(minutes=16))
    monkeypatch.setattr(find, "_groups", lambda *_: 1 / 0)
    answer = browser.get("/find")
    assert answer.status_code == 500 and "default-src 'none'" in answer.headers["content-security-policy"]
    assert "robo_session" in answer.headers["set-cookie"]


def test_a_page_of_another_site_cannot_sign_anyone_in_or_send_forms(client: TestClient, console: Console) -> None:
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/sign-in", data={"login": "nora"}, headers=foreign).status_code == 403
    assert console("nora").post("/console/token", **foreign).status_code == 403
    assert console("nora").post("/console/token", Origin="http://testserver").status_code == 200


def test_the_widgets_token_ends_with_the_session(console: Console, client: TestClient) -> None:
    browser = console("rita")
    headers = {"Authorization": f"Bearer {browser.post('/console/token').json()['token']}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    browser.post("/sign-out")
    ended = client.get("/api/v1/me", headers=headers)
    assert (ended.status_code, ended.json()["error"]["code"]) == (401, "session_ended")


def test_signing_in_again_ends_the_earlier_session_of_the_browser(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    for _ in range(2):
        enter(client, login="nora", password=PASSWORD)
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(session.scalars(select(BrowserSession)).all()) == 1


@pytest.mark.parametrize("column", ["expires_at", "seen_at"])
def test_a_session_ends_by_time(engine: Engine, people: Callable[[str], Actor], column: str) -> None:
    token = browser_sessions.begin(engine, people("nora"), "x")
    with unit(engine, SYSTEM) as session:
        setattr(session.scalars(select(BrowserSession)).one(), column, now() - timedelta(hours=13))
    with pytest.raises(AppError, match="session"):
        browser_sessions.recognise(engine, token)


def test_a_user_who_is_switched_off_is_out_at_once(console: Console, engine: Engine) -> None:
    browser = console("rita")
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "rita")).one().active = False
    assert browser.get("/find").status_code == 303


def test_pages_carry_the_headers_that_protect(console: Console) -> None:
    answer = console("nora").get("/find")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_missing_page_says_so_in_the_users_language(client: TestClient, engine: Engine) -> None:
    set_password(engine, "nora", PASSWORD)
    enter(client, login="nora", password=PASSWORD)
    answer = client.get("/nincs-ilyen", headers={"Accept": "text/html"})
    assert answer.status_code == 404 and "Nincs ilyen oldal" in answer.text
