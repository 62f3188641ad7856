"""Help as screens: contents, search, pages by right with and without signing in, and writing them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.console.help_text import excerpt, render
from assistant import pages
from assistant.context import Parts
from retrieval.chunks import chunk_markdown

Console = Callable[[str], Any]
BODY = "Bevezető **erős** szó.\n\n## Kinek szóljak?\n\nJutkának.\n\n## Kinek szóljak?\n\nMásnak."
TYPED = {
    **{"title": "Szabadság kérése", "page_id": "leave", "language": "hu", "screens": "leave, calendar"},
    **{"body": BODY, "audience": ["everyone"], "version": "0"},
}


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only some of the shipped pages, so that indexing takes a moment."""
    kept = tuple(p for p in pages.shipped() if p.id in ("audit-log", "contacts", "making-an-offer", "permissions"))
    monkeypatch.setattr(pages, "shipped", lambda: kept)
    return iter(())


def found(browser: Any, question: str) -> list[str]:
    page = browser.get(f"/help?q={question}").text
    return re.findall(r'<li><a href="(/help/[^"]+)"', page.split('<ol class="list found">', 1)[-1])


def test_the_contents_hold_what_the_user_may_read(console: Console) -> None:
    for login, sees in (("ada", True), ("nora", False)):
        page = console(login).get("/help").text
        assert "/help/hu/contacts" in page
        assert ("/help/hu/audit-log" in page) is sees
        assert ('href="/help/new"' in page) is sees


def test_a_search_marks_the_words_and_leads_to_the_section(console: Console) -> None:
    page = console("nora").get("/help?q=kapcsolattartó").text
    assert "<mark>" in page
    assert re.search(r'href="/help/hu/contacts#[a-z0-9-]+"', page)


def test_a_page_is_read_in_the_console_and_by_right(console: Console) -> None:
    page = console("nora").get("/help/hu/contacts")
    assert page.status_code == 200 and 'id="screen"' in page.text and "<h2 id=" in page.text
    assert console("nora").get("/help/hu/audit-log").status_code == 404
    assert console("nora").get("/help/hu/no-such-page").status_code == 404
    assert console("ada").get("/help/hu/audit-log").status_code == 200


def test_without_signing_in_one_reads_what_is_for_everyone_and_is_asked_to_sign_in_for_the_rest(
    client: TestClient,
) -> None:
    html = {"Accept": "text/html"}
    page = client.get("/help/hu/contacts", headers=html)
    assert page.status_code == 200 and 'id="screen"' not in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    asked = [
        client.get(f"/help/hu/{page_id}", headers=html, follow_redirects=False)
        for page_id in ("audit-log", "no-such-page")
    ]
    # Both alike: nobody learns which pages there are.
    assert [(answer.status_code, answer.headers["location"].split("=")[0]) for answer in asked] == [
        (303, "/sign-in?next")
    ] * 2
    assert client.get("/help/hu/audit-log").status_code == 404


def test_a_page_is_written_found_changed_hidden_and_deleted(console: Console, parts: Parts) -> None:
    ada, nora = console("ada"), console("nora")
    made = ada.post("/help/new", TYPED)
    assert made.status_code == 303 and made.headers["location"] == "/help/hu/leave"
    assert "/help/hu/leave#kinek-szoljak" in found(nora, "Kinek szóljak szabadság miatt?")
    page = nora.get("/help/hu/leave").text
    assert "<strong>erős</strong>" in page
    assert 'id="kinek-szoljak"' in page and 'id="kinek-szoljak-2"' in page
    edit = "/help/hu/leave/edit"
    assert 'name="version" value="1"' in ada.get(edit).text
    changed = {**TYPED, "version": "1", "body": "Most már a sárga mappában."}
    assert ada.post(edit, changed).status_code == 303
    stale = ada.post(edit, {**changed, "title": "Másik cím"})
    assert stale.status_code == 409 and 'value="Másik cím"' in stale.text
    assert ada.post("/help/hu/leave/hide", {"version": "2"}).status_code == 303
    assert nora.get("/help/hu/leave").status_code == 404
    assert found(nora, "sárga mappa szabadság") == [] or "/help/hu/leave" not in found(nora, "sárga mappa szabadság")
    assert ada.post("/help/hu/leave/remove", {"version": "3"}).status_code == 303
    assert ada.get("/help/hu/leave").status_code == 404


def test_a_form_that_is_refused_comes_back_with_what_was_typed(console: Console) -> None:
    wrong = console("ada").post("/help/new", {**TYPED, "page_id": "Szabadság!", "title": "", "audience": []})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2 and "Válaszd ki, kinek szól" in wrong.text
    assert "Kinek szóljak?" in wrong.text and 'value="Szabadság!"' in wrong.text


def test_those_without_the_right_write_nothing(console: Console) -> None:
    nora = console("nora")
    assert nora.get("/help/new").status_code == 403
    assert nora.get("/help/hu/contacts/edit").status_code == 403
    assert nora.post("/help/new", TYPED).status_code == 403
    assert nora.post("/help/hu/contacts/hide", {"version": "0"}).status_code == 403
    assert "/edit" not in nora.get("/help/hu/contacts").text


def test_a_shipped_page_is_changed_and_comes_back(console: Console) -> None:
    ada = console("ada")
    shipped = ada.get("/help/hu/contacts").text
    assert ada.post("/help/hu/contacts/edit", {**TYPED, "title": "Kapcsolatok"}).status_code == 303
    assert "Jutkának" in ada.get("/help/hu/contacts").text
    assert ada.post("/help/hu/contacts/remove", {"version": "1"}).status_code == 303
    body = ada.get("/help/hu/contacts").text.split('<div class="prose">', 1)[1].split("</article>", 1)[0]
    assert body in shipped


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) ![p](https://evil.example/p.png)"
)


def test_a_page_is_text_whatever_was_typed(console: Console) -> None:
    ada = console("ada")
    preview = ada.post("/help/preview", {"body": HOSTILE}).text
    ada.post("/help/new", {**TYPED, "title": "<b>x</b>", "body": HOSTILE})
    for page in (preview, ada.get("/help/hu/leave").text, ada.get("/help").text, ada.get("/help?q=alert").text):
        assert "<script>alert" not in page and "<img" not in page and "<b>x</b>" not in page
        assert 'href="javascript:' not in page


@given(st.text(max_size=300), st.text(max_size=40))
def test_an_excerpt_holds_no_markup_but_the_marks(text: str, question: str) -> None:
    shown = str(excerpt(text, question)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown


@given(st.lists(st.sampled_from(["## Egy", "## Kettő", "### Egy", "szöveg", "# Cím"]), max_size=8))
def test_every_citation_finds_its_heading(lines: list[str]) -> None:
    body = "\n\n".join(lines)
    html = str(render(body)[0])
    for chunk in chunk_markdown("Cím", body):
        if chunk.anchor:
            assert f'id="{chunk.anchor}"' in html
