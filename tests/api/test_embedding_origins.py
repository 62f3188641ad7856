"""Pages of other origins: those on the list are answered, others are not, and the server's own always are."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api import origins
from api.app import create_app
from api.origins import allowed_origins, forget_origins, is_own
from assistant.context import Parts
from core.errors import AppError
from crm import embedding
from crm.actor import SYSTEM
from crm.session import unit
from tests.conftest import KEY

Headers = Callable[[str], dict[str, str]]
ORIGIN = "https://crm.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


@pytest.fixture
def listed(engine: Engine, parts: Parts) -> None:
    """A host whose pages come from `ORIGIN`."""
    with unit(engine, SYSTEM) as session:
        embedding.add(session, "CRM", [ORIGIN])
    forget_origins(parts)


def cors(headers: httpx.Headers) -> set[str]:
    return {name for name in headers if name.startswith("access-control-")}


@pytest.mark.usefixtures("listed")
def test_a_listed_page_may_ask_and_call(client: TestClient, as_user: Headers) -> None:
    asked = client.options("/api/v1/chat", headers={"Origin": ORIGIN, **PREFLIGHT})
    assert asked.status_code == 204 and asked.headers["access-control-allow-origin"] == ORIGIN
    # Conversations are renamed and erased from the host's pages as well, uploads corrected and withdrawn.
    used = {method for methods in client.get("/openapi.json").json()["paths"].values() for method in methods}
    assert set(asked.headers["access-control-allow-methods"].split(", ")) == {method.upper() for method in used}
    assert asked.headers["access-control-allow-headers"] == "Authorization, Content-Type"
    called = client.get("/api/v1/me", headers={"Origin": ORIGIN, **as_user("nora")})
    assert called.status_code == 200 and called.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in called.headers["vary"]
    for answer in (asked, called):
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.usefixtures("listed")
def test_a_listed_page_can_read_refusals_and_unforeseen_errors(parts: Parts, as_user: Headers) -> None:
    app = create_app(parts, KEY)
    broken = APIRouter()

    @broken.get("/api/v1/broken")
    def fail() -> None:
        raise RuntimeError("unforeseen")

    app.include_router(broken)
    with TestClient(app, raise_server_exceptions=False) as client:
        for path, status in (("me", 401), ("broken", 500), ("nowhere", 404)):
            answer = client.get(f"/api/v1/{path}", headers={"Origin": ORIGIN})
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, ORIGIN)
        large = client.post("/api/v1/chat", headers={"Origin": ORIGIN}, content=b"x" * 1_100_000)
        assert (large.status_code, large.headers["access-control-allow-origin"]) == (413, ORIGIN)


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://crm.example.evil.example", "http://crm.example", "null", ORIGIN + ":444"],
)
def test_any_other_page_is_refused_with_what_to_do_and_without_cors(
    client: TestClient, as_user: Headers, origin: str
) -> None:
    headers = {"Origin": origin, "Accept-Language": "hu", **as_user("nora")}
    for answer in (
        client.get("/api/v1/me", headers=headers),
        client.post("/api/v1/chat", headers=headers, json={"message": "Szia!"}),
        client.options("/api/v1/chat", headers={"Origin": origin, "Accept-Language": "hu", **PREFLIGHT}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_refused")
        assert "robo embed add" in answer.json()["error"]["message"] and cors(answer.headers) == set()
    assert client.get("/api/v1/conversations", headers=as_user("nora")).json() == []
    open_to_all = client.get("/healthz", headers={"Origin": origin})
    assert open_to_all.status_code == 200 and cors(open_to_all.headers) == set()


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "own"),
    [
        ("http://robo.example:8765", "http", "robo.example:8765", True),
        ("https://robo.example", "https", "robo.example", True),
        ("https://robo.example", "http", "robo.example", True),
        ("http://robo.example", "https", "robo.example", False),
        ("http://robo.example", "http", "robo.example:8765", False),
        ("https://evil.example", "https", "robo.example", False),
        ("null", "http", "", False),
    ],
)
def test_the_servers_own_pages_are_told_also_behind_a_proxy(origin: str, scheme: str, host: str, own: bool) -> None:
    assert is_own(origin, scheme, host) is own


def test_the_servers_own_pages_may_always_call(client: TestClient, as_user: Headers) -> None:
    for origin in ("http://testserver", "https://testserver"):
        answer = client.get("/api/v1/me", headers={"Origin": origin, **as_user("nora")})
        assert answer.status_code == 200 and cors(answer.headers) == set()


def test_only_the_api_and_the_widget_are_for_other_origins(client: TestClient, parts: Parts) -> None:
    allowed = replace(parts, settings=parts.settings.model_copy(update={"allowed_origins": (ORIGIN,)}))
    forget_origins(allowed)
    with TestClient(create_app(allowed, KEY)) as opened:
        assert cors(opened.get("/healthz", headers={"Origin": ORIGIN}).headers) != set()
        for path in ("/sign-in", "/openapi.json", "/help/hu/making-an-offer"):
            assert cors(opened.get(path, headers={"Origin": ORIGIN}).headers) == set()


def test_origins_of_settings_and_hosts_count_together_and_a_change_is_seen_soon(
    parts: Parts, engine: Engine, listed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = replace(parts, settings=parts.settings.model_copy(update={"allowed_origins": ("HTTPS://Set.example",)}))
    forget_origins(both)
    assert allowed_origins(both) == {ORIGIN, "https://set.example"}
    with unit(engine, SYSTEM) as session:
        embedding.switch(session, "CRM", False)
    assert ORIGIN in allowed_origins(both)
    monkeypatch.setattr(origins, "_FRESH_SECONDS", -1.0)
    assert allowed_origins(both) == {"https://set.example"}


@pytest.mark.parametrize("wrong", ["*", "https://*.crm.example", "https://crm.example/"])
def test_a_faulty_origin_in_the_settings_stops_the_start_with_a_sentence(parts: Parts, wrong: str) -> None:
    settings = parts.settings.model_copy(update={"allowed_origins": (wrong,)})
    with pytest.raises(AppError) as refused:
        create_app(replace(parts, settings=settings), KEY)
    assert refused.value.code == "origin_invalid"
