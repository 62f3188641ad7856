"""A turn: kept, decided, answered with sources or turned into an offer, and kept again before it ends."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.events import Failed, Finished, Started, TurnEvent
from assistant.reply import Reply
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to, run_turn
from core.errors import AppError, NotFound
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Message, Offer

pytestmark = pytest.mark.both_databases

People = Callable[[str], Actor]


@pytest.fixture
def say_as(parts: Parts, people: People) -> Callable[..., Reply]:
    """One turn of a user, to its whole reply."""

    def run(login: str, message: str, **more: object) -> Reply:
        return asyncio.run(reply_to(parts, people(login), Ask(message, **more)))  # type: ignore[arg-type]

    return run


Say = Callable[..., Reply]


def test_a_question_is_answered_from_the_pages_with_its_source(say_as: Say) -> None:
    reply = say_as("nora", "Hogyan készítek ajánlatot egy mondatból?")
    assert (reply.kind, reply.language, reply.abstained) == ("answer", "hu", False)
    assert "[1]" in reply.text
    assert reply.citations[0].url.startswith("/help/hu/")
    assert reply.citations[0].quote.removesuffix(" …") in reply.text


@pytest.mark.parametrize(
    ("question", "language"), [("How do I make an offer?", "en"), ("Jak przygotować ofertę?", "pl")]
)
def test_the_answer_is_in_the_language_of_the_question(say_as: Say, question: str, language: str) -> None:
    reply = say_as("nora", question)
    assert reply.language == language
    assert all(f"/help/{language}/" in c.url for c in reply.citations)
    assert reply.citations


def test_what_the_pages_do_not_hold_is_admitted(say_as: Say) -> None:
    reply = say_as("nora", "Mi Mongólia fővárosa, és hány lakosa van?")
    assert reply.abstained and reply.citations == [] and reply.kind == "answer"


def test_pages_for_administrators_are_not_quoted_to_others(say_as: Say) -> None:
    question = "Hogyan ellenőrzöm az auditnaplót a robo audit verify paranccsal?"
    pages = {login: {c.page_id for c in say_as(login, question).citations} for login in ("ada", "nora")}
    assert "audit-log" in pages["ada"]
    assert "audit-log" not in pages["nora"]


def test_a_look_up_answers_from_the_records_the_asker_may_see(say_as: Say) -> None:
    seen = say_as("nora", "Ki a kapcsolattartó a Bartók Kft.-nél?")
    assert "C0001@x.example" in seen.text
    assert seen.citations[0].page_id == "customer:C0001"
    hidden = say_as("rita", "Ki a kapcsolattartó a Malinowski Sp. z o.o.-nál?")
    assert "x.example" not in hidden.text and hidden.abstained


def test_the_record_on_screen_is_what_this_customer_means(say_as: Say) -> None:
    screen = ScreenContext(id="customer", record=RecordRef(type="customer", code="C0005"))
    reply = say_as("nora", "Who is the contact of this customer?", screen=screen)
    assert "C0005@x.example" in reply.text
    offer = say_as("nora", "Make an offer for this customer: 3 fountain pens", screen=screen)
    assert offer.offer is not None and offer.offer.customer.code == "C0005"


def test_a_message_on_the_screen_is_quoted_in_the_answer(say_as: Say) -> None:
    screen = ScreenContext(id="opportunity", messages=("Ez a lépés nem engedélyezett",))
    reply = say_as("nora", "Mit jelent ez az üzenet a képernyőn, milyen lépés?", screen=screen)
    assert "Ez a lépés nem engedélyezett" in reply.text


def test_a_clarification_is_answered_by_the_next_message(say_as: Say) -> None:
    asked = say_as("nora", "Bartókéknak kell egy ajánlat 2 tintára")
    assert asked.clarification is not None and asked.clarification.field == "customer"
    customer = say_as("nora", asked.clarification.choices[0].value, conversation_id=asked.conversation_id)
    assert customer.clarification is not None and customer.clarification.field == "product"
    made = say_as("nora", "TINTA-K", conversation_id=asked.conversation_id)
    assert made.offer is not None
    line = made.offer.lines[0]
    assert (made.offer.customer.code, line.sku, line.quantity) == (
        "C0001",
        "TINTA-K",
        "2",
    )


def test_another_question_is_not_taken_for_the_answer_to_a_clarification(say_as: Say) -> None:
    asked = say_as("nora", "Bartókéknak kell egy ajánlat 2 töltőtollra")
    reply = say_as("nora", "Hogyan készítek ajánlatot?", conversation_id=asked.conversation_id)
    assert reply.kind == "answer" and reply.citations


def test_small_talk_is_declined_with_what_can_be_asked(say_as: Say) -> None:
    assert say_as("nora", "Szia!").kind == "refusal"


@pytest.mark.parametrize(("message", "code"), [("  ", "empty_message"), ("x" * 10_001, "message_too_long")])
def test_a_message_that_cannot_be_taken_is_refused_before_anything_is_kept(
    say_as: Say, parts: Parts, message: str, code: str
) -> None:
    with pytest.raises(AppError) as refused:
        say_as("nora", message)
    assert refused.value.code == code
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Message)).all() == []


def test_nobody_can_go_on_with_another_users_conversation(say_as: Say) -> None:
    mine = say_as("nora", "Szia!")
    with pytest.raises(NotFound):
        say_as("ada", "Szia!", conversation_id=mine.conversation_id)


def test_the_reply_is_kept_before_the_last_event(parts: Parts, people: People) -> None:
    async def run() -> list[TurnEvent]:
        events = []
        async for event in run_turn(parts, people("nora"), Ask("Hogyan készítek ajánlatot?")):
            if isinstance(event, Finished):
                with unit(parts.engine, people("nora"), writes=False) as session:
                    kept = session.scalars(select(Message).order_by(Message.id)).all()
                    assert [m.role for m in kept] == ["user", "assistant"]
                    assert kept[1].reply is not None and kept[1].reply["text"] == event.reply.text
            events.append(event)
        return events

    events = asyncio.run(run())
    assert isinstance(events[0], Started) and isinstance(events[-1], Finished)


def test_a_fault_inside_a_turn_ends_it_with_a_sentence_and_leaves_no_offer(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("offers.service.store", broken)

    async def run() -> list[TurnEvent]:
        ask = Ask("Ajánlat a Bartók Kft.-nek 2 töltőtollra")
        return [event async for event in run_turn(parts, people("nora"), ask)]

    last = asyncio.run(run())[-1]
    assert isinstance(last, Failed) and last.code == "unexpected" and "disk full" not in last.message
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Offer)).all() == []


def test_the_answer_to_a_clarification_keeps_the_language_the_prompt_was_read_in(say_as: Say) -> None:
    asked = say_as("nora", "Please make an offer for the Bartók firm: 1,500 fountain pens")
    assert asked.clarification is not None and asked.language == "en"
    made = say_as("nora", "C0001", conversation_id=asked.conversation_id)
    assert made.offer is not None and made.offer.lines[0].quantity == "1500" and made.language == "en"


@pytest.mark.parametrize(
    ("prompt", "answer", "quantity", "discount"),
    [
        ("Ajánlat a Bartók Kft.-nek töltőtollra", "1 200 db", "1200", "0"),
        ("Ajánlat a Bartók Kft.-nek 2 000 000 töltőtollra", "20", "20", "0"),
        ("Ajánlat a Bartók Kft.-nek 2 töltőtollra 150% kedvezménnyel", "15%", "2", "15"),
    ],
)
def test_a_number_asked_for_is_answered_by_a_number(
    say_as: Say, prompt: str, answer: str, quantity: str, discount: str
) -> None:
    asked = say_as("nora", prompt)
    assert asked.clarification is not None
    made = say_as("nora", answer, conversation_id=asked.conversation_id)
    assert made.offer is not None
    assert (made.offer.lines[0].quantity, made.offer.lines[0].discount_percent) == (quantity, discount)


def test_an_answer_with_two_numbers_is_asked_again(say_as: Say) -> None:
    asked = say_as("nora", "Ajánlat a Bartók Kft.-nek töltőtollra")
    again = say_as("nora", "2 (nem 3)", conversation_id=asked.conversation_id)
    assert again.offer is None and again.clarification is not None
