"""Offers changed in a conversation: a new version each time, the earlier ones kept, nothing before it is clear."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.reply import Reply
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import acting, unit
from crm.tables import Prompt
from offers.view import OfferView

People = Callable[[str], Actor]
Talk = Callable[..., list[Reply]]
PENS = "Make an offer for Green & Hill Ltd: 5 fountain pens"
INKS = "Make an offer for Green & Hill Ltd: 5 fountain pens, 3 blue inks and 4 red inks"


@pytest.fixture
def talk(parts: Parts, people: People) -> Talk:
    """A dialogue: each message in the same conversation, to the replies."""

    def run(*messages: str, login: str = "nora", screen: ScreenContext | None = None) -> list[Reply]:
        replies: list[Reply] = []
        for message in messages:
            conversation = replies[-1].conversation_id if replies else None
            replies.append(asyncio.run(reply_to(parts, people(login), Ask(message, conversation, screen))))
        return replies

    return run


def offer(reply: Reply) -> OfferView:
    assert reply.offer is not None, (reply.kind, reply.text)
    return reply.offer


def lines(reply: Reply) -> dict[str, str]:
    return {line.sku: line.quantity for line in offer(reply).lines}


def test_several_changes_at_once_are_one_version_that_says_what_changed(talk: Talk) -> None:
    made, changed = talk(INKS, "drop the red inks, make it 12 pens and add engraving")
    assert (offer(changed).number, offer(changed).version) == (offer(made).number, 2)
    assert lines(changed) == {"TOLL": "12", "TINTA-K": "3", "VIGY": "1"}
    told = {(c.field, c.before, c.after) for c in changed.offer_changes}
    assert ("quantity", "5", "12") in told and ("line_removed", "4 pcs", None) in told
    assert "5 → 12" in changed.text
    assert f"{offer(made).totals.net}\xa0EUR → {offer(changed).totals.net}\xa0EUR" in changed.text
    assert [c.field for c in changed.offer_changes][-2:] == ["net", "gross"]


def test_a_line_that_may_be_two_is_asked_before_anything_is_changed(talk: Talk, parts: Parts, people: People) -> None:
    made, asked = talk(INKS, "make it 7 inks")
    assert asked.clarification is not None and asked.clarification.field == "line"
    assert [choice.value for choice in asked.clarification.choices] == ["TINTA-K", "TINTA-P"]
    assert parts.offers.view(people("nora"), offer(made).number).version == 1


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("TINTA-P", {"TOLL": "5", "TINTA-K": "3", "TINTA-P": "7"}),
        ("2", {"TOLL": "5", "TINTA-K": "3", "TINTA-P": "7"}),
        ("the blue one", {"TOLL": "5", "TINTA-K": "7", "TINTA-P": "4"}),
        ("both", {"TOLL": "5", "TINTA-K": "7", "TINTA-P": "7"}),
    ],
)
def test_the_answer_decides_which_line(talk: Talk, answer: str, wanted: dict[str, str]) -> None:
    *_, changed = talk(INKS, "make it 7 inks", answer)
    assert lines(changed) == wanted and offer(changed).version == 2


def test_another_change_instead_of_an_answer_is_done_and_the_question_dropped(talk: Talk) -> None:
    *_, changed = talk(INKS, "make it 7 inks", "drop the pens")
    assert lines(changed) == {"TINTA-K": "3", "TINTA-P": "4"}


def test_undo_goes_back_version_by_version(talk: Talk) -> None:
    *_, twice, once, back, further = talk(PENS, "make it 6", "make it 7", "undo", "undo")
    del twice
    assert [lines(r)["TOLL"] for r in (once, back, further)] == ["7", "6", "5"]
    assert (offer(further).version, offer(further).totals.net) == (5, "150.00")


def test_nothing_before_the_first_version_can_be_undone(talk: Talk) -> None:
    _, refused = talk(PENS, "undo")
    assert refused.kind == "refusal" and "no earlier version" in refused.text


def test_what_the_offer_says_already_makes_no_version(talk: Talk, parts: Parts, people: People) -> None:
    made, refused = talk(PENS, "make it 5")
    assert refused.kind == "refusal" and parts.offers.view(people("nora"), offer(made).number).version == 1


def test_terms_and_texts_are_changed_and_carried_over(talk: Talk) -> None:
    *_, changed, later = talk(PENS, "payment within 30 days. Note: Please ring first.", "make it 6")
    for reply in (changed, later):
        assert (offer(reply).payment_days, offer(reply).notes) == (30, "Please ring first.")
    assert lines(later) == {"TOLL": "6"}


def test_another_currency_is_a_version_at_its_list_prices(talk: Talk) -> None:
    _, changed = talk(PENS, "in forints please")
    assert (offer(changed).currency, offer(changed).version) == ("HUF", 2)
    assert offer(changed).lines[0].unit_price == "12000" and "150.00 EUR" in changed.text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("request_", "again"),
    [
        ("Készíts ajánlatot a Bartók Kft.-nek 5 töltőtollra", "ugyanezt a Malinowskinak is"),
        ("Przygotuj ofertę dla Green & Hill na 5 sztuk TOLL", "to samo dla Malinowski Sp. z o.o."),
        (PENS, "the same for Malinowski"),
    ],
)
def test_the_same_for_another_customer_is_an_offer_of_their_own(talk: Talk, request_: str, again: str) -> None:
    made, copied = talk(request_, again)
    assert offer(copied).number != offer(made).number
    assert (offer(copied).customer.code, offer(copied).currency, offer(copied).language) == ("C0004", "PLN", "pl")
    assert offer(copied).made_from == f"offer {offer(made).number} v1" and lines(copied) == {"TOLL": "5"}


def test_a_customer_out_of_reach_cannot_be_copied_for(talk: Talk) -> None:
    request = "Készíts ajánlatot a Bartók és Fia Kft.-nek 5 töltőtollra"
    _, asked = talk(request, "ugyanezt a Malinowskinak", login="rita")
    assert asked.offer is None


def test_an_offer_on_screen_is_changed_without_one_in_the_conversation(talk: Talk) -> None:
    (made,) = talk(PENS)
    screen = ScreenContext(id="offer", record=RecordRef(type="offer", code=offer(made).number))
    (changed,) = talk("make it 8 pens", screen=screen)
    assert (offer(changed).number, lines(changed)) == (offer(made).number, {"TOLL": "8"})


def test_an_offer_is_changed_by_its_number(talk: Talk) -> None:
    (made,) = talk(PENS)
    (changed,) = talk(f"{offer(made).number}: make it 8")
    assert (offer(changed).number, lines(changed)) == (offer(made).number, {"TOLL": "8"})


def test_a_bare_number_changes_no_offer_that_is_only_on_screen(talk: Talk) -> None:
    (made,) = talk(PENS)
    screen = ScreenContext(id="offer", record=RecordRef(type="offer", code=offer(made).number))
    (reply,) = talk("8", screen=screen)
    assert reply.offer is None


def test_an_offer_out_of_reach_is_not_there(talk: Talk) -> None:
    (made,) = talk(PENS)
    (reply,) = talk(f"{offer(made).number}: make it 8", login="rita")
    assert reply.offer is None


def test_a_change_over_the_limit_awaits_approval_and_says_so(talk: Talk) -> None:
    _, changed = talk(PENS, "give them 60% off everything")
    assert offer(changed).state == "awaiting_approval" and "awaits approval" in changed.text
    assert changed.warnings


def test_an_issued_offer_becomes_a_draft_and_says_that_the_issued_one_stays(
    talk: Talk, parts: Parts, people: People
) -> None:
    (made,) = talk(PENS)
    parts.offers.issue(people("nora"), offer(made).number)
    (changed,) = talk(f"{offer(made).number}: make it 8")
    assert (offer(changed).state, offer(changed).version) == ("draft", 2)
    assert "Version 1, which was issued, stays" in changed.text


def test_an_accepted_offer_is_left_as_it_is_with_a_way_out(talk: Talk, parts: Parts) -> None:
    (made,) = talk(PENS)
    with unit(parts.engine, SYSTEM) as session, acting(session, "accept"):
        found = offer_records.by_number(session, offer(made).number)
        found.state = "accepted"
    (refused,) = talk(f"{offer(made).number}: make it 8")
    assert refused.kind == "refusal" and "the same for" in refused.text


def test_a_new_offer_is_no_change_of_the_one_before(talk: Talk) -> None:
    made, other = talk(PENS, "Make an offer for Green & Hill Ltd: 9 fountain pens")
    assert offer(other).number != offer(made).number and lines(other) == {"TOLL": "9"}


def test_a_question_after_an_offer_is_answered_and_changes_nothing(talk: Talk, parts: Parts, people: People) -> None:
    made, _, changed = talk(PENS, "How do I make an offer?", "make it 8 pens")
    assert offer(changed).version == 2 and offer(changed).number == offer(made).number


def test_the_words_are_the_cause_in_the_audit(talk: Talk, parts: Parts) -> None:
    talk(PENS, "make it 6")
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert "make it 6" in [prompt.text for prompt in session.scalars(select(Prompt))]
