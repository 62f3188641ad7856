"""Screens of uploaded requests: sent, looked at line by line, answered, made into an offer."""

import re
from collections.abc import Callable

from httpx import Response
from starlette.testclient import TestClient

from api.tokens import mint
from tests.api.test_request_routes import ROWS, workbook
from tests.conftest import KEY, ConsoleClient

Console = Callable[[str], ConsoleClient]


def uploaded(client: TestClient, login: str = "nora") -> str:
    headers = {"Authorization": f"Bearer {mint(KEY, login, 600)}"}
    sent = client.post("/api/v1/requests", files={"file": ("kérés.xlsx", workbook(*ROWS))}, headers=headers)
    code: str = sent.json()["code"]
    return code


def selected(page: Response) -> list[str]:
    return re.findall(r'<option value="([\w-]+)" selected', page.text)


def test_the_list_has_the_users_own_requests_alone(client: TestClient, console: Console) -> None:
    code = uploaded(client)
    assert code in console("nora").get("/requests").text
    assert code not in console("ada").get("/requests").text
    assert console("ada").get(f"/requests/{code}").status_code == 404


def test_the_sheet_shows_place_sureness_and_what_it_may_be(client: TestClient, console: Console) -> None:
    page = console("nora").get(f"/requests/{uploaded(client)}")
    assert "Sheet munkalap, 3. sor" in page.text and "Biztos" in page.text and "Ismeretlen" in page.text
    assert selected(page) == ["TOLL"]
    assert "Lehet, hogy ez" in page.text and "kérés.xlsx" in page.text


def test_an_offer_is_made_of_what_was_answered(client: TestClient, console: Console) -> None:
    code, nora = uploaded(client), console("nora")
    form: dict[str, object] = {
        "version": "1",
        "product-1": "TOLL",
        "quantity-1": "10",
        "product-2": "TINTA-K",
        "quantity-2": "3",
        "product-3": "",
        "quantity-3": "5",
    }
    early = nora.post(f"/requests/{code}", {**form, "make": ""})
    assert early.status_code == 409 and "még 1 dolgot" in early.text
    assert selected(early) == ["TOLL", "TINTA-K"]
    made = nora.post(f"/requests/{code}", {**form, "version": "2", "leave-3": "on", "make": ""})
    number = made.headers["location"].split("?")[0].rpartition("/")[2]
    assert nora.get(f"/offers/{number}").status_code == 200
    assert number in nora.get(f"/requests/{code}").text


def test_an_erased_request_is_gone(client: TestClient, console: Console) -> None:
    code, nora = uploaded(client), console("nora")
    assert nora.post(f"/requests/{code}/erase", {"version": "1"}).status_code == 303
    assert nora.get(f"/requests/{code}").status_code == 404
    assert code not in nora.get("/requests").text
