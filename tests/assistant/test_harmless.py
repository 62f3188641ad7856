"""What an answer shows leads nobody out: links, pictures, addresses and tags from outside text are plain words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.harmless import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lásd ![kép](https://evil.example/?q=1) itt", "lásd kép itt"),
        ("a [súgó](https://evil.example) szerint", "a súgó szerint"),
        ("[a](//evil.example) [b](javascript:x) [c](/\\evil)", "a b c"),
        ("kattints: https://evil.example/x!", "kattints: https: //evil.example/x!"),
        ("<img src=x> <https://evil.example>", "‹img src=x> ‹https: //evil.example>"),
        ("[1]: https://evil.example", "[1] : https: //evil.example"),
        ("az [ügyfél](/customers/C0001) lapja [1]", "az [ügyfél](/customers/C0001) lapja [1]"),
        ("nyisd meg: `http://127.0.0.1:8765`", "nyisd meg: `http://127.0.0.1:8765`"),
        ("http://127.0.0.1.evil.example", "http: //127.0.0.1.evil.example"),
        ("5 < 10 [1]. Kész: 3 : 4", "5 < 10 [1]. Kész: 3 : 4"),
    ],
)
def test_only_paths_of_the_console_stay_links(text: str, shown: str) -> None:
    assert harmless(text) == shown


MARKUP = st.lists(
    st.sampled_from(
        ("![", "[", "](", ")", "]", "(", "<", ">", "https://", "http:", "//", "/", "evil.example", "x", "\n", ":", " ")
    )
    | st.text(max_size=2),
    max_size=25,
).map("".join)


@given(MARKUP)
def test_no_way_out_is_left_and_once_is_enough(text: str) -> None:
    shown = harmless(text)
    assert not re.search(r"(?:https?|ftp)://(?!127\.0\.0\.1|localhost)|<[A-Za-z/!?]", shown, re.IGNORECASE)
    assert not re.search(r"\[[^\]\n]{0,300}\]\((?!/(?![/\\]))[^)\n]{0,2000}\)", shown)
    assert harmless(shown) == shown
