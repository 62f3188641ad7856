"""Live questions through a whole turn: claimed, answered with links, asked back and chosen, and followed up."""

import asyncio
import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import Ask
from assistant.context import Parts
from assistant.live import LiveQuestion, Message, Span, Whose, merge
from assistant.live.kinds import kinds
from assistant.live.lexicon import read_toml, split
from assistant.live.spans import read as read_span
from assistant.reply import Reply
from assistant.turn import reply_to
from crm.actor import Actor
from crm.session import unit

People = Callable[[str], Actor]
DOCS = Path(__file__).parents[2] / "docs"


def run(parts: Parts, actor: Actor, message: str, conversation: str | None = None) -> Reply:
    return asyncio.run(reply_to(parts, actor, Ask(message, conversation_id=conversation)))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_reply_names_the_figure_cites_its_records_and_links_the_list(parts: Parts, people: People) -> None:
    reply = run(parts, people("nora"), "How many customers do I have?")
    assert (reply.kind, reply.abstained) == ("answer", False)
    assert reply.text.startswith("Customers: **3** (yours; as of ")
    assert [c.page_id for c in reply.citations] == ["customer:C0001", "customer:C0005", "customer:C0004"]
    assert [(link.label, link.url) for link in reply.links] == [("Show all 3", "/customers?owner=me&order=name")]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("chosen", ["C0002", "Bartók és Fia Kft."])
def test_the_choice_among_customers_answers_what_was_asked(parts: Parts, people: People, chosen: str) -> None:
    asked = run(parts, people("nora"), "Mikor beszéltünk utoljára Bartókkal?")
    assert asked.kind == "clarification" and asked.clarification is not None
    assert {c.value for c in asked.clarification.choices} == {"C0001", "C0002", "C0003"}
    answered = run(parts, people("nora"), chosen, asked.conversation_id)
    assert answered.text.startswith("Bartók és Fia Kft.: nincs elvégzett aktivitás")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "message", ["Make an offer for Green & Hill", "Poproszę o przygotowanie oferty dla Malinowskiego"]
)
def test_the_wish_for_an_offer_is_no_question_about_offers(parts: Parts, people: People, message: str) -> None:
    assert run(parts, people("nora"), message).kind in ("clarification", "offer")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_offers_of_a_customer_are_no_wish_for_one(parts: Parts, people: People) -> None:
    assert run(parts, people("nora"), "the offers of Green & Hill").text.startswith("No offers (all you may see; Green")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_follow_up_puts_its_values_in_the_place_of_the_old(parts: Parts, people: People) -> None:
    before = LiveQuestion("offers_issued", Whose("me"), Span(date(2026, 1, 1), date(2026, 1, 31)))
    with unit(parts.engine, people("nora"), writes=False) as session:
        later = merge(session, before, Message("and in March 2026?", "en"))
        others = merge(session, before, Message("és a csapaté?", "hu"))
        assert later is not None and later.span == Span(date(2026, 3, 1), date(2026, 3, 31))
        assert later.whose == before.whose
        assert others is not None and others.whose == Whose("team") and others.span == before.span
        assert merge(session, before, Message("how do I issue one?", "en")) is None
        assert merge(session, before, Message("thanks", "en")) is None


WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("múlt hónapban", "hu", date(2026, 10, 1), date(2026, 10, 31)),
        ("a jövő héten", "hu", date(2026, 11, 30), date(2026, 12, 6)),
        ("a héten", "hu", date(2026, 11, 23), date(2026, 11, 29)),
        ("az elmúlt harminc napban", "hu", date(2026, 10, 27), date(2026, 11, 25)),
        ("tavaly", "hu", date(2025, 1, 1), date(2025, 12, 31)),
        ("októberben", "hu", date(2026, 10, 1), date(2026, 10, 31)),
        ("w tym tygodniu", "pl", date(2026, 11, 23), date(2026, 11, 29)),
        ("w zeszłym kwartale", "pl", date(2026, 7, 1), date(2026, 9, 30)),
        ("w ostatnich 7 dniach", "pl", date(2026, 11, 19), date(2026, 11, 25)),
        ("wczoraj", "pl", date(2026, 11, 24), date(2026, 11, 24)),
        ("last month", "en", date(2026, 10, 1), date(2026, 10, 31)),
        ("in the last two weeks", "en", date(2026, 11, 12), date(2026, 11, 25)),
        ("the day after tomorrow", "en", date(2026, 11, 27), date(2026, 11, 27)),
        ("in May 2025", "en", date(2025, 5, 1), date(2025, 5, 31)),
        ("on 2026-11-03", "en", date(2026, 11, 3), date(2026, 11, 3)),
        ("2024", "en", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_time_in_words_is_whole_days(text: str, language: str, first: date, last: date) -> None:
    found = read_span(text, split(text), language, WEDNESDAY, ahead=False)  # type: ignore[arg-type]
    assert found.span == Span(first, last)


@pytest.mark.parametrize("text", ["may I", "nie mają opiekuna", "over 30 days", "2026-13-45", ""])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_span(text, split(text), "pl" if "maj" in text else "en", WEDNESDAY, ahead=False).span is None


def test_every_kind_has_an_example_and_the_page_lists_it() -> None:
    assert list(read_toml("examples")) and set(read_toml("examples")) == set(kinds())
    render = runpy.run_path(str(DOCS / "live_questions.py"))["render"]
    page = (DOCS / "live-questions.md").read_text(encoding="utf-8")
    assert page == render(), "run: python docs/live_questions.py"


def test_every_name_a_kind_goes_by_is_a_concept_or_a_value() -> None:
    values = {"customer", "person", "record", "product", "stage", "city", "segment", "status", "country"}
    values |= {"category", "campaign", "days", "span"}
    known = set(read_toml("concepts")) | {f"@{name}" for name in values}
    for kind in kinds().values():
        named = {name for way in kind.ways for group in way for name in group} | kind.anchors | kind.without
        assert named <= known, (kind.name, named - known)
