"""Follow-ups: what leans on the message before is answered as the whole it stands for; what stands alone is left."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ask import Ask
from assistant.context import Parts
from assistant.followup.words import asks_why, opened, wanted_language
from assistant.reply import Reply
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to
from crm.actor import Actor

People = Callable[[str], Actor]
Talk = Callable[..., list[Reply]]


@pytest.fixture
def talk(parts: Parts, people: People) -> Talk:
    """A dialogue: each message in the same conversation, to the replies."""

    def run(*messages: str, login: str = "nora", screen: ScreenContext | None = None) -> list[Reply]:
        replies: list[Reply] = []
        for message in messages:
            conversation = replies[-1].conversation_id if replies else None
            ask = Ask(message, conversation, screen)
            replies.append(asyncio.run(reply_to(parts, people(login), ask)))
        return replies

    return run


@pytest.mark.parametrize(
    ("request_", "again"),
    [
        ("Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra", "és kettőre?"),
        ("Przygotuj ofertę dla Malinowski Sp. z o.o. na 5 sztuk TOLL", "a dla dwóch?"),
        ("Make an offer for Green & Hill Ltd: 5 fountain pens", "and for two?"),
    ],
)
def test_the_same_offer_with_another_quantity(talk: Talk, request_: str, again: str) -> None:
    first, second = talk(request_, again)
    assert first.offer is not None and second.offer is not None
    assert (first.offer.lines[0].quantity, second.offer.lines[0].quantity) == ("5", "2")
    assert (second.offer.number, second.offer.version) == (first.offer.number, 2)
    assert [change.field for change in second.offer_changes] == ["quantity", "net", "gross"]


def test_quantities_follow_each_other(talk: Talk) -> None:
    *_, last = talk("Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra", "és kettőre?", "és 7 darabra?")
    assert last.offer is not None and last.offer.lines[0].quantity == "7"


def test_an_offer_for_another_customer(talk: Talk) -> None:
    _, second = talk("Make an offer for Green & Hill Ltd: 5 fountain pens", "and for Malinowski?")
    assert second.offer is not None
    assert (second.offer.customer.code, second.offer.lines[0].quantity) == ("C0004", "5")
    assert second.offer.made_from.startswith("offer ") and second.offer.currency == "PLN"


@pytest.mark.parametrize(
    ("question", "again", "answer"),
    [
        ("Ki a kapcsolattartó a Bartók Kft.-nél?", "és a Malinowskinál?", "C0004@x.example"),
        ("Kto jest osobą kontaktową w Malinowski Sp. z o.o.?", "a w Green & Hill?", "C0005@x.example"),
        ("Who is the contact at Green & Hill?", "and Malinowski?", "C0004@x.example"),
    ],
)
def test_the_same_look_up_for_another_customer(talk: Talk, question: str, again: str, answer: str) -> None:
    first, second = talk(question, again)
    assert "@x.example" in first.text and answer not in first.text
    assert answer in second.text and second.asked_as


def test_a_customer_out_of_reach_is_answered_like_one_that_does_not_exist(talk: Talk) -> None:
    question = "Ki a kapcsolattartó a Bartók és Fia Kft.-nél?"
    _, hidden = talk(question, "és a Malinowskinál?", login="rita")
    _, missing = talk(question, "és a Nemlétezőnél?", login="rita")
    assert "x.example" not in hidden.text
    assert hidden.text.replace("Malinowski", "X") == missing.text.replace("Nemlétező", "X")
    assert hidden.kind == missing.kind and hidden.abstained == missing.abstained


@pytest.mark.parametrize(
    ("question", "again", "code"),
    [
        ("Ki a kapcsolattartó a Bartók Kft.-nél?", "és mik a teendői?", "C0001"),
        ("Kto jest osobą kontaktową w Malinowski Sp. z o.o.?", "a jakie mają zadania?", "C0004"),
        ("Who is the contact at Green & Hill?", "what about tasks?", "C0005"),
        ("Who is the contact at Green & Hill?", "who is their owner?", "C0005"),
    ],
)
def test_something_else_about_the_same_customer(talk: Talk, question: str, again: str, code: str) -> None:
    first, second = talk(question, again)
    sources = [c.page_id for c in second.citations] + [link.url for link in second.links]
    assert sources and all(code in source for source in sources)
    assert second.text != first.text and code in second.asked_as


def test_after_a_name_that_fits_nobody_comes_one_that_does(talk: Talk) -> None:
    _, second = talk("Ki a kapcsolattartó a Nemlétező Üveggyárnál?", "és a Malinowskinál?")
    assert second.asked_as == "Ki a kapcsolattartó a Malinowskinál?" and "C0004@x.example" in second.text


def test_them_are_the_customer_just_spoken_of(talk: Talk) -> None:
    _, made = talk("Who is the contact at Green & Hill?", "Make them an offer for 3 fountain pens")
    assert made.offer is not None and made.offer.customer.code == "C0005"


def test_the_record_on_screen_is_nearer_than_the_one_spoken_of(talk: Talk) -> None:
    screen = ScreenContext(id="customer", record=RecordRef(type="customer", code="C0004"))
    _, made = talk("Who is the contact at Green & Hill?", "Make them an offer for 3 fountain pens", screen=screen)
    assert made.offer is not None and made.offer.customer.code == "C0004"


@pytest.mark.parametrize(
    ("question", "again", "language"),
    [
        ("Hogyan készítek ajánlatot egy mondatból?", "angolul is", "en"),
        ("Hogyan készítek ajánlatot egy mondatból?", "És lengyelül?", "pl"),
        ("Jak przygotować ofertę?", "po węgiersku proszę", "hu"),
        ("How do I make an offer?", "and in Polish?", "pl"),
        ("How do I make an offer?", "make it Hungarian", "hu"),
    ],
)
def test_the_same_answer_in_another_language(talk: Talk, question: str, again: str, language: str) -> None:
    first, second = talk(question, again)
    assert second.language == language and not second.abstained
    assert second.citations[0].url.startswith(f"/help/{language}/")
    assert second.citations[0].page_id == first.citations[0].page_id


def test_a_look_up_is_repeated_in_another_language(talk: Talk) -> None:
    _, second = talk("Ki a kapcsolattartó a Bartók Kft.-nél?", "in English please")
    assert second.language == "en" and "C0001@x.example" in second.text and "Kapcsolattart" not in second.text


def test_an_offer_for_a_reader_of_another_language_is_its_next_version(talk: Talk) -> None:
    first, second = talk("Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra", "angolul is")
    assert first.offer is not None and second.offer is not None
    assert (first.offer.language, second.offer.language) == ("hu", "en")
    assert (second.offer.number, second.offer.version) == (first.offer.number, 2)


@pytest.mark.parametrize(
    ("question", "again"),
    [
        ("Hogyan készítek ajánlatot egy mondatból?", "miért?"),
        ("Jak przygotować ofertę?", "A dlaczego tak?"),
        ("How do I make an offer?", "But why?"),
    ],
)
def test_why_asks_about_the_last_answer(talk: Talk, question: str, again: str) -> None:
    first, second = talk(question, again)
    assert question in second.asked_as and second.kind == "answer"
    assert second.citations[0].page_id == first.citations[0].page_id


def test_why_after_an_offer_asks_the_pages_and_makes_no_other(talk: Talk) -> None:
    _, second = talk("Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra", "miért?")
    assert second.offer is None and second.kind == "answer" and second.asked_as


@pytest.mark.parametrize(
    ("question", "again", "asked"),
    [
        ("How do I delete a customer?", "and an offer?", "How do I delete an offer?"),
        ("Hogyan törlök ügyfelet?", "és ajánlatot?", "Hogyan törlök ajánlatot?"),
        ("Jak usunąć klienta?", "a ofertę?", "Jak usunąć ofertę?"),
    ],
)
def test_the_same_question_about_another_thing(talk: Talk, question: str, again: str, asked: str) -> None:
    assert talk(question, again)[-1].asked_as == asked


@pytest.mark.parametrize(
    ("question", "again", "asked"),
    [
        (
            "Hány ajánlatot küldtünk ebben a hónapban?",
            "és a múlt hónapban?",
            "Hány ajánlatot küldtünk a múlt hónapban?",
        ),
        ("How many calls did we make this month?", "and last month?", "How many calls did we make last month?"),
        (
            "Ile ofert wysłaliśmy w tym miesiącu?",
            "a w zeszłym miesiącu?",
            "Ile ofert wysłaliśmy w zeszłym miesiącu?",
        ),
    ],
)
def test_the_same_question_about_another_time(talk: Talk, question: str, again: str, asked: str) -> None:
    assert talk(question, again)[-1].asked_as == asked


@pytest.mark.parametrize(
    "message",
    [
        "Hogyan készítek ajánlatot?",
        "Who is the contact at Malinowski?",
        "És hogyan törlök ügyfelet, ha már van ajánlata és lehetősége?",
        "and",
        "Szia!",
        "A Bartók Kft. adatai",
        "12",
    ],
)
def test_what_stands_alone_is_left_as_it_is(talk: Talk, message: str) -> None:
    assert talk("Ki a kapcsolattartó a Bartók Kft.-nél?", message)[-1].asked_as == ""


@pytest.mark.parametrize("message", ["és kettőre?", "why?", "and Malinowski?", "po polsku"])
def test_without_anything_before_nothing_is_made_up(talk: Talk, message: str) -> None:
    assert talk(message)[0].asked_as == ""


def test_an_answer_to_our_question_is_no_follow_up(talk: Talk) -> None:
    asked, answered = talk("Bartókéknak kell egy ajánlat 2 töltőtollra", "C0001")
    assert asked.clarification is not None and answered.offer is not None
    assert answered.asked_as == "" and answered.offer.lines[0].quantity == "2"


def test_after_an_answered_question_the_offer_made_is_changed(talk: Talk) -> None:
    *_, made, last = talk("Bartókéknak kell egy ajánlat 2 töltőtollra", "C0001", "és háromra?")
    assert made.offer is not None and last.offer is not None
    assert (last.offer.number, last.offer.version) == (made.offer.number, 2)
    assert last.offer.lines[0].quantity == "3"


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    wanted_language(text)
    asks_why(text)
    fragment = opened(text, "hu")
    assert fragment is None or isinstance(fragment.core, str)
