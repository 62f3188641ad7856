"""The own profile: what anyone may change about themselves, and the second factor from beginning to end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from core.clock import now
from crm import browser_sessions, profile, second_factor
from crm.people import actor_for, set_password
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
PASSWORD = "egy-jó-hosszú-jelszó"


def _version(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def test_facts_are_changed_and_shown(engine: Engine, console: Console) -> None:
    browser = console("rita")
    version = _version(browser.get("/profile").text)
    form = {
        "version": version,
        "family_name": "Kő",
        "given_name": "Rita",
        "email": "r@x.example",
        "phone": "+36 1 23456",
    }
    assert browser.post("/profile/facts", data=form).status_code == 303
    text = browser.get("/profile").text
    assert "<h1>Kő Rita</h1>" in text and 'value="+36 1 23456"' in text
    stale = browser.post("/profile/facts", data={**form, "family_name": "Más"})
    assert stale.status_code == 409 and 'value="Más"' in stale.text and "Közben valaki más" in stale.text
    wrong = browser.post("/profile/facts", data={**form, "version": str(int(version) + 1), "email": "nem az"})
    assert wrong.status_code == 422 and 'value="nem az"' in wrong.text and "nem e-mail-cím" in wrong.text
    assert profile.of(engine, actor_for(engine, "rita")).email == "r@x.example"


def test_correcting_a_fault_does_not_overwrite_what_was_saved_elsewhere(engine: Engine, console: Console) -> None:
    here = console("nora")
    version = _version(here.get("/profile").text)
    form = {"version": version, "family_name": "Kő", "given_name": "Nóra", "email": "new@x.example"}
    assert console("nora").post("/profile/facts", data=form).status_code == 303
    wrong = here.post("/profile/facts", data={**form, "email": "nem az"})
    assert (wrong.status_code, _version(wrong.text)) == (422, version)
    late = {**form, "version": _version(wrong.text), "email": "old@x.example"}
    told = here.post("/profile/facts", data=late)
    assert (told.status_code, _version(told.text)) == (409, str(int(version) + 1))
    assert profile.of(engine, actor_for(engine, "nora")).email == "new@x.example"


def test_a_language_takes_effect_with_the_next_screen(console: Console) -> None:
    browser = console("rita")
    assert '<html lang="hu">' in browser.get("/profile").text
    changed = browser.post("/profile/language", data={"language": "pl"})
    assert changed.status_code == 303 and "robo_language=pl" in changed.headers["set-cookie"]
    text = browser.get("/profile").text
    assert '<html lang="pl">' in text and "Język zmieniono." in text and "Kalendarz" in text
    assert browser.post("/profile/language", data={"language": "xx"}).status_code == 422


def test_a_password_is_changed_against_the_old_one(engine: Engine, console: Console, client: TestClient) -> None:
    set_password(engine, "rita", PASSWORD)
    browser, other = console("rita"), console("rita")
    new = "egy-másik-jó-jelszó"
    for form, said in (
        ({"old": PASSWORD, "new": new, "again": "elgépelt-jelszó"}, "nem egyezik"),
        ({"old": "nem-ez-volt-az", "new": new, "again": new}, "nem ez"),
        ({"old": PASSWORD, "new": "rövid", "again": "rövid"}, "túl rövid"),
    ):
        answer = browser.post("/profile/password", data=dict(form))
        assert answer.status_code in (403, 422) and said in answer.text and new not in answer.text
    assert other.get("/profile").status_code == 200
    assert browser.post("/profile/password", data={"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert browser.get("/profile").status_code == 200
    assert other.get("/profile").headers["location"].startswith("/sign-in")


def _token(client: TestClient, **form: str) -> tuple[int, str]:
    answer = client.post("/api/v1/auth/token", data={"username": "rita", "password": PASSWORD, **form})
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def test_the_second_factor_from_setting_up_to_switching_off(
    engine: Engine, console: Console, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_password(engine, "rita", PASSWORD)
    browser, moment = console("rita"), now()
    monkeypatch.setattr(second_factor, "now", lambda: moment)
    page = browser.get("/profile/second-factor").text
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert secret is not None and "<svg" in page
    app = pyotp.TOTP(secret[1])
    wrong = browser.post("/profile/second-factor", data={"secret": secret[1], "code": "000000"})
    assert wrong.status_code == 401 and f'value="{secret[1]}"' in wrong.text and 'aria-invalid="true"' in wrong.text
    assert _token(client) == (200, "")
    right = browser.post("/profile/second-factor", data={"secret": secret[1], "code": app.at(moment)})
    assert right.status_code == 303 and browser.get("/profile/second-factor").status_code == 303
    assert "Bekapcsolva" in browser.get("/profile").text

    moment += timedelta(minutes=1)
    assert _token(client) == (401, "second_factor_required")
    assert _token(client, otp="000000") == (401, "second_factor_wrong")
    assert _token(client, otp=app.at(moment)) == (200, "")
    moment += timedelta(minutes=1)
    form = {"login": "rita", "password": PASSWORD}
    asked = client.post("/sign-in", data=form, headers={"Accept": "text/html"}, follow_redirects=False)
    assert asked.status_code == 401 and 'name="code"' in asked.text
    entered = client.post("/sign-in", data={**form, "code": app.at(moment)}, follow_redirects=False)
    assert entered.status_code == 303

    moment += timedelta(minutes=1)
    refused = browser.post("/profile/second-factor/off", data={"password": "nem-ez-az-igazi", "code": app.at(moment)})
    assert refused.status_code == 403 and "jelenlegi jelszavad" in refused.text
    assert browser.post("/profile/second-factor/off", data={"password": PASSWORD, "code": "1"}).status_code == 401
    off = browser.post("/profile/second-factor/off", data={"password": PASSWORD, "code": app.at(moment)})
    assert off.status_code == 303
    assert _token(client) == (200, "")


def test_other_browsers_are_listed_by_name_and_signed_out(engine: Engine, console: Console) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    browser_sessions.begin(engine, actor_for(engine, "rita"), agent)
    strange = '<script>alert(1)</script>"'
    browser_sessions.begin(engine, actor_for(engine, "rita"), strange)
    browser = console("rita")
    text = browser.get("/profile").text
    assert "Firefox, Windows" in text and "Ismeretlen böngésző" in text and "<script>alert" not in text
    ends = re.findall(r'action="(/profile/browsers/\d+/end)"', text)
    assert len(ends) == 2
    for path in ends:
        assert browser.post(path).status_code == 303
    assert "/end" not in browser.get("/profile").text


def test_nobody_ends_anothers_browser(engine: Engine, console: Console) -> None:
    nora = console("nora")
    ids = [view.id for view in browser_sessions.list_own(engine, actor_for(engine, "nora"))]
    console("rita").post(f"/profile/browsers/{ids[0]}/end")
    assert nora.get("/profile").status_code == 200
