"""On an offer's screen: making and revoking the customer's link, the answer, and taking it back; the same by API."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from assistant.context import Parts
from core.clock import today
from crm.actor import Actor
from offers.accepting import Accepting, Said
from offers.figures import Edit, EditedLine
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]


@pytest.fixture
def number(parts: Parts, people: People) -> str:
    """An issued offer of nora's with an optional line."""
    lines = (EditedLine("TOLL", Decimal(10)), EditedLine("VIGY", Decimal(1), optional=True))
    made = parts.offers.create(people("nora"), "C0001", Edit(lines, today() + timedelta(days=9), 8))
    parts.offers.issue(people("nora"), made.number)
    return made.number


def accepted(parts: Parts, token: str) -> None:
    house = Accepting(parts.engine, parts.settings)
    said = Said("accepted", "Kiss Éva", house.look(token).pdf_sha256, "203.0.113.7", signature="M1 1L9 9")
    house.answer(token, said)


def test_a_link_is_made_copied_and_revoked(console: Console, parts: Parts, number: str) -> None:
    nora, base = console("nora"), f"/offers/{number}/acceptance"
    assert "Link készítése" in nora.get(base).text
    made = nora.post(f"{base}/link").text
    address = re.search(r'value="(http[^"]*/o/[\w-]{43})"', made)
    assert address is not None and "Még nem nyitották meg" in made
    assert address.group(1) not in nora.get(base).text
    assert "Visszavonva" in nora.post(f"{base}/revoke").text


def test_the_answer_is_shown_with_its_signature_and_taken_back_by_right(
    console: Console, parts: Parts, number: str
) -> None:
    base = f"/offers/{number}/acceptance"
    made = console("nora").post(f"{base}/link").text
    found = re.search(r"/o/([\w-]{43})", made)
    assert found is not None
    accepted(parts, found.group(1))
    shown = console("nora").get(base).text
    assert "Kiss Éva" in shown and '<path d="M1 1L9 9"/>' in shown and "203.0.113.7" in shown and "Gravírozás" in shown
    assert "Válasz visszavonása" not in shown
    copy = re.search(rf"{base}/D\d+\.pdf", shown)
    assert copy is not None
    assert console("nora").get(copy.group()).headers["content-type"] == "application/pdf"
    assert console("nora").post(f"{base}/undo").status_code == 403
    assert "Válasz visszavonása" in console("mate").get(base).text
    assert console("mate").post(f"{base}/undo").status_code == 303
    assert "Link készítése" in console("mate").get(base).text or "Új link" in console("mate").get(base).text
    told = console("nora").get(f"/offers/{number}").text
    assert "Az ügyfél elfogadta" in told and "visszavonva" in told
    assert "Az ügyfél elfogadta:" in console("nora").get("/customers/C0001").text


def test_the_same_by_api(
    client: TestClient, parts: Parts, as_user: Callable[[str], dict[str, str]], number: str
) -> None:
    nora, path = as_user("nora"), f"/api/v1/offers/{number}"
    assert client.get(f"{path}/decision", headers=nora).status_code == 404
    link = client.post(f"{path}/link", headers=nora)
    assert link.status_code == 201 and link.json()["state"] == "open"
    assert client.delete(f"{path}/link", headers=nora).status_code == 204
    token = client.post(f"{path}/link", headers=nora).json()["url"].rpartition("/")[2]
    accepted(parts, token)
    decision = client.get(f"{path}/decision", headers=nora).json()
    assert (decision["decision"], decision["net"], decision["has_copy"]) == ("accepted", "120000", True)
    assert [line["taken"] for line in decision["lines"]] == [True, False]
    assert client.post(f"{path}/decision/undo", headers=nora).status_code == 403
    undone = client.post(f"{path}/decision/undo", headers=as_user("mate")).json()
    assert undone == {"number": number, "state": "issued", "stage": "decision"}
    assert client.get(f"{path}/decision", headers=as_user("rita")).status_code == 404
