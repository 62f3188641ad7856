"""Tokens for the users of a host: asked for by its server alone, good on its own pages alone, ended with it."""

from collections.abc import Callable
from dataclasses import replace

import jwt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from api.app import create_app
from api.origins import forget_origins
from assistant.context import Parts
from crm import embedding
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import User
from tests.conftest import KEY

ORIGIN = "https://crm.example"
OTHER = "https://other.example"
Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def host_key(engine: Engine, parts: Parts) -> str:
    """The key of the host `CRM`, whose pages come from `ORIGIN`; pages of `OTHER` are another host's."""
    with unit(engine, SYSTEM) as session:
        _, key = embedding.add(session, "CRM", [ORIGIN])
        embedding.add(session, "other", [OTHER])
    forget_origins(parts)
    return key


@pytest.fixture
def asked(client: TestClient, host_key: str) -> Ask:
    """Ask for a token as the host's server does: the status, and the body."""

    def ask(login: str, key: str = host_key, **headers: str) -> tuple[int, dict[str, object]]:
        given = {"Authorization": f"Bearer {key}", **headers}
        answer = client.post("/api/v1/embed/token", headers=given, json={"login": login})
        return answer.status_code, answer.json()

    return ask


def code(answer: tuple[int, dict[str, object]]) -> tuple[int, object]:
    error = answer[1]["error"]
    assert isinstance(error, dict)
    return answer[0], error["code"]


def me(client: TestClient, token: object, origin: str | None = None) -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Origin": origin} if origin else {})
    answer = client.get("/api/v1/me", headers=headers)
    return answer.status_code, answer.json()


def test_a_hosts_server_gets_a_short_lived_token_for_its_user(client: TestClient, asked: Ask) -> None:
    status, body = asked("nora")
    assert (status, body["token_type"], body["expires_in"]) == (200, "bearer", 900)
    claims = jwt.decode(str(body["access_token"]), KEY, algorithms=["HS256"], audience="robo")
    assert (claims["sub"], claims["host"], claims["exp"] - claims["iat"]) == ("nora", "CRM", 900)
    assert me(client, body["access_token"], ORIGIN) == (200, {"login": "nora", "role": "normal", "language": "hu"})
    assert me(client, body["access_token"])[0] == 200


@pytest.mark.parametrize("origin", [OTHER, "http://testserver", "https://testserver"])
def test_a_hosts_token_is_refused_on_pages_that_are_not_the_hosts(client: TestClient, asked: Ask, origin: str) -> None:
    answer = me(client, asked("nora")[1]["access_token"], origin)
    assert code(answer) == (403, "origin_refused") and origin in str(answer[1])


def test_an_unknown_and_an_inactive_login_get_the_same_answer(asked: Ask, engine: Engine) -> None:
    unknown = asked("nobody")
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "rita")).one().active = False
    inactive = asked("rita")
    assert code(unknown) == (404, "embed_login_unknown")
    assert str(unknown).replace("nobody", "rita") == str(inactive)


def test_an_administrators_token_needs_the_installations_leave(asked: Ask, parts: Parts, host_key: str) -> None:
    assert code(asked("ada")) == (403, "embed_administrator")
    assert asked("mate")[0] == 200
    settings = parts.settings.model_copy(update={"embed_administrators": True})
    with TestClient(create_app(replace(parts, settings=settings), KEY)) as client:
        headers = {"Authorization": f"Bearer {host_key}"}
        assert client.post("/api/v1/embed/token", headers=headers, json={"login": "ada"}).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": ORIGIN}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_key_that_comes_from_a_browser_is_refused_even_if_right(asked: Ask, headers: dict[str, str]) -> None:
    assert code(asked("nora", **headers)) == (403, "host_key_in_browser")


def test_a_server_on_node_whose_fetch_looks_a_little_like_a_browser_gets_its_token(asked: Ask) -> None:
    assert asked("nora", **{"Sec-Fetch-Mode": "cors"})[0] == 200


def test_wrong_keys_are_refused_and_slowed_but_the_right_one_goes_on(asked: Ask, client: TestClient) -> None:
    assert [code(asked("nora", "robo_host_wrong"))[1] for _ in range(6)] == ["host_key_invalid"] * 5 + [
        "sign_in_throttled"
    ]
    assert asked("nora")[0] == 200
    missing = client.post("/api/v1/embed/token", json={"login": "nora"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (401, "host_key_missing")


def test_a_users_own_token_is_no_host_key(asked: Ask) -> None:
    assert code(asked("nora", str(asked("nora")[1]["access_token"]))) == (401, "host_key_invalid")


@pytest.mark.parametrize("ended", ["off", "new key"])
def test_tokens_die_with_their_host_and_with_its_key(
    client: TestClient, asked: Ask, engine: Engine, ended: str
) -> None:
    token = asked("nora")[1]["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    made = client.post("/api/v1/chat", headers=headers, json={"message": "Ajánlat a Bartók Kft.-nek: 1 töltőtoll"})
    path = f"/api/v1/offers/{made.json()['offer']['number']}/documents/pdf/link"
    link = client.post(path, headers=headers).json()["url"]
    assert client.get(link).status_code == 200
    with unit(engine, SYSTEM) as session:
        if ended == "off":
            embedding.switch(session, "CRM", False)
        else:
            embedding.new_key(session, "CRM")
    assert code(me(client, token)) == (401, "host_switched_off")
    assert client.get(link).status_code == 401
    assert code(asked("nora")) == (401, "host_key_invalid")
