"""Whether a passage bears a sentence out: figures, labels, names and denials first, then words and meaning."""

import pytest

from assistant.model.support import judge

PASSAGE = (
    "Új ajánlat\nNyisd meg az ügyfél lapját, és válaszd az „Új ajánlat” gombot. Az ajánlat 30 napig, legkésőbb "
    "2026-12-22-ig érvényes. Az ára 1 500 Ft, öt tételig. A kiadott ajánlat nem törölhető. Kérdésed esetén írj "
    "Kovács Évának (eva@robo.example)."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Az ajánlat 30 napig érvényes.",
        "Az ajánlat harminc napig érvényes.",
        "Az ajánlat 2026. december 22-ig érvényes.",
        "Az ára 1500 Ft.",
        "Az ára 1.500 Ft.",
        "1. Válaszd az „Új ajánlat” gombot.",
        "A kiadott ajánlat nem törölhető.",
        "Írj Kovács Évának, ha kérdésed van.",
        "Írj az eva@robo.example címre, Kovács Évának.",
    ],
)
def test_what_stands_in_the_passage_is_supported(sentence: str) -> None:
    assert judge(sentence, [PASSAGE]).why == "supported"


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Az ajánlat 60 napig érvényes.", "figure"),
        ("Az ajánlat hatvan napig érvényes.", "figure"),
        ("Az ajánlat 2027. december 22-ig érvényes.", "figure"),
        ("Az ára 15 000 Ft.", "figure"),
        ("Írj a pista@robo.example címre, Kovács Évának.", "figure"),
        ("Válaszd a „Gyorsajánlat” gombot.", "label"),
        ("Kérdésed esetén írj Nagy Évának.", "name"),
        ("A kiadott ajánlat törölhető.", "negation"),
        ("Az ajánlat 30 napig nem érvényes.", "negation"),
        ("Az ajánlatot mindig 30 napig érvényes.", "absolute"),
        ("A számlát a pénzügy küldi el postán.", "words"),
    ],
)
def test_what_does_not_stand_in_it_is_not_and_the_reason_is_named(sentence: str, why: str) -> None:
    assert judge(sentence, [PASSAGE]).why == why


def test_meaning_decides_only_where_words_leave_it_open() -> None:
    said = "A szerződést az ügyfél lapját megnyitva kezded az ajánlattal."
    assert judge(said, [PASSAGE], lambda text, others: 0.95).supported
    assert not judge(said, [PASSAGE], lambda text, others: 0.85).supported
    assert judge("Az ajánlat 60 napig érvényes.", [PASSAGE], lambda text, others: 0.99).why == "figure"


def test_in_another_language_meaning_decides_with_figures_and_names() -> None:
    english = "An issued offer is valid for 30 days."
    assert judge(english, [PASSAGE], lambda text, others: 0.9, across=True).supported
    assert judge("An issued offer is valid for 40 days.", [PASSAGE], lambda t, o: 0.9, across=True).why == "figure"
