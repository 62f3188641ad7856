"""Where a sentence ends in Hungarian, Polish and English, however the text arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model.sentences import Sentence, Sentences, sentences

CASES = [
    ("Kattints pl. a Mentés gombra. Utána lépj ki.", ["Kattints pl. a Mentés gombra.", "Utána lépj ki."]),
    ("A Kovács Kft. Budapest adatlapja. Kész.", ["A Kovács Kft. Budapest adatlapja.", "Kész."]),
    ("Az ajánlat 2026. 11. 22. napjáig él. Utána lejár.", ["Az ajánlat 2026. 11. 22. napjáig él.", "Utána lejár."]),
    ("Ez a 3. lépés. Jön a 4. is.", ["Ez a 3. lépés.", "Jön a 4. is."]),
    ("Wybierz np. klienta. Potem zapisz.", ["Wybierz np. klienta.", "Potem zapisz."]),
    ("Oferta dla Nowak Sp. z o.o. Kraków. Gotowe.", ["Oferta dla Nowak Sp. z o.o. Kraków.", "Gotowe."]),
    ("It costs 3.5 euros, e.g. for a pen. Done.", ["It costs 3.5 euros, e.g. for a pen.", "Done."]),
    ("Really?! Yes… Maybe.", ["Really?!", "Yes…", "Maybe."]),
    ("Kattints ide: „Mentés.” Ezután várj.", ["Kattints ide: „Mentés.”", "Ezután várj."]),
    ("Steps:\n1. Open it.\n2. Save it.", ["Steps:", "1. Open it.", "2. Save it."]),
    ("See www.example.com. Then go.", ["See www.example.com.", "Then go."]),
]


@pytest.mark.parametrize(("text", "cut"), CASES, ids=[row[0][:30] for row in CASES])
def test_a_sentence_ends_where_a_reader_ends_it(text: str, cut: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == cut


def test_the_marks_behind_a_full_stop_belong_to_the_sentence_before_them() -> None:
    first, second, third = sentences("Nyisd meg [1]. Mentsd el. [2][3] Kész [1, nem jel].")
    assert (first.cites, second.cites, third.cites) == ((1,), (2, 3), ())
    assert second.bare == "Mentsd el."


def test_a_mark_ends_a_sentence_even_behind_an_abbreviation() -> None:
    assert [s.cites for s in sentences("Ilyen a Kovács Kft. [1] A másik a Bt. [2]")] == [(1,), (2,)]


SIGNS = st.sampled_from(
    ("pl. ", "Kft. ", "Sp. z o.o. ", "3. ", "2026. 11. ", "Az ", "ügyfél", ". ", "!", " [1]", "[12] ", "\n", "”", "1.5")
)
TEXT = st.lists(SIGNS | st.text(max_size=2), max_size=30).map("".join)


@given(TEXT, st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_how_the_text_was_cut_into_chunks_changes_nothing(text: str, sizes: list[int]) -> None:
    cutter, found, at, turn = Sentences(), list[Sentence](), 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        found += cutter.feed(text[at : at + size])
        at, turn = at + size, turn + 1
    assert [*found, *cutter.flush()] == sentences(text)


@given(TEXT)
def test_nothing_but_white_space_at_the_ends_is_lost(text: str) -> None:
    assert "".join(s.lead + s.text for s in sentences(text)).split() == text.split()
