"""The door for uploaded requests: read, looked at, answered, made into an offer; each its uploader's alone."""

from collections.abc import Callable
from io import BytesIO

from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import Workbook
from pypdf import PdfWriter
from sqlalchemy import select

from assistant.context import Parts
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import OfferRequestFile, Prompt

AsUser = Callable[[str], dict[str, str]]
PATH = "/api/v1/requests"
ROWS = (
    ("Bartók Kft.", "", ""),
    ("Megnevezés", "Mennyiség", "Egységár"),
    ("Töltőtoll", "10 db", "1"),
    ("Tinta", "3", ""),
    ("Radír", "5 db", ""),
)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, held = Workbook(), BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(held)
    return held.getvalue()


def send(
    client: TestClient, headers: dict[str, str], file: bytes | None = None, name: str = "k.xlsx", **data: str
) -> Response:
    return client.post(PATH, files={"file": (name, file or workbook(*ROWS))}, data=data, headers=headers)


def code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def answers(version: int = 1) -> dict[str, object]:
    return {"version": version, "lines": [{"n": 2, "sku": "tinta-k"}, {"n": 3, "left_out": True}]}


def test_each_line_says_where_it_stands_and_how_sure_it_is(client: TestClient, as_user: AsUser) -> None:
    sent = send(client, as_user("nora"))
    assert sent.status_code == 201
    view = sent.json()
    assert view["code"] == "RQ00001" and view["customer"]["code"] == "C0001"
    assert [(line["place"], line["state"], line["sku"], line["quantity"]) for line in view["lines"]] == [
        ("Sheet munkalap, 3. sor", "sure", "TOLL", "10"),
        ("Sheet munkalap, 4. sor", "unsure", None, "3"),
        ("Sheet munkalap, 5. sor", "unknown", None, "5"),
    ]
    assert [c["sku"] for c in view["lines"][1]["candidates"]] == ["TINTA-K", "TINTA-P"]
    assert view["to_answer"] == 2 and view["lines"][0]["their_price"] == "1"


def test_the_offer_has_what_the_person_said_at_our_own_prices(
    client: TestClient, as_user: AsUser, parts: Parts
) -> None:
    nora = as_user("nora")
    send(client, nora)
    too_early = client.post(f"{PATH}/RQ00001/offer", json={"version": 1}, headers=nora)
    assert code_of(too_early) == (409, "request_unanswered")
    settled = client.post(f"{PATH}/RQ00001", json=answers(), headers=nora).json()
    assert settled["to_answer"] == 0 and settled["version"] == 2
    made = client.post(f"{PATH}/RQ00001/offer", json={"version": 2}, headers=nora)
    assert made.status_code == 201
    offer = made.json()
    assert [(line["sku"], line["quantity"], line["unit_price"]) for line in offer["lines"]] == [
        ("TOLL", "10", "12000"),
        ("TINTA-K", "3", "1990"),
    ]
    assert offer["made_from"] == "request RQ00001" and offer["state"] == "draft"
    assert {document["kind"] for document in offer["documents"]} == {"docx", "pdf"}
    again = client.post(f"{PATH}/RQ00001/offer", json={"version": 3}, headers=nora)
    assert code_of(again) == (409, "request_used") and offer["number"] in again.json()["error"]["message"]
    with unit(parts.engine, SYSTEM, writes=False) as session:
        cause = session.scalars(select(Prompt.text)).one()
        assert cause is not None and "Radír" in cause


def test_a_request_is_its_uploaders_alone(client: TestClient, as_user: AsUser) -> None:
    send(client, as_user("nora"))
    for login in ("ada", "mate", "reka"):
        other = as_user(login)
        assert code_of(client.get(f"{PATH}/RQ00001", headers=other)) == (404, "not_found")
        assert code_of(client.put(f"{PATH}/RQ00001", json=answers(), headers=other)) == (404, "not_found")
        assert code_of(client.post(f"{PATH}/RQ00001/offer", json={"version": 1}, headers=other)) == (404, "not_found")
    assert client.get(f"{PATH}/RQ00001").status_code == 401


def test_of_two_answers_the_later_one_is_told(client: TestClient, as_user: AsUser) -> None:
    nora = as_user("nora")
    send(client, nora)
    client.put(f"{PATH}/RQ00001", json=answers(), headers=nora)
    assert code_of(client.put(f"{PATH}/RQ00001", json=answers(), headers=nora)) == (409, "conflict")


def test_what_cannot_be_is_refused(client: TestClient, as_user: AsUser) -> None:
    nora = as_user("nora")
    send(client, nora)
    for line, expected in (
        ({"n": 9, "left_out": True}, (404, "not_found")),
        ({"n": 2, "sku": "NOWHERE"}, (404, "not_found")),
        ({"n": 2, "quantity": "minus one"}, (422, "line_quantity_wrong")),
    ):
        answer = client.put(f"{PATH}/RQ00001", json={"version": 1, "lines": [line]}, headers=nora)
        assert code_of(answer) == expected


def test_a_file_without_text_is_told_so(client: TestClient, as_user: AsUser) -> None:
    scanned, held = PdfWriter(), BytesIO()
    scanned.add_blank_page(200, 200)
    scanned.write(held)
    nora = as_user("nora")
    assert code_of(send(client, nora, held.getvalue(), "scan.pdf")) == (422, "file_without_text")
    scanned.encrypt("secret")
    locked = BytesIO()
    scanned.write(locked)
    assert code_of(send(client, nora, locked.getvalue(), "locked.pdf")) == (422, "file_encrypted")
    assert code_of(send(client, nora, b"PK\x03\x04 broken", "a.xlsx")) == (422, "file_damaged")
    assert code_of(send(client, nora, b"\x00\x01\x02", "a.bin")) == (415, "file_unknown_kind")
    assert code_of(client.post(PATH, data={"talk": "true"}, headers=nora)) == (422, "upload_without_file")


def test_a_sent_file_is_a_turn_of_its_conversation_and_erased_with_it(
    client: TestClient, as_user: AsUser, parts: Parts
) -> None:
    nora = as_user("nora")
    thread = send(client, nora, talk="true").json()["conversation_id"]
    asked, told = client.get(f"/api/v1/conversations/{thread}", headers=nora).json()
    assert "k.xlsx" in asked["text"] and told["reply"]["request"]["code"] == "RQ00001"
    client.put(f"{PATH}/RQ00001", json=answers(), headers=nora)
    made = client.post(f"{PATH}/RQ00001/offer", json={"version": 2}, headers=nora).json()
    last = client.get(f"/api/v1/conversations/{thread}", headers=nora).json()[-1]["reply"]
    assert last["kind"] == "offer" and last["offer"]["number"] == made["number"]
    assert last["offer"]["documents"][0]["path"] is None
    client.delete(f"/api/v1/conversations/{thread}", headers=nora)
    assert client.get(f"{PATH}/RQ00001", headers=nora).status_code == 404
    with unit(parts.engine, SYSTEM, writes=False) as session:
        kept = session.scalars(select(OfferRequestFile)).one()
        assert (kept.places, kept.recognised, kept.filename, kept.state) == ([], {}, "", "erased")


def test_the_customer_on_screen_is_only_offered_to_choose(client: TestClient, as_user: AsUser) -> None:
    screen = '{"id": "customer", "record": {"type": "customer", "code": "C0004"}}'
    view = send(client, as_user("nora"), workbook(("Termék", "Db"), ("Töltőtoll", 2)), screen=screen).json()
    assert view["customer"]["code"] is None
    assert [c["code"] for c in view["customer"]["candidates"]] == ["C0004"]
    assert code_of(send(client, as_user("nora"), screen="{")) == (422, "request_screen_wrong")
