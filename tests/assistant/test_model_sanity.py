"""What no answer looks like: loops, calls of tools written out, another language; and what an answer may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model.contract import ModelFault
from assistant.model.draft import Draft
from assistant.model.sanity import is_tool_call, repeats, wrong_language

STEPS = "\n".join(f"{i}. Nyisd meg a {name} fület, és ellenőrizd az adatokat [1]." for i, name in enumerate("ABCD", 1))


@pytest.mark.parametrize(
    "raw",
    [
        '{"name": "search_help", "arguments": {"query": "x"}}',
        '```json\n{"tool": "find_product", "name": "x"}\n```',
        '[{"function": {"name": "x"}}]',
        "<tool_call>\n{}\n</tool_call>",
        "<|tool_call|>search",
        "<function=search_help>{}</function>",
        "[TOOL_CALLS] [{}]",
        "search_help(query='x')",
        "```python\nfind_customer('Kovács')\n```",
        '{"query": "szakasz"',
    ],
)
def test_a_tool_call_as_text_is_recognised(raw: str) -> None:
    assert is_tool_call(raw)


@pytest.mark.parametrize("raw", ["[1]", STEPS, "A {név} helyére írd a nevet [1].", "[Mentés] gomb [1]", "NOT_FOUND"])
def test_words_are_not_taken_for_a_tool_call(raw: str) -> None:
    assert not is_tool_call(raw)


@pytest.mark.parametrize("unit", ["a", "és ", "Küldd el. ", "1. lépés: nyisd meg a lapot.\n", "abcdefghij" * 8])
def test_a_loop_is_recognised(unit: str) -> None:
    assert repeats("Az elején még jó volt. " + unit * (600 // len(unit)))


def test_the_same_sentence_under_other_numbers_is_a_loop() -> None:
    assert repeats("\n".join(f"{i}. Nyisd meg az ajánlat lapját." for i in range(1, 7)))


@pytest.mark.parametrize("text", [STEPS, "-" * 90, "", "ha ha ha", "| --- | --- |\n" * 2])
def test_a_list_or_a_rule_is_no_loop(text: str) -> None:
    assert not repeats(text)


def test_only_sure_and_long_text_counts_as_another_language() -> None:
    english = "You can export the customer list with the Export button on the customers page."
    assert wrong_language(english, "hu")
    assert wrong_language(english, "pl")
    assert not wrong_language(english, "en")
    assert not wrong_language("Export button", "hu")
    quoted = "Nyomd meg a „Save and send this offer to the customer now” gombot, majd várd meg, amíg elkészül."
    assert not wrong_language(quoted, "hu")


@given(st.lists(st.text("ab[12].NOT_FUD ", max_size=6), max_size=20))
def test_what_was_shown_is_always_exactly_the_text(chunks: list[str]) -> None:
    draft = Draft({1, 2}, "hu")
    shown = ""
    try:
        for chunk in chunks:
            shown += draft.add(chunk)
        shown += draft.finish()
    except ModelFault:
        return
    assert shown == draft.text
    assert draft.released == bool(shown)
    assert not draft.released or draft.used


@given(st.text("ab .,\n", max_size=300))
def test_nothing_is_shown_before_a_source_is_named(prose: str) -> None:
    draft = Draft({1}, "hu")
    try:
        assert draft.add(prose) == ""
    except ModelFault as fault:
        assert fault.detail == "repeats itself"
