"""The screens of documents: uploading, whom they are for, reading and saving them."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.context import Parts
from assistant.document_index import desk
from tests.conftest import ConsoleClient
from tests.retrieval.parsing_samples import docx

Console = Callable[[str], ConsoleClient]
PATH = "/help/documents"
RULES = docx(("Title", "Házirend"), ("Heading 1", "Cipő"), ("Normal", "A cipőt az ajtónál hagyjuk."))


def upload(browser: ConsoleClient, file: bytes = RULES, name: str = "a.docx", path: str = "/new", **data: Any) -> Any:
    """Send a file as the form on the screen does."""
    sent = {"Accept": "text/html", "X-CSRF": browser._csrf}
    return browser._client.post(
        PATH + path, files={"file": (name, file)}, data=data, headers=sent, follow_redirects=False
    )


def settled(parts: Parts) -> None:
    desk(parts.engine, parts.knowledge).settle(30)


def test_an_uploaded_document_is_listed_edited_and_deleted(console: Console, parts: Parts) -> None:
    ada = console("ada")
    assert upload(ada, audience=["normal", "administrator"]).headers["location"] == PATH
    settled(parts)
    listed = ada.get(PATH).text
    assert "Házirend" in listed and "Normál, Adminisztrátor" in listed and "válaszolunk belőle" in listed
    form = {"title": "Rend", "language": "hu", "audience": "manager", "version": "1", "screens": ""}
    assert ada.post(f"{PATH}/D0001", form).status_code == 303
    assert "Vezető" in ada.get(PATH).text and ada.post(f"{PATH}/D0001", form).status_code == 409
    assert ada.post(f"{PATH}/D0001/remove", {"version": "2"}).status_code == 303
    assert "Rend" not in ada.get(PATH).text


def test_its_text_is_a_page_of_the_help_that_leads_to_the_file(console: Console, parts: Parts) -> None:
    upload(console("ada"), audience="everyone")
    nora = console("nora")
    page = nora.get("/help/hu/doc-D0001").text
    assert '<h2 id="cipo">Cipő</h2>' in page and f'href="{PATH}/D0001/file"' in page and "a.docx" in page
    assert f'href="{PATH}/D0001"' not in page
    assert "A cég dokumentumai" in nora.get("/help").text
    assert nora.get(f"{PATH}/D0001/file").content == RULES


@pytest.mark.parametrize("login", ["nora", "mate"])
def test_who_may_not_change_pages_has_no_business_here(console: Console, login: str) -> None:
    upload(console("ada"), audience="administrator")
    browser = console(login)
    for path in ("", "/D0001", "/D0001/file", "/D0001/state"):
        assert browser.get(PATH + path).status_code in (403, 404)
    assert upload(browser, audience="everyone").status_code == 403
    assert PATH not in browser.get("/help").text


@pytest.mark.parametrize(
    ("file", "data", "said"),
    [
        (b"", {"audience": "everyone"}, "üres"),
        (RULES, {}, "Válaszd ki, kinek szól"),
        (b"PK\x03\x04", {"audience": "everyone"}, "sérült"),
    ],
)
def test_a_refused_upload_comes_back_with_the_reason(
    console: Console, file: bytes, data: dict[str, str], said: str
) -> None:
    answer = upload(console("ada"), file, title="Egy cím", **data)
    assert answer.status_code == 422 and said in answer.text and "Egy cím" in answer.text


def test_another_file_is_put_in_its_place_and_the_same_one_refused(console: Console, parts: Parts) -> None:
    ada = console("ada")
    upload(ada, audience="everyone")
    upload(ada, b"Other words.", "b.txt", audience="everyone")
    same = upload(ada, RULES, "c.docx", "/D0002/file", version="1")
    assert same.status_code == 409 and "D0001" in same.text
    assert upload(ada, b"Newer words.", "d.txt", "/D0002/file", version="1").status_code == 303
    assert "d.txt" in ada.get(f"{PATH}/D0002").text
