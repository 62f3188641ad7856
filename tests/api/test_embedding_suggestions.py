"""Suggested questions over HTTP: in the user's language, for the screen they are on."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from assistant.suggestions import catalogue

Headers = Callable[[str], dict[str, str]]


def test_a_screen_has_questions_and_an_unknown_one_the_general_ones(client: TestClient, as_user: Headers) -> None:
    def asked(screen: str | None) -> list[str]:
        params = {} if screen is None else {"screen": screen}
        found: list[str] = client.get("/api/v1/suggestions", params=params, headers=as_user("nora")).json()["questions"]
        return found

    assert asked("offer") == [s.hu for s in catalogue()["offer"]][:3]
    assert asked("a host's own") == asked(None) == [s.hu for s in catalogue()["other"]]


def test_suggestions_are_for_those_who_signed_in(client: TestClient) -> None:
    assert client.get("/api/v1/suggestions", params={"screen": "offer"}).status_code == 401
