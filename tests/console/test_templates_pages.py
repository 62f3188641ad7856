"""The screens of offer templates: uploading one, reading its fault, and putting it to use."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.test_template_routes import own
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
PATH = "/settings/templates"


def upload(browser: ConsoleClient, file: bytes, path: str = "/new", **data: Any) -> Any:
    """Send a file as the form on the screen does."""
    sent = {"Accept": "text/html", "X-CSRF": browser._csrf}
    files = {"file": ("own.docx", file)}
    return browser._client.post(PATH + path, files=files, data=data, headers=sent, follow_redirects=False)


def test_a_template_is_uploaded_made_standard_and_shown(console: Console) -> None:
    ada = console("ada")
    assert "Még nincs saját sablon." in ada.get(PATH).text
    made = upload(ada, own(), name="Saját arculat", language="hu")
    assert made.headers["location"] == f"{PATH}/T0001"
    assert "Megvan, nem használjuk" in ada.get(PATH).text
    form = {"version": "1", "name": "Arculat", "active": "1", "standard": "1"}
    assert ada.post(f"{PATH}/T0001", form).status_code == 303
    listed = ada.get(PATH).text
    assert "Arculat" in listed and "Alapértelmezett" in listed
    assert ada.post(f"{PATH}/T0001", form).status_code == 409
    assert upload(ada, own(mark="NEXT"), "/T0001/file", version="2").status_code == 303
    assert ada.get(f"{PATH}/T0001").text.count("own.docx") == 2
    assert ada.get(f"{PATH}/T0001/file?ordinal=1").content == own()
    assert ada.get(f"{PATH}/shipped/pl").content[:2] == b"PK"


def test_a_fault_comes_back_with_its_place_and_what_was_typed(console: Console) -> None:
    ada = console("ada")
    page = upload(ada, own(mark="{{ nummber }}"), name="Saját arculat", language="hu")
    assert page.status_code == 422
    assert "nummber" in page.text and "number" in page.text and "törzsszöveg" in page.text
    assert 'value="Saját arculat"' in page.text


@pytest.mark.parametrize("login", ["nora", "mate"])
def test_it_is_not_there_for_who_may_not_change_templates(console: Console, login: str) -> None:
    upload(console("ada"), own(), name="Saját arculat", language="hu")
    browser = console(login)
    for path in ("", "/T0001", "/T0001/file", "/T0001/preview?offer=AJ-2026-00001"):
        assert browser.get(PATH + path).status_code == 404
    assert upload(browser, own(), name="x", language="hu").status_code in (403, 404)
