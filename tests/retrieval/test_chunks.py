"""Chunks stay inside their section and their limit, and together are the whole page."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.chunks import LIMIT, chunk_markdown, plain, sections, slug, split

WORDS = st.text(alphabet="abc őłű.,!?\n-", max_size=400)
HEADINGS = st.builds(
    lambda level, text: f"{'#' * level} {text}", st.integers(1, 4), st.text("abcdő ", min_size=1, max_size=9)
)
BODIES = st.lists(st.one_of(WORDS, HEADINGS), max_size=12).map("\n\n".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.text(max_size=600), st.integers(1, 50))
def test_splitting_loses_nothing_but_white_space_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(BODIES, st.integers(10, 200))
def test_chunks_hold_the_text_of_every_section_in_order(body: str, limit: int) -> None:
    chunks = chunk_markdown("Title", body, limit)
    found = list(sections("Title", body))
    for section in found:
        own = [c.text for c in chunks if (c.heading_path, c.anchor) == (section.heading_path, section.anchor)]
        assert squeezed(section.text) in squeezed("".join(own))
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert all(0 < len(chunk.text) <= limit for chunk in chunks)


def test_a_chunk_never_crosses_a_section_however_short() -> None:
    chunks = chunk_markdown("T", "above\n\n## One\n\na\n\n### Deep\n\nb\n\n## Two\n\nc")
    assert [(c.section, c.anchor, c.text) for c in chunks] == [
        ("", "", "above"),
        ("One", "one", "a"),
        ("One › Deep", "deep", "b"),
        ("Two", "two", "c"),
    ]


def test_a_first_heading_that_repeats_the_title_is_not_said_twice() -> None:
    assert [c.section for c in chunk_markdown("Ajánlat", "# Ajánlat\n\na\n\n## Kedvezmény\n\nb")] == ["", "Kedvezmény"]


def test_a_heading_with_headings_under_it_needs_no_text_of_its_own() -> None:
    chunks = chunk_markdown("T", "## Group\n\n### Member\n\ntext\n\n## Lonely")
    assert [(c.section, c.text) for c in chunks] == [("Group › Member", "text"), ("Lonely", "Lonely")]


def test_a_hash_in_a_code_block_or_a_list_is_no_heading() -> None:
    body = "## Real\n\n```\n# comment\n```\n\n- # item\n"
    assert [c.section for c in chunk_markdown("T", body)] == ["Real"]


def test_long_text_is_cut_at_paragraphs_before_sentences_before_words() -> None:
    sentence = "Ez itt egy mondat, amely elég hosszú ahhoz, hogy számítson. "
    paragraphs = ["".join([sentence] * 12).strip()] * 2
    assert list(split("\n\n".join(paragraphs), LIMIT)) == paragraphs
    assert all(piece.endswith(".") for piece in split(sentence * 60, LIMIT))
    assert all(set(piece.split(" ")) == {"szó"} for piece in split("szó " * 900, LIMIT))


def test_equal_headings_get_anchors_of_their_own() -> None:
    assert [c.anchor for c in chunk_markdown("T", "## Példa\n\na\n\n## Példa\n\nb")] == ["pelda", "pelda-2"]
    assert slug("Ajánlat: küldés és łączenie") == "ajanlat-kuldes-es-laczenie"


def test_a_line_separator_inside_a_line_does_not_shift_the_sections() -> None:
    chunks = chunk_markdown("T", "a\u2028b\n\n## Next\n\nc\r\n\r\n## Last\r\n\r\nd")
    assert [(c.section, c.text) for c in chunks] == [("", "a\u2028b"), ("Next", "c"), ("Last", "d")]


def test_what_is_indexed_has_no_marks_and_no_addresses() -> None:
    assert plain("See **the [offer](offers.md#x)** page:\n- `robo index`") == "See the offer page:\nrobo index"
