"""Conversations over HTTP: listed, searched, renamed, erased, rated and handed over, by their owner alone."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

Headers = Callable[[str], dict[str, str]]
QUESTION = "Hogyan készítek ajánlatot egy mondatból?"
UNKNOWN = "Mi Mongólia fővárosa, és hány lakosa van?"


@pytest.fixture
def ask(client: TestClient, as_user: Headers) -> Callable[..., dict[str, str]]:
    def chat(login: str, message: str, **more: object) -> dict[str, str]:
        answer = client.post("/api/v1/chat", json={"message": message, **more}, headers=as_user(login))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return chat


Asking = Callable[..., dict[str, str]]


def listed(client: TestClient, headers: dict[str, str], **query: object) -> list[str]:
    found = client.get("/api/v1/conversations", params=query, headers=headers).json()  # type: ignore[arg-type]
    return [each["title"] for each in found]


def test_the_one_talked_in_last_comes_first_and_pages_follow_each_other(
    client: TestClient, as_user: Headers, ask: Asking
) -> None:
    first = ask("nora", "Szia egyes!")
    ask("nora", "Szia kettes!")
    ask("nora", "Szia megint!", conversation_id=first["conversation_id"])
    nora = as_user("nora")
    assert listed(client, nora) == ["Szia egyes!", "Szia kettes!"]
    assert listed(client, nora, limit=1, offset=1) == ["Szia kettes!"]
    assert listed(client, nora, limit=1, offset=2) == []
    assert listed(client, as_user("ada")) == []


def test_a_search_finds_words_in_titles_and_texts_without_accents(
    client: TestClient, as_user: Headers, ask: Asking
) -> None:
    one = ask("nora", "Szia, árvíztűrő!")
    ask("nora", "Szia, más!")
    nora = as_user("nora")
    assert listed(client, nora, search="ARVIZTURO") == ["Szia, árvíztűrő!"]
    # In the assistant's text of both: it declines small talk.
    assert len(listed(client, nora, search="ugyfelekre")) == 2
    assert listed(client, nora, search="nincs ilyen szó") == []
    client.patch(f"/api/v1/conversations/{one['conversation_id']}", json={"title": "Zöld ügy"}, headers=nora)
    assert listed(client, nora, search="zold") == ["Zöld ügy"]
    assert listed(client, as_user("ada"), search="zold") == []


@pytest.mark.parametrize(("title", "code"), [("  ", "field_missing"), ("x" * 81, "field_too_long")])
def test_a_title_that_does_not_do_is_refused(
    client: TestClient, as_user: Headers, ask: Asking, title: str, code: str
) -> None:
    path = f"/api/v1/conversations/{ask('nora', 'Szia!')['conversation_id']}"
    refused = client.patch(path, json={"title": title}, headers=as_user("nora"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)


def test_an_erased_conversation_answers_like_one_that_never_was(
    client: TestClient, as_user: Headers, ask: Asking
) -> None:
    reply, nora = ask("nora", QUESTION), as_user("nora")
    path = f"/api/v1/conversations/{reply['conversation_id']}"
    assert client.delete(path, headers=as_user("ada")).status_code == 404
    assert [client.delete(path, headers=nora).status_code for _ in range(2)] == [204, 204]
    assert client.get(path, headers=nora).status_code == 404
    again = client.post(
        "/api/v1/chat", json={"message": "?", "conversation_id": reply["conversation_id"]}, headers=nora
    )
    assert again.status_code == 404
    rated = client.post(f"/api/v1/messages/{reply['message_id']}/feedback", json={"rating": 1}, headers=nora)
    assert rated.status_code == 404
    assert listed(client, nora) == []


def test_an_opinion_is_given_changed_and_taken_back(client: TestClient, as_user: Headers, ask: Asking) -> None:
    reply, nora = ask("nora", QUESTION), as_user("nora")
    path = f"/api/v1/messages/{reply['message_id']}/feedback"

    def kept() -> tuple[object, ...]:
        shown = client.get(f"/api/v1/conversations/{reply['conversation_id']}", headers=nora).json()[-1]
        return shown["rating"], shown["choice"], shown["reason"]

    def grouped() -> list[tuple[str, int]]:
        found = client.get("/api/v1/questions", headers=as_user("ada")).json()
        return [(reason["choice"], reason["count"]) for group in found for reason in group["reasons"]]

    bad = {"rating": -1, "choice": "outdated", "reason": "régi\nképernyő"}
    assert client.post(path, json=bad, headers=nora).status_code == 204
    assert kept() == (-1, "outdated", "régi\nképernyő") and grouped() == [("outdated", 1)]
    client.post(path, json={"rating": -1, "choice": "wrong"}, headers=nora)
    assert kept() == (-1, "wrong", "") and grouped() == [("wrong", 1)]
    client.post(path, json={"rating": 1}, headers=nora)
    assert kept() == (1, None, None) and grouped() == []
    assert client.delete(path, headers=nora).status_code == 204
    assert kept() == (None, None, None)
    assert client.post(path, json={"rating": -1, "choice": "ugly"}, headers=nora).status_code == 422


def test_questions_are_read_by_those_who_may_read_all_of_them(
    client: TestClient, as_user: Headers, ask: Asking
) -> None:
    ask("nora", UNKNOWN)
    ask("rita", "Hány lakosa van Mongóliának, mi a fővárosa?")
    ask("nora", "Szia!")
    for login in ("nora", "mate"):
        assert client.get("/api/v1/questions", headers=as_user(login)).status_code == 403
    (group,) = client.get("/api/v1/questions?state=open", headers=as_user("ada")).json()
    assert (group["count"], group["causes"], group["languages"]) == (2, ["unanswered"], ["hu"])
    assert "nora" not in str(group) and "rita" not in str(group)
    path = f"/api/v1/questions/{group['id']}"
    assert client.patch(path, json={"state": "closed"}, headers=as_user("mate")).status_code == 403
    assert client.patch(path, json={"state": "closed"}, headers=as_user("ada")).json()["state"] == "closed"
    assert client.get("/api/v1/questions?state=open", headers=as_user("ada")).json() == []


def test_a_conversation_is_handed_to_a_contact_and_their_answer_stands_in_it(
    client: TestClient, as_user: Headers, ask: Asking
) -> None:
    reply, nora = ask("nora", UNKNOWN), as_user("nora")
    path = f"/api/v1/conversations/{reply['conversation_id']}"
    contacts = client.get("/api/v1/handover-contacts", headers=nora).json()
    assert [(c["login"], c["role"]) for c in contacts] == [("ada", "administrator"), ("mate", "manager")]
    assert client.post(f"{path}/handover", json={"to": "rita"}, headers=nora).status_code == 404
    assert client.post(f"{path}/handover", json={"to": "mate"}, headers=as_user("ada")).status_code == 404
    made = client.post(f"{path}/handover", json={"to": "mate", "note": "Kérlek!"}, headers=nora)
    assert made.status_code == 201 and made.json()["state"] == "open"
    twice = client.post(f"{path}/handover", json={"to": "mate"}, headers=nora)
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "handover_open")
    shown = client.get(path, headers=nora).json()
    assert [m["role"] for m in shown] == ["user", "assistant", "handover"]
    assert shown[-1]["handover"]["note"] == "Kérlek!"
    assert client.get("/api/v1/conversations", headers=nora).json()[0]["handover"] == "open"
