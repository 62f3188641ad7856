"""The library and the pack over HTTP."""

from collections.abc import Callable
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from assistant.context import Parts
from crm.actor import Actor
from tests.offers.pack_world import offer, pdf

Headers = Callable[[str], dict[str, str]]


def send(
    client: TestClient, who: dict[str, str], data: bytes, name: str = "terms.pdf", **form: str
) -> tuple[int, dict[str, object]]:
    answer = client.post("/api/v1/library", headers=who, files={"file": (name, data)}, data=form)
    return answer.status_code, answer.json()


def test_a_file_is_put_in_attached_packed_and_taken_off(
    client: TestClient, as_user: Headers, parts: Parts, people: Callable[[str], Actor]
) -> None:
    status, kept = send(client, as_user("mate"), pdf("Warranty"), title="Warranty terms", folder="Terms")
    assert (status, kept["pages"], kept["folder"]) == (201, 1, "Terms")
    number = offer(parts, people("nora"))
    path, nora = f"/api/v1/offers/{number}/attachments", as_user("nora")
    added = client.post(path, headers=nora, json={"code": kept["code"]}).json()
    assert [(each["title"], each["why"]) for each in added] == [("Warranty terms", "person")]
    made = client.get(f"/api/v1/offers/{number}/pack", headers=nora)
    assert "Warranty" in PdfReader(BytesIO(made.content)).pages[-1].extract_text()
    assert client.delete(f"{path}/{kept['code']}", headers=nora).json() == []
    assert number in client.get(f"/api/v1/offers/{number}/letter", headers=nora).json()["subject"]


def with_script(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.root_object[NameObject("/OpenAction")] = action


def with_file(writer: PdfWriter) -> None:
    writer.add_attachment("inner.txt", b"hello")


def locked(writer: PdfWriter) -> None:
    writer.encrypt("secret", algorithm="RC4-128")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (pdf("x", extra=with_script), 422, "attachment_with_script"),
        (pdf("x", extra=with_file), 422, "attachment_with_files"),
        (pdf("x", extra=locked), 422, "attachment_encrypted"),
        (b"%PDF-1.7 nothing more", 422, "attachment_damaged"),
        (b"GIF89a", 415, "attachment_kind"),
        (b"PK\x03\x04 broken", 422, "attachment_damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_cannot_go_with_offers_is_refused_with_the_reason(
    client: TestClient, as_user: Headers, data: bytes, status: int, code: str
) -> None:
    answered, body = send(client, as_user("mate"), data)
    error = body["error"]
    assert isinstance(error, dict) and (answered, error["code"]) == (status, code)
    assert client.get("/api/v1/library", headers=as_user("mate")).json() == []


def test_a_rep_may_not_put_files_in(client: TestClient, as_user: Headers) -> None:
    assert send(client, as_user("nora"), pdf("x"))[0] == 403
