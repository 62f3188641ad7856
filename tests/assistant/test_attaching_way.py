"""What goes with an offer, asked for and asked about by chat, in three languages."""

import asyncio
from collections.abc import Callable

import pytest

from assistant.ask import Ask
from assistant.context import Parts
from assistant.reply import Reply
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to
from core.language import Language
from crm import offers as offer_records
from crm.actor import Actor
from crm.session import unit
from offers import attaching
from tests.offers.pack_world import offer, pdf, put

People = Callable[[str], Actor]
TITLES: dict[Language, str] = {"hu": "Garanciális feltételek", "pl": "Warunki gwarancji", "en": "Warranty terms"}


@pytest.fixture
def nora(people: People, parts: Parts) -> Actor:
    for language, title in TITLES.items():
        put(parts, people("mate"), pdf(language), title, language=language)
    put(parts, people("mate"), pdf("refs"), "Referenciák", language="hu")
    put(parts, people("mate"), pdf("north"), "Termékleírás észak", language="hu")
    put(parts, people("mate"), pdf("south"), "Termékleírás dél", language="hu")
    return people("nora")


def said(parts: Parts, actor: Actor, message: str, number: str, conversation: str | None = None) -> Reply:
    screen = ScreenContext(id="offer", record=RecordRef(type="offer", code=number)) if number else None
    return asyncio.run(reply_to(parts, actor, Ask(message, conversation, screen)))


def titles(parts: Parts, actor: Actor, number: str) -> list[str]:
    with unit(parts.engine, actor, writes=False) as session:
        return [each.title for each in attaching.attached(offer_records.by_number(session, number).latest)]


@pytest.mark.parametrize(
    "message",
    [
        "Attach the warranty terms to it",
        "Please attach the warranty terms to this offer.",
        "Csatold hozzá a garanciális feltételeket!",
        "Mellékeld a garanciális feltételeket az ajánlathoz",
        "A garanciális feltételeket is csatold",
        "Dołącz do tej oferty warunki gwarancji",
        "Proszę dołączyć warunki gwarancji",
    ],
)
def test_a_document_is_attached_in_the_language_of_the_offer(parts: Parts, nora: Actor, message: str) -> None:
    number = offer(parts, nora)
    reply = said(parts, nora, message, number)
    assert titles(parts, nora, number) == ["Garanciális feltételek"], reply.text
    assert "Garanciális feltételek" in reply.text and number in reply.text


def test_the_offer_just_made_in_the_conversation_is_meant(parts: Parts, nora: Actor) -> None:
    made = said(parts, nora, "Készíts ajánlatot a Bartók Kft.-nek 10 db töltőtollra", "")
    assert made.offer is not None
    reply = said(parts, nora, "Csatold hozzá a referenciákat", "", made.conversation_id)
    assert titles(parts, nora, made.offer.number) == ["Referenciák"], reply.text


def test_without_an_offer_it_is_asked_which(parts: Parts, nora: Actor) -> None:
    reply = said(parts, nora, "Attach the warranty terms", "")
    assert reply.kind == "clarification"


def test_several_that_fit_are_asked_about_and_the_answer_attaches_one(parts: Parts, nora: Actor) -> None:
    number = offer(parts, nora)
    asked = said(parts, nora, "Csatold a termékleírást", number)
    assert asked.clarification is not None and titles(parts, nora, number) == []
    choice = next(each for each in asked.clarification.choices if "dél" in each.label)
    said(parts, nora, choice.value, number, asked.conversation_id)
    assert titles(parts, nora, number) == ["Termékleírás dél"]


def test_what_the_library_has_not_is_said(parts: Parts, nora: Actor) -> None:
    number = offer(parts, nora)
    reply = said(parts, nora, "Attach the privacy policy to it", number)
    assert "privacy policy" in reply.text and titles(parts, nora, number) == []


@pytest.mark.parametrize(
    "message", ["What is attached to it?", "Mi van csatolva hozzá?", "Milyen mellékletek vannak?", "Co jest dołączone?"]
)
def test_what_is_attached_is_told(parts: Parts, nora: Actor, message: str) -> None:
    number = offer(parts, nora, attach=())
    said(parts, nora, "Csatold a referenciákat", number)
    assert "Referenciák" in said(parts, nora, message, number).text


@pytest.mark.parametrize("message", ["Remove the references from it", "Vedd le a referenciákat", "Usuń referencje"])
def test_an_attached_document_is_taken_off(parts: Parts, nora: Actor, message: str) -> None:
    number = offer(parts, nora)
    said(parts, nora, "Csatold a referenciákat", number)
    reply = said(parts, nora, message, number)
    assert titles(parts, nora, number) == [], reply.text


@pytest.mark.parametrize(
    "message", ["How do I attach a file to an offer?", "Hogyan csatolok mellékletet?", "Jak dołączyć plik do oferty?"]
)
def test_how_it_is_done_is_for_the_help_pages(parts: Parts, nora: Actor, message: str) -> None:
    number = offer(parts, nora)
    said(parts, nora, message, number)
    assert titles(parts, nora, number) == []


def test_a_prompt_for_a_new_offer_that_attaches_makes_that_offer(parts: Parts, nora: Actor) -> None:
    prompt = "Készíts ajánlatot a Bartók Kft.-nek 10 db töltőtollra, és csatold a garanciális feltételeket"
    reply = said(parts, nora, prompt, "")
    assert reply.offer is not None, reply.text
    assert titles(parts, nora, reply.offer.number) == ["Garanciális feltételek"]
