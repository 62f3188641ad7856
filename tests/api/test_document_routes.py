"""The upload door: who may send what, how it is refused, and how a file is given out again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api.limits import LARGEST_BODY, LARGEST_UPLOAD
from api.tokens import mint
from assistant.context import Parts
from assistant.document_index import desk
from tests.conftest import KEY
from tests.retrieval.parsing_samples import docx, pdf

AsUser = Callable[[str], dict[str, str]]
PATH = "/api/v1/documents"
RULES = docx(("Title", "Rules"), ("Normal", "Shoes are left at the door."))


def send(
    client: TestClient, headers: dict[str, str], file: bytes = RULES, name: str = "a.docx", **data: str
) -> Response:
    return client.post(PATH, files={"file": (name, file)}, data={"audience": "everyone", **data}, headers=headers)


def code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_sent_document_is_read_indexed_changed_and_deleted(client: TestClient, parts: Parts, as_user: AsUser) -> None:
    ada, nora = as_user("ada"), as_user("nora")
    made = send(client, ada, title="House rules", language="en", audience="normal, manager")
    assert made.status_code == 201
    assert made.json()["audience"] == ["normal", "manager"] and made.json()["title"] == "House rules"
    desk(parts.engine, parts.knowledge).settle(30)
    assert [(d["code"], d["state"]) for d in client.get(PATH, headers=nora).json()] == [("D0001", "ready")]
    changed = client.patch(f"{PATH}/D0001", json={"version": 1, "audience": ["manager"]}, headers=ada)
    assert changed.json()["title"] == "House rules" and changed.json()["version"] == 2
    assert client.get(PATH, headers=nora).json() == []
    assert code_of(client.get(f"{PATH}/D0001", headers=nora)) == code_of(client.get(f"{PATH}/D0009", headers=nora))
    assert code_of(client.delete(f"{PATH}/D0001?version=1", headers=ada)) == (409, "conflict")
    assert client.delete(f"{PATH}/D0001?version=2", headers=ada).status_code == 204
    assert client.get(f"{PATH}/D0001", headers=ada).status_code == 404


def test_the_file_is_given_out_to_be_saved_never_to_be_opened_here(client: TestClient, as_user: AsUser) -> None:
    page = b"<!doctype html><p>Words<script>alert(1)</script>"
    send(client, as_user("ada"), page, 'x".html', language="en")
    answer = client.get(f"{PATH}/D0001/file", headers=as_user("nora"))
    assert answer.content == page
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (
        answer.headers["x-content-type-options"] == "nosniff" and "sandbox" in answer.headers["content-security-policy"]
    )


def test_another_file_is_put_in_its_place(client: TestClient, as_user: AsUser) -> None:
    send(client, as_user("ada"))
    newer = {"file": ("b.pdf", pdf("Shoes are left outside."))}
    stale = client.put(f"{PATH}/D0001/file", files=newer, data={"version": "7"}, headers=as_user("ada"))
    assert code_of(stale) == (409, "conflict")
    done = client.put(f"{PATH}/D0001/file", files=newer, data={"version": "1"}, headers=as_user("ada"))
    assert (done.json()["filename"], done.json()["media_type"]) == ("b.pdf", "application/pdf")


def test_nobody_without_the_right_gets_a_file_read(
    client: TestClient, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import documents

    monkeypatch.setattr(documents, "parse", lambda *_arguments: pytest.fail("the file was read"))
    assert code_of(send(client, {})) == (401, "token_invalid")
    assert code_of(send(client, as_user("mate"))) == (403, "forbidden")


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        ({"audience": ""}, (422, "page_audience")),
        ({"audience": "boss"}, (422, "page_audience")),
        ({"language": "de"}, (422, "field_not_a_choice")),
        ({"title": "x" * 200}, (422, "field_too_long")),
    ],
)
def test_what_is_said_about_a_file_is_checked_before_it_is_read(
    client: TestClient, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, sent: dict[str, str], refused: tuple[int, str]
) -> None:
    from assistant import documents

    monkeypatch.setattr(documents, "parse", lambda *_arguments: pytest.fail("the file was read"))
    assert code_of(send(client, as_user("ada"), **sent)) == refused


@pytest.mark.parametrize(
    ("file", "name", "refused"),
    [
        (b"", "a.pdf", (422, "file_empty")),
        (b"MZ\0", "a.exe", (415, "file_unknown_kind")),
        (b"PK\x03\x04", "a.docx", (422, "file_damaged")),
        (b" " * (LARGEST_BODY + 1), "a.txt", (422, "file_without_text")),
        (b"x" * 30_500_000, "a.txt", (413, "file_too_large")),
        (b"x" * (LARGEST_UPLOAD + 1), "a.txt", (413, "too_large")),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(
    client: TestClient, as_user: AsUser, file: bytes, name: str, refused: tuple[int, str]
) -> None:
    answer = send(client, as_user("ada"), file, name)
    assert code_of(answer) == refused and len(answer.json()["error"]["message"]) > 30


def test_a_form_without_a_file_is_told_so(client: TestClient, as_user: AsUser) -> None:
    for sent in ({"data": {"audience": "everyone"}}, {"data": {"file": "words", "audience": "everyone"}}):
        answer = client.post(PATH, headers=as_user("ada"), **sent)  # type: ignore[arg-type]
        assert code_of(answer) == (422, "upload_without_file")


def test_other_requests_stay_small(client: TestClient, as_user: AsUser) -> None:
    large = {"message": "x" * (LARGEST_BODY + 1)}
    assert code_of(client.post("/api/v1/chat", json=large, headers=as_user("ada"))) == (413, "too_large")


def test_a_link_to_an_offers_document_is_still_a_link(client: TestClient) -> None:
    assert client.get(f"{PATH}/not-a-code-but-a-token").status_code == 401


def test_the_machines_administrator_adds_lists_and_removes_by_the_local_door(
    client: TestClient, parts: Parts, as_user: AsUser, tmp_path: Path
) -> None:
    file = tmp_path / "rules.docx"
    file.write_bytes(RULES)
    local = {"Authorization": f"Bearer {mint(KEY, 'local', 60, 'robo-local')}"}
    door = "/api/v1/local/documents"
    asked = {"path": str(file), "audience": ["manager"], "title": "House rules"}
    assert client.post(f"{door}/add", json=asked, headers=as_user("ada")).status_code == 401
    added = client.post(f"{door}/add", json=asked, headers=local).json()
    desk(parts.engine, parts.knowledge).settle(30)
    assert file.read_bytes() == RULES and added["code"] == "D0001"
    (listed,) = client.post(f"{door}/list", headers=local).json()
    assert (listed["title"], listed["audience"], listed["state"]) == ("House rules", ["manager"], "ready")
    assert client.post(f"{door}/remove", json={"code": "D0001"}, headers=local).json() == {"code": "D0001"}
    assert client.post(f"{door}/list", headers=local).json() == []
    missing = client.post(f"{door}/add", json={**asked, "path": str(tmp_path / "none")}, headers=local)
    assert code_of(missing) == (422, "document_no_file")
