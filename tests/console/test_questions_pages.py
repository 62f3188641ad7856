"""The editors' list: questions without a good answer, grouped, closed, and turned into pages that answer them."""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant import pages
from assistant.ask import Ask
from assistant.context import Parts
from assistant.reply import Reply
from assistant.turn import reply_to
from crm import erasing, feedback
from crm.actor import Actor
from crm.session import unit

Console = Callable[[str], Any]
People = Callable[[str], Actor]
QUESTION = "Hogyan kérek szabadságot a céges naptárban?"


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only some of the shipped pages, so that indexing takes a moment."""
    kept = tuple(p for p in pages.shipped() if p.id in ("contacts", "making-an-offer", "permissions"))
    monkeypatch.setattr(pages, "shipped", lambda: kept)
    return iter(())


@pytest.fixture
def ask(parts: Parts, people: People) -> Callable[..., Reply]:
    def run(login: str, message: str) -> Reply:
        return asyncio.run(reply_to(parts, people(login), Ask(message)))

    return run


Asking = Callable[..., Reply]


def group_paths(browser: Any, query: str = "") -> list[str]:
    page = browser.get(f"/help/questions{query}").text
    return list(dict.fromkeys(re.findall(r'href="(/help/questions/[0-9a-f]{32})"', page)))


def test_alike_questions_stand_together_and_say_who_asked_to_nobody(console: Console, ask: Asking) -> None:
    assert ask("nora", QUESTION).abstained
    ask("rita", "Hol lehet szabadságot kérni, céges naptárban?")
    ask("nora", "Milyen színű a kávéfőző a konyhában?")
    ask("nora", "Szia!")
    ada = console("ada")
    assert len(group_paths(ada)) == 2
    first = ada.get(group_paths(ada)[0]).text
    assert "szabadságot kérni" in first and QUESTION in first and "2 alkalommal" in first
    assert "nora" not in first.lower().replace("ada", "") and "rita" not in first.lower()


def test_only_those_who_may_read_every_question_get_in(console: Console, ask: Asking) -> None:
    ask("nora", QUESTION)
    (path,) = group_paths(console("ada"))
    for login in ("nora", "mate"):
        browser = console(login)
        for each in ("/help/questions", path, f"{path}/draft"):
            assert browser.get(each).status_code == 403
        assert browser.post(f"{path}/state", {"state": "closed"}).status_code == 403
        assert "/help/questions" not in browser.get("/help").text
    assert "/help/questions" in console("ada").get("/help").text


def test_a_group_is_closed_and_opened_again(console: Console, ask: Asking) -> None:
    ask("nora", QUESTION)
    ada = console("ada")
    (path,) = group_paths(ada)
    assert ada.post(f"{path}/state", {"state": "closed"}).status_code == 303
    assert group_paths(ada) == [] and group_paths(ada, "?state=closed") == [path]
    ada.post(f"{path}/state", {"state": "open"})
    assert group_paths(ada) == [path]


def test_a_closed_question_asked_again_comes_back_as_a_new_one(console: Console, ask: Asking) -> None:
    ask("nora", QUESTION)
    ada = console("ada")
    (path,) = group_paths(ada)
    ada.post(f"{path}/state", {"state": "closed"})
    ask("nora", QUESTION)
    assert group_paths(ada) not in ([], [path])


def test_a_draft_becomes_a_page_that_answers_the_next_asker(console: Console, ask: Asking) -> None:
    ask("nora", QUESTION)
    ada = console("ada")
    (path,) = group_paths(ada)
    begun = ada.post(f"{path}/draft")
    assert begun.status_code == 303 and group_paths(ada, "?state=drafted") == [path]
    form = ada.get(begun.headers["location"]).text
    assert QUESTION in form and "Ide írd a választ" in form and 'action="/help/new"' in form
    typed = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', form) for name in ("question", "page_id", "title")}
    sent = {name: found[1] for name, found in typed.items() if found}
    body = "## Szabadság kérése\n\nSzabadságot a céges naptárban a zöld gombbal kérsz."
    saved = ada.post(
        "/help/new", {**sent, "language": "hu", "body": body, "audience": ["everyone"], "version": "0", "screens": ""}
    )
    assert saved.status_code == 303, saved.text
    assert group_paths(ada, "?state=closed") == [path]
    assert saved.headers["location"] in ada.get(path).text
    answered = ask("rita", QUESTION)
    assert not answered.abstained and "zöld gombbal" in answered.text


def test_a_draft_quotes_no_page_that_is_for_few(console: Console, ask: Asking, parts: Parts, people: People) -> None:
    reply = ask("ada", "Hogyan ellenőrzöm az auditnaplót a robo audit verify paranccsal?")
    assert any(c.page_id == "audit-log" for c in reply.citations)
    with unit(parts.engine, people("ada")) as session:
        feedback.rate(session, reply.message_id, -1)
    ada = console("ada")
    (path,) = group_paths(ada)
    assert "/help/hu/audit-log" not in ada.get(f"{path}/draft").text


def test_an_erased_conversation_takes_its_question_with_it(
    console: Console, ask: Asking, parts: Parts, people: People
) -> None:
    reply = ask("nora", QUESTION)
    (path,) = group_paths(console("ada"))
    with unit(parts.engine, people("nora")) as session:
        erasing.erase(session, reply.conversation_id)
    assert group_paths(console("ada")) == [] and console("ada").get(path).status_code == 404
