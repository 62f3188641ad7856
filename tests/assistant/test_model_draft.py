"""An answer as it grows: only sentences with a source that bears them out are shown, whole, with sources renumbered."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.model.contract import ModelFault
from assistant.model.draft import Draft, DraftEvent, LeftOut, Shown
from tests.assistant.model_samples import passage

KNOWN = {n: passage(n, f"source {n}") for n in (1, 2, 3)}


def by_word(sentence: str, sources: tuple[Evidence, ...], leads_on: bool) -> bool:
    """A check that can be read: what says "rossz" is borne out by nothing, the rest by anything."""
    return "rossz" not in sentence


def run(chunks: Sequence[str]) -> tuple[list[DraftEvent], Draft, str]:
    draft, events, fault = Draft(KNOWN, "hu", by_word), list[DraftEvent](), ""
    try:
        for chunk in chunks:
            events += draft.feed(chunk)
        events += draft.finish()
    except ModelFault as raised:
        fault = str(raised)
    return events, draft, fault


def shown(*chunks: str) -> list[str]:
    return [event.text for event in run(chunks)[0] if isinstance(event, Shown)]


def test_a_sentence_is_shown_once_it_is_whole() -> None:
    draft = Draft(KNOWN, "hu", by_word)
    assert draft.feed("Nyisd meg az ügyfél lapját [1]") == []
    assert draft.feed(". ") == []
    assert draft.feed("E") == [Shown("Nyisd meg az ügyfél lapját [1].")]


def test_sources_are_numbered_by_their_first_showing_and_unknown_ones_vanish() -> None:
    events, draft, _ = run(["Rendben van a lap [3]. Mentsd el a lapot [9][1]. A végén lépj ki [3]."])
    assert [e.text for e in events] == ["Rendben van a lap [1].", " Mentsd el a lapot [2].", " A végén lépj ki [1]."]
    assert draft.used == [3, 1]


def test_a_source_only_of_sentences_left_out_is_not_used() -> None:
    events, draft, _ = run(["Ez egy rossz mondat [2]. Rendben van a lap [3]. Mentsd el a lapot [3]."])
    assert isinstance(events[0], LeftOut)
    assert (draft.text, draft.used, draft.left_out) == ("Rendben van a lap [1]. Mentsd el a lapot [1].", [3], 1)


def test_a_sentence_without_a_source_takes_its_neighbours() -> None:
    assert shown("Nyisd meg a lapot. Mentsd el a lapot [2]. Utána lépj ki!") == [
        "Nyisd meg a lapot [1].",
        " Mentsd el a lapot [1].",
        " Utána lépj ki [1]!",
    ]


def test_a_line_that_leads_on_is_shown_with_what_it_leads_to_or_not_at_all() -> None:
    assert shown("A lépések:\n1. Nyisd meg a lapot [1].")[0] == "A lépések:"
    assert shown("A lépések:\n1. Ez rossz lépés [1].\nMentsd el a lapot [1].") == ["Mentsd el a lapot [1]."]


def test_less_than_half_borne_out_is_no_answer() -> None:
    assert run(["Jó ez a mondat [1]. Ez rossz mondat [1]. Ez is rossz mondat [1]."])[2].startswith("unsupported")
    assert run(["Jó ez a mondat [1]. Ez rossz mondat [1]."])[2] == ""


def test_words_before_a_lookup_are_said_aside() -> None:
    draft = Draft(KNOWN, "hu", by_word)
    draft.feed("Megnézem a súgót, egy pillanat.")
    assert draft.next_call() == []
    assert draft.feed("Nyisd meg a lapot [2].") + draft.finish() == [Shown("Nyisd meg a lapot [1].")]
    assert draft.left_out == 0


WORDS = st.sampled_from(
    (
        "Nyisd meg a lapot",
        "Ez rossz",
        " [1]",
        "[2]",
        "[7]",
        ". ",
        "!",
        "\n",
        "NOT_FOUND",
        " pl.",
        "![x](http://e)",
        "<b>",
    )
)
ANSWER = st.lists(WORDS, max_size=25).map("".join)


# The first example loads the detector of languages.
@settings(deadline=None)
@given(ANSWER, st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_how_the_stream_was_cut_changes_neither_events_nor_fault(raw: str, sizes: list[int]) -> None:
    chunks, at, turn = [], 0, 0
    while at < len(raw):
        chunks.append(raw[at : at + sizes[turn % len(sizes)]])
        at, turn = at + len(chunks[-1]), turn + 1
    events, draft, fault = run(chunks)
    whole, expected, named = run(list(raw))
    assert (draft.text, draft.used, draft.left_out, fault) == (expected.text, expected.used, expected.left_out, named)
    # A fault within a chunk takes the events of that chunk with it: nothing of it may be shown then.
    assert events == whole if not fault else events == whole[: len(events)]


# The first example loads the detector of languages.
@settings(deadline=None)
@given(ANSWER)
def test_what_is_shown_is_the_text_and_every_mark_in_it_names_a_source_used(raw: str) -> None:
    events, draft, fault = run([raw])
    if not fault:
        assert "".join(e.text for e in events if isinstance(e, Shown)) == draft.text
    assert "rossz" not in draft.text and "](" not in draft.text
    assert all(f"[{n}]" in draft.text for n in range(1, len(draft.used) + 1))


# The first example loads the detector of languages.
@settings(deadline=None)
@given(st.text("ab .,\n", max_size=300))
def test_nothing_is_shown_before_a_source_is_named(prose: str) -> None:
    draft = Draft(KNOWN, "hu", by_word)
    try:
        assert draft.feed(prose) == []
    except ModelFault as fault:
        assert fault.detail == "repeats itself"


def test_an_answer_from_thin_air_is_a_fault() -> None:
    assert run(["Nyisd meg a lapot."])[2] == "nonsense: no source"
