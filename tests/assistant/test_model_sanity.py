"""What no answer looks like: loops, calls of tools written out, another language; and what an answer may look like."""

import pytest

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
