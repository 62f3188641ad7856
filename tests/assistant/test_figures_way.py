"""Why a figure of an offer is what it is: asked in chat, answered from what is kept with the offer."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from assistant.context import Parts
from assistant.figures_way import aspects_of
from crm.actor import SYSTEM, Actor
from crm.session import unit
from tests.offers.price_samples import D, Listed, Row, edit, give_rate, put

People = Callable[[str], Actor]


@pytest.mark.parametrize(
    ("message", "aspects"),
    [
        ("Honnan van ez az ár?", ("price",)),
        ("Skąd ta cena?", ("price",)),
        ("Why this price?", ("price",)),
        ("where does this price come from", ("price",)),
        ("Miért ennyi az áfa?", ("vat",)),
        ("dlaczego taki rabat", ("discount",)),
        ("Melyik árfolyammal számoltál?", ("rate",)),
        ("How did you get the total?", ("total",)),
    ],
)
def test_asking_where_a_figure_comes_from_is_told_by_its_words(message: str, aspects: tuple[str, ...]) -> None:
    assert aspects_of(message) == aspects


@pytest.mark.parametrize(
    "message",
    [
        "Why can't I change the price?",
        "Miért kell jóváhagyás a kedvezményhez?",
        "How is VAT calculated?",
        "where do new prices for january go",
        "Jak zmienić cenę?",
        "Mennyibe kerül a prémium licenc?",
        "",
    ],
)
def test_other_questions_about_prices_are_left_alone(message: str) -> None:
    assert aspects_of(message) == ()


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Honnan van ez az ár?", ("List 0 (L0)", "30,00 EUR", "1 EUR = 395,5 HUF", "10%", "27%")),
        ("Skąd ta cena?", ("List 0 (L0)", "30,00 EUR", "1 EUR = 395,5 HUF", "10%", "27%")),
        ("Why this price?", ("List 0 (L0)", "30.00 EUR", "1 EUR = 395.5 HUF", "10%", "27%")),
    ],
)
def test_the_answer_names_row_list_break_discount_rate_and_vat(
    client: TestClient,
    as_user: Callable[[str], dict[str, str]],
    engine: Engine,
    parts: Parts,
    people: People,
    message: str,
    said: tuple[str, ...],
) -> None:
    with unit(engine, SYSTEM) as session:
        mine = Listed("C0001", None, None, -1, None, True)
        put(session, [mine], [Row(0, "EUR", D(30), D(5), -1, None)])
        give_rate(session, "EUR", "HUF", D("395.5"))
    number = parts.offers.create(people("nora"), "C0001", edit(("TOLL", "5"), discount="10")).number
    asked = {"message": message, "screen": {"id": "offer", "record": {"type": "offer", "code": number}}}
    reply = client.post("/api/v1/chat", json=asked, headers=as_user("nora")).json()
    text = reply["text"].replace("\xa0", " ")
    assert reply["kind"] == "answer" and all(words in text for words in said)
    assert reply["citations"][0]["page_id"] == f"offer:{number}"
    told = client.get(f"/api/v1/offers/{number}/provenance", headers=as_user("nora")).json()
    assert told["margins"] is None and all(figure["kind"] != "none" for figure in told["figures"])
    assert client.get(f"/api/v1/offers/{number}/provenance", headers=as_user("mate")).json()["margins"] is not None
    # Out of reach it is answered as what does not exist.
    hidden = client.post("/api/v1/chat", json=asked, headers=as_user("rita")).json()
    assert hidden["abstained"] and "395" not in hidden["text"] and "EUR" not in hidden["text"]
    assert client.get(f"/api/v1/offers/{number}/provenance", headers=as_user("rita")).status_code == 404
