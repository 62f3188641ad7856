"""A document's link: one document, one user, one minute; the right is asked again when it is opened."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from api.tokens import Bearer, DocumentLink, mint, mint_link
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import Customer, User
from tests.conftest import KEY

Headers = Callable[[str], dict[str, str]]
PROMPT = {"message": "Ajánlat a Bartók Kft.-nek: 10 töltőtoll"}


@pytest.fixture
def number(client: TestClient, as_user: Headers) -> str:
    """An offer of nora's, who owns its customer."""
    return str(client.post("/api/v1/chat", headers=as_user("nora"), json=PROMPT).json()["offer"]["number"])


def linked(client: TestClient, headers: dict[str, str], number: str, kind: str = "pdf") -> str:
    answer = client.post(f"/api/v1/offers/{number}/documents/{kind}/link", headers=headers)
    assert answer.status_code == 200 and answer.json()["expires_in"] == 60
    return str(answer.json()["url"])


def test_a_link_opens_its_document_without_a_token(client: TestClient, as_user: Headers, number: str) -> None:
    shown = client.get(linked(client, as_user("nora"), number))
    assert shown.status_code == 200 and shown.content.startswith(b"%PDF")
    assert shown.headers["content-disposition"].startswith("inline")
    saved = client.get(linked(client, as_user("nora"), number, "docx"))
    assert saved.content.startswith(b"PK") and saved.headers["content-disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_link_is_made_only_for_what_the_user_may_see(client: TestClient, as_user: Headers, number: str) -> None:
    hidden = client.post(f"/api/v1/offers/{number}/documents/pdf/link", headers=as_user("rita"))
    missing = client.post("/api/v1/offers/AJ-2000-00009/documents/pdf/link", headers=as_user("rita"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(number, "AJ-2000-00009") == missing.text
    assert client.post(f"/api/v1/offers/{number}/documents/pdf/link").status_code == 401
    assert client.post(f"/api/v1/offers/{number}/documents/exe/link", headers=as_user("nora")).status_code == 422


def test_a_right_lost_after_the_link_was_made_counts(
    client: TestClient, as_user: Headers, number: str, engine: Engine
) -> None:
    url = linked(client, as_user("nora"), number)
    with unit(engine, SYSTEM) as session:
        users = {u.login: u for u in session.scalars(select(User))}
        users["nora"].role_code = "restricted"
        session.scalars(select(Customer).where(Customer.code == "C0001")).one().owner_id = users["rita"].id
    assert client.get(url).status_code == 404
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "nora")).one().active = False
    assert client.get(url).status_code == 401


def test_an_expired_or_foreign_link_says_what_to_do(client: TestClient, number: str) -> None:
    wanted = DocumentLink(Bearer("nora"), number, "pdf")
    tokens = {
        mint_link(KEY, wanted, -1): "link_expired",
        mint_link(b"k" * 32, wanted, 60): "link_invalid",
        mint(KEY, "nora", 60): "link_invalid",
        "nonsense": "link_invalid",
    }
    for token, code in tokens.items():
        answer = client.get(f"/api/v1/documents/{token}", headers={"Accept-Language": "pl"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
        assert "przy ofercie" in answer.json()["error"]["message"]


def test_a_link_is_no_sign_in(client: TestClient, number: str) -> None:
    token = mint_link(KEY, DocumentLink(Bearer("nora"), number, "pdf"), 60)
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
