"""Conversations as screens: one's own to read, rename, erase and hand over; those handed over to answer."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.reply import Reply
from assistant.turn import reply_to
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Grant

Console = Callable[[str], Any]
People = Callable[[str], Actor]
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)>"


@pytest.fixture
def ask(parts: Parts, people: People) -> Callable[..., Reply]:
    def run(login: str, message: str, conversation: str | None = None) -> Reply:
        return asyncio.run(reply_to(parts, people(login), Ask(message, conversation)))

    return run


Asking = Callable[..., Reply]


def handed(console: Console, talk: str, giver: str, to: str, note: str = "Kérlek!") -> str:
    """The path of what `giver` handed to `to`."""
    answer = console(giver).post(f"/conversations/{talk}/handover", {"to": to, "note": note})
    assert answer.status_code == 303, answer.text
    found = re.search(r'href="(/handovers/[0-9a-f]{32})"', console(to).get("/handovers").text)
    assert found is not None
    return found[1]


def test_one_finds_reads_renames_and_erases_ones_own(console: Console, ask: Asking) -> None:
    reply = ask("nora", "Ki a kapcsolattartó a Bartók Kft.-nél?")
    ask("nora", "és a Malinowskinál?", reply.conversation_id)
    path, nora = f"/conversations/{reply.conversation_id}", console("nora")
    assert path in nora.get("/conversations?search=bartok").text
    assert path not in nora.get("/conversations?search=nincsilyen").text
    page = nora.get(path).text
    assert "C0001@x.example" in page and "Így értettem:" in page
    assert nora.post(f"{path}/rename", {"title": "Kapcsolatok"}).status_code == 303
    assert "Kapcsolatok" in nora.get("/conversations").text
    wrong = nora.post(f"{path}/rename", {"title": "x" * 81})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text
    assert nora.post(f"{path}/erase").status_code == 303
    assert nora.get(path).status_code == 404 and path not in nora.get("/conversations").text


def test_nobody_opens_another_users_conversation(console: Console, ask: Asking) -> None:
    path = f"/conversations/{ask('nora', 'Szia!').conversation_id}"
    for login in ("ada", "mate", "rita"):
        other = console(login)
        assert other.get(path).status_code == 404 and path not in other.get("/conversations").text
        assert other.post(f"{path}/erase").status_code == 404


def test_what_was_typed_is_text(console: Console, ask: Asking) -> None:
    reply = ask("nora", f"Hogyan készítek ajánlatot? {HOSTILE}")
    path = f"/conversations/{reply.conversation_id}"
    theirs = handed(console, reply.conversation_id, "nora", "mate", HOSTILE)
    console("mate").post(f"{theirs}/answer", {"answer": HOSTILE})
    for page in (
        console("nora").get(path).text,
        console("nora").get("/conversations").text,
        console("mate").get(theirs).text,
        console("mate").get("/handovers").text,
    ):
        assert "<script>alert" not in page and "<img" not in page


def test_an_answer_reaches_the_asker_and_the_count_goes_down(console: Console, ask: Asking) -> None:
    reply = ask("nora", "Mi Mongólia fővárosa, és hány lakosa van?")
    theirs = handed(console, reply.conversation_id, "nora", "mate")
    mate = console("mate")
    assert "1 dolog vár rád" in mate.get("/customers").text
    page = mate.get(theirs).text
    assert "Mongólia" in page and "Kérlek!" in page
    assert mate.post(f"{theirs}/answer", {"answer": " "}).status_code == 422
    assert mate.post(f"{theirs}/answer", {"answer": "Ulánbátor."}).status_code == 303
    assert "vár a válaszodra" not in mate.get("/customers").text
    assert "Ulánbátor." in console("nora").get(f"/conversations/{reply.conversation_id}").text
    for login in ("ada", "nora", "rita"):
        assert console(login).get(theirs).status_code == 404


def test_an_answer_about_a_record_out_of_reach_is_not_shown_to_whom_it_was_handed(
    console: Console, ask: Asking, parts: Parts
) -> None:
    with unit(parts.engine, SYSTEM) as session:
        for grant in session.scalars(
            select(Grant).where(Grant.role_code == "manager", Grant.resource_name == "customer", Grant.action == "read")
        ):
            grant.scope = "own"
    seen = ask("nora", "Ki a kapcsolattartó a Bartók Bt.-nél?")
    ask("nora", "Ki a kapcsolattartó a Malinowski Sp. z o.o.-nál?", seen.conversation_id)
    ask("nora", "Hogyan készítek ajánlatot egy mondatból?", seen.conversation_id)
    page = console("mate").get(handed(console, seen.conversation_id, "nora", "mate")).text
    assert "C0003@x.example" in page
    assert "C0004@x.example" not in page and page.count("nincs hozzáférésed") == 1
    # What the asker wrote stays: they chose to hand it over.
    assert "Malinowski Sp. z o.o.-nál?" in page
    assert "/help/hu/making-an-offer" in page


def test_a_page_for_few_is_not_read_by_way_of_a_hand_over(console: Console, ask: Asking) -> None:
    reply = ask("ada", "Hogyan ellenőrzöm az auditnaplót a robo audit verify paranccsal?")
    assert any(c.page_id == "audit-log" for c in reply.citations)
    console("ada").post("/handovers/contacts", {"logins": "nora"})
    # The chosen contact is the only one, also for those who had others by right.
    refused = console("rita").post(f"/conversations/{ask('rita', 'Szia!').conversation_id}/handover", {"to": "ada"})
    assert refused.status_code == 404
    page = console("nora").get(handed(console, reply.conversation_id, "ada", "nora")).text
    assert "nincs hozzáférésed" in page and "audit-log" not in page


def test_contacts_are_chosen_by_those_who_may_change_settings(console: Console) -> None:
    ada = console("ada")
    assert console("mate").post("/handovers/contacts", {"logins": "nora"}).status_code == 403
    wrong = ada.post("/handovers/contacts", {"logins": "nora, nobody"})
    assert wrong.status_code == 404 and 'value="nora, nobody"' in wrong.text
    assert ada.post("/handovers/contacts", {"logins": "nora; mate"}).status_code == 303
    assert 'value="nora, mate"' in ada.get("/handovers").text
    assert "logins" not in console("mate").get("/handovers").text
