"""An answer of the model: streamed, cited, only in the user's language, only what the sources hold."""

import re

import pytest

from assistant.model import PastTurn
from assistant.screen import RecordRef, ScreenContext
from tests.assistant.model_samples import ANSWER, STAGES, Remembering, ask, passage
from tests.assistant.scripted_model import Call, Say, ScriptedModel, Step, call, say


def sent(request: dict[str, object]) -> str:
    """All text of a request's messages."""
    messages = request["messages"]
    assert isinstance(messages, list)
    return "\n".join(str(message["content"]) for message in messages)


def test_the_answer_streams_in_whole_sentences_and_names_its_sources() -> None:
    with ScriptedModel([say(*ANSWER, " Az ajánlat", " szakasz akkor választható,", " ha van ajánlat [1].")]) as server:
        outcome = ask(server.settings())
    assert outcome.whole.found
    assert outcome.whole.used == (STAGES,)
    assert outcome.pieces == [ANSWER, " Az ajánlat szakasz akkor választható, ha van ajánlat [1]."]


def test_a_sentence_its_source_does_not_bear_out_is_left_out() -> None:
    said = f"{ANSWER} Az ajánlatot 14 napon belül el kell küldeni [1]."
    with ScriptedModel([say(said)]) as server:
        outcome = ask(server.settings())
    assert (outcome.whole.text, outcome.whole.left_out) == (ANSWER, 1)


SAYING_NOTHING = [("NOT_FOUND",), ("NOT", "_FO", "UND"), ("**NOT_FOUND**",), ("NOT_FOUND. A forrás [1] másról szól.",)]


@pytest.mark.parametrize("said", SAYING_NOTHING)
def test_not_found_is_an_answer_without_text(said: tuple[str, ...]) -> None:
    with ScriptedModel([Say(said)]) as server:
        outcome = ask(server.settings())
    assert (outcome.whole.found, outcome.whole.text, outcome.whole.used, outcome.pieces) == (False, "", (), [])


def test_a_lookup_brings_a_source_with_the_next_number() -> None:
    tools = Remembering({"customer_sheet": (passage(1, "Kovács Kft., Szeged", "customer:C0001"),)})
    answer = "A Kovács Kft. székhelye: Szeged [2]."
    with ScriptedModel([call("customer_sheet", code="C0001"), say(answer)]) as server:
        outcome = ask(server.settings(), tools=tools)
    assert tools.asked == [("customer_sheet", "C0001")]
    assert [(one.n, one.page_id) for one in outcome.whole.used] == [(1, "customer:C0001")]
    assert outcome.whole.text == "A Kovács Kft. székhelye: Szeged [1]."
    assert "SOURCE 2" in sent(server.requests[1])
    assert "Kovács Kft., Szeged" in sent(server.requests[1])


def test_a_source_found_again_keeps_its_number() -> None:
    tools = Remembering({"search_help": (passage(7, STAGES.text), passage(8, "Más szöveg."))})
    with ScriptedModel([call("search_help", query="szakasz"), say(ANSWER)]) as server:
        ask(server.settings(), tools=tools)
    found = sent(server.requests[1]).split("SOURCE 1")[-1]
    assert "Más szöveg." in found
    assert found.count(STAGES.text) == 1


def test_words_before_a_lookup_are_not_part_of_the_answer() -> None:
    looking = Call((("search_help", '{"query": "szakasz"}'),), before="Megnézem a súgóoldalakat, egy pillanat.")
    steps: list[Step] = [looking, say(ANSWER)]
    with ScriptedModel(steps) as server:
        outcome = ask(server.settings(), tools=Remembering())
    assert outcome.whole.text == ANSWER


def test_a_lookup_the_user_may_not_use_is_not_offered() -> None:
    with ScriptedModel([say(ANSWER)]) as server:
        ask(server.settings(), tools=Remembering(may=("search_help",)))
    offered = server.requests[0]["tools"]
    assert isinstance(offered, list)
    assert [tool["function"]["name"] for tool in offered] == ["search_help"]


def test_without_any_lookup_no_tools_are_sent() -> None:
    with ScriptedModel([say(ANSWER)]) as server:
        ask(server.settings(), tools=Remembering(may=()))
    assert "tools" not in server.requests[0]


def test_a_broken_lookup_does_not_end_the_answer_and_tells_the_model_nothing() -> None:
    tools = Remembering(breaks=True)
    with ScriptedModel([call("find_product", name="licenc"), say(ANSWER)]) as server:
        outcome = ask(server.settings(), tools=tools)
    assert outcome.whole.text == ANSWER
    assert "C0042" not in sent(server.requests[1])


def test_a_huge_find_reaches_the_model_cut_to_size() -> None:
    tools = Remembering({"search_help": tuple(passage(i, "szó " * 5_000, f"p{i}") for i in range(50))})
    with ScriptedModel([call("search_help", query="x" * 9_000), say(ANSWER)]) as server:
        ask(server.settings(), tools=tools)
    assert len(sent(server.requests[1])) < 15_000
    assert len(tools.asked[0][1]) == 200


def test_the_last_allowed_call_is_told_to_answer() -> None:
    steps: list[Step] = [call("search_help", query="a"), call("search_help", query="b"), say(ANSWER)]
    with ScriptedModel(steps) as server:
        assert ask(server.settings(calls=3), tools=Remembering()).whole.found
    assert [request.get("tool_choice") for request in server.requests] == [None, None, "none"]


def test_the_model_is_given_the_day_the_screen_and_earlier_turns_without_their_marks() -> None:
    record = RecordRef(type="opportunity", code="O0007")
    screen = ScreenContext(id="opportunity", record=record, messages=("Hiányzó mező",))
    history = (PastTurn("user", "Mi a szakasz?"), PastTurn("assistant", "A folyamat egy lépése [4]."))
    with ScriptedModel([say(ANSWER)]) as server:
        ask(server.settings(), screen=screen, history=history)
    text = sent(server.requests[0])
    assert "O0007" in text
    assert "Hiányzó mező" in text
    assert "egy lépése (4)" in text
    messages = server.requests[0]["messages"]
    assert isinstance(messages, list)
    assert [message["role"] for message in messages] == ["system", "user"]
    assert re.search(r"<<<EARLIER[^>]*>>>\nUser: Mi a szakasz\?\nAssistant: .*\n<<<END", text)


@pytest.mark.parametrize("language", ["hu", "pl", "en"])
def test_the_rules_name_the_language_of_the_answer(language: str) -> None:
    sources = {
        "hu": STAGES.text,
        "pl": "Etap oferty można wybrać dopiero, gdy ofertę wysłano do klienta.",
        "en": "The offer stage can be chosen only after an offer was sent to the customer.",
    }
    answers = {
        "hu": ANSWER,
        "pl": "Etap oferty można wybrać dopiero, gdy oferta została wysłana do klienta [1].",
        "en": "The offer stage can only be chosen after an offer has been sent to the customer [1].",
    }
    with ScriptedModel([say(answers[language])]) as server:
        evidence = (passage(1, sources[language]),)
        outcome = ask(server.settings(), language=language, evidence=evidence)  # type: ignore[arg-type]
    assert outcome.whole.text == answers[language]
