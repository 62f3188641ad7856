"""A figure, label or code supports a sentence only as a whole: never by a part of it, never with its marks moved."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model.figures import plain, runs, value
from assistant.model.sentences import Sentences, sentences
from assistant.model.support import judge, nothing_against


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The discount you may give alone is **5%**.", "The discount you may give alone is 15%."),
        ("The discount you may give alone is 1**5**%.", "The discount you may give alone is 5%."),
        ("The discount you may give alone is _5%_.", "The discount you may give alone is 15%."),
        ("The discount you may give alone is ５%.", "The discount you may give alone is 15%."),
        ("The discount you may give alone is 1\u200b5%.", "The discount you may give alone is 5%, not 1%."),
        ("An offer is valid for **3 days**.", "An offer is valid for 13 days."),
        ("An offer is valid for `0 days`.", "An offer is valid for 30 days."),
        ("An offer is valid for “3 days”.", "An offer is valid for 1 or 30 days."),
        ("The discount you may give alone is 1.5%.", "The discount you may give alone is 15%."),
        ("The discount you may give alone is 15%.", "The discount you may give alone is 1.5%."),
        ("The discount you may give alone is 0.5%.", "The discount you may give alone is 5%."),
        (
            "The discount you may give alone is 2.5%.",
            "In step 2 the discount you may give alone is; ask 5 people.",
        ),
        ("The discount you may give alone is 5%.", "The discount you may give alone is 12.5%."),
        ("The discount you may give alone is **5%**.", "The discount you may give alone is 12.5%."),
        ("The fee for an offer is 250 Ft.", "The fee for an offer is 1.250.000 Ft."),
        ("The fee for an offer is 250 Ft.", "The fee for an offer is 1 250 Ft."),
        ("The fee for an offer is 1.5 Ft.", "The fee for an offer is 1.500 Ft."),
        ("The code for an offer is A-12.", "The code for an offer is A-123."),
        ("The code for an offer is A-12.", "The code for an offer is BA-12."),
        ("The code for an offer is A-12.", "The code for an offer is A-12-7."),
        ("There are 12 offers.", "There are offers with the code C0012."),
        ("Write to the team at va@robo.example.", "Write to the team at eva@robo.example."),
        ("The team meets at 10:30.", "The team meets at 10:45, for 30 minutes."),
        ("The offer ends on 2026-12-22.", "The offer ends on 2026-11-22, not on 2026-12-12."),
        ("A kedvezmény, amelyet egyedül adhatsz, 1,5%.", "A kedvezmény, amelyet egyedül adhatsz, 15%."),
    ],
)
def test_another_figure_is_never_supported(said: str, source: str) -> None:
    assert judge(said, [source]).why in ("figure", "label")
    assert not nothing_against(said, [source])


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The discount you may give alone is **15%**.", "The discount you may give alone is 15%."),
        ("The discount you may give alone is 12,5%.", "The discount you may give alone is 12.5%."),
        ("The fee for an offer is 1 250 000 Ft.", "The fee for an offer is 1.250.000 Ft."),
        ("The fee for an offer is 1250,50 Ft.", "The fee for an offer is 1,250.5 Ft."),
        ("The code for an offer is A-12.", "The code for an offer (A-12) is shown."),
        ("The team meets at 10:30.", "The team meets at 10:30 every day."),
        ("The offer ends on 2026. 12. 22.", "The offer ends on 2026-12-22."),
        ("The offer ends on 2026-12-22.", "The offer ends on 22 December 2026."),
        ("A kedvezmény, amelyet egyedül adhatsz, 30%-os.", "A kedvezmény, amelyet egyedül adhatsz, harminc százalék."),
    ],
)
def test_the_same_figure_written_otherwise_is_supported(said: str, source: str) -> None:
    assert judge(said, [source]).supported


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_a_number_has_one_value_however_it_is_grouped(whole: int, cents: int) -> None:
    grouped = f"{whole:,}.{cents:02}"
    turned = grouped.replace(",", " ").replace(".", ",")
    for written in (grouped, turned, grouped.translate(str.maketrans(",.", ".,"))):
        assert [value(run) for run in runs(plain(f"({written} Ft)"))] == [Decimal(whole) + Decimal(cents) / 100]


@given(st.text("1, ", max_size=30), st.integers(1, 999))
def test_any_figure_that_stands_there_in_the_same_way_is_there(around: str, number: int) -> None:
    source = f"The code is {number} {around}"
    assert judge(source, [source]).why != "figure"


def test_a_sentence_too_long_to_look_through_is_left_out_unseen() -> None:
    said = "The offer is valid, " * 60
    assert judge(said, [said]).why == "long" and not nothing_against(said, [said])
    assert judge(said[:900], [said]).supported


@given(st.lists(st.sampled_from(["ab", ".", " ", "5", "pl", "[1]", "A", "\n", "…", "”", "("]), max_size=40))
def test_sentences_are_the_same_letter_by_letter_as_at_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    cutter = Sentences()
    found = [sentence for letter in text for sentence in cutter.feed(letter)]
    assert [*found, *cutter.flush()] == sentences(text)


def test_a_stop_that_ends_nothing_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.model import sentences as module

    judged: list[int] = []
    real = module._end_of

    def counted(text: str, begin: int, stop: re.Match[str], ending: bool) -> tuple[int | None, bool]:
        judged.append(stop.start())
        return real(text, begin, stop, ending)

    monkeypatch.setattr(module, "_end_of", counted)
    cutter = Sentences()
    for letter in "ab." * 200:
        cutter.feed(letter)
    # Once as it comes, when nothing can be told yet, and once with the letter behind it.
    assert len(judged) == 2 * 200 - 1
