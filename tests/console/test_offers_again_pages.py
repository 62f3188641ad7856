"""The offer form keeps what was written by chat; from the sheet an offer is repriced and copied for somebody else."""

from datetime import timedelta
from decimal import Decimal

import pytest

from assistant.context import Parts
from core.clock import today
from crm.actor import Actor
from offers.figures import Edit, EditedLine

FIELDS = {"key": "l0", "product": "TOLL", "quantity": "6", "discount_percent": ""}


@pytest.fixture
def number(parts: Parts, people) -> str:  # type: ignore[no-untyped-def]
    """An offer that says all that an offer can say."""
    nora: Actor = people("nora")
    lines = (EditedLine("TOLL", Decimal(5), None, True, "pens", "with a name"), EditedLine("TEA", Decimal(5)))
    until = today() + timedelta(days=20)
    edit = Edit(lines, until, 8, title="Pens", notes="Ring first.", delivery="by post", warranty="a year")
    return parts.offers.create(nora, "C0005", edit).number


def test_the_form_shows_what_chat_wrote(console, number: str) -> None:  # type: ignore[no-untyped-def]
    page = console("nora").get(f"/offers/{number}/edit").text
    for said in ("with a name", "Ring first.", "by post", "a year", 'value="Pens"', 'value="pens"'):
        assert said in page


def test_texts_the_form_did_not_send_stay(console, number: str, parts: Parts, people) -> None:  # type: ignore[no-untyped-def]
    nora = people("nora")
    lock = parts.offers.detail(nora, number).lock
    until = (today() + timedelta(days=20)).isoformat()
    terms = {"valid_until": until, "payment_days": "8", "version": str(lock), "language": "en", "currency": "EUR"}
    sent = {**FIELDS, "optional": "1", "option_group": "pens", "line_text": "with a name", **terms}
    # One fixed line has to be left: the pen is fixed, the rest of what it says is sent along.
    assert console("nora").post(f"/offers/{number}/edit", {**sent, "optional": ""}).status_code == 303
    saved = parts.offers.view(nora, number)
    assert (saved.title, saved.notes, saved.delivery, saved.warranty) == ("Pens", "Ring first.", "by post", "a year")
    assert (saved.lines[0].text, saved.lines[0].option_group, saved.lines[0].quantity) == ("with a name", "pens", "6")


def test_a_copy_is_made_from_the_sheet(console, number: str, parts: Parts, people) -> None:  # type: ignore[no-untyped-def]
    answer = console("nora").post(f"/offers/{number}/copy", {"customer": "C0001 · Bartók Kft.", "version": "1"})
    made = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    copied = parts.offers.view(people("nora"), made)
    assert (copied.customer.code, copied.currency, copied.title) == ("C0001", "HUF", "Pens") and made != number


def test_repricing_without_another_price_says_so(console, number: str) -> None:  # type: ignore[no-untyped-def]
    answer = console("nora").post(f"/offers/{number}/reprice", {"version": "1"})
    assert answer.status_code == 409 and number in answer.text


def test_the_api_copies_and_reprices(client, as_user, number: str) -> None:  # type: ignore[no-untyped-def]
    path = f"/api/v1/offers/{number}"
    copied = client.post(f"{path}/copy", json={"customer": "C0001"}, headers=as_user("nora"))
    assert copied.status_code == 201 and copied.json()["offer"]["currency"] == "HUF"
    same = client.post(f"{path}/reprice", headers=as_user("nora"))
    assert same.status_code == 409
    assert client.post(f"{path}/copy", json={"customer": "C0004"}, headers=as_user("rita")).status_code == 404
