"""Which questions stand together on the editors' list: those that ask alike, in other words and other endings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.question_groups import likeness, nearest, telling_words

ALIKE = [
    ("Hogyan kérek szabadságot?", "Hol lehet szabadságot kérni?"),
    ("Hogyan törlöm az ügyfelet?", "Ügyfél törlése hogyan megy?"),
    ("Jak wystawić fakturę?", "Gdzie wystawiam faktury?"),
    ("How do I request a holiday?", "Where can I request holidays?"),
    ("HOGYAN KEREK SZABADSAGOT", "hogyan kérek szabadságot?"),
]
APART = [
    ("How do I export customers?", "How do I import customers?"),
    ("Hogyan törlök ügyfelet?", "Hogyan törlök ajánlatot?"),
    ("Jak usunąć klienta?", "Jak dodać klienta?"),
    ("What is the capital of Mongolia?", "What is the weather in Paris?"),
    ("Miért nem?", "Hogyan kérek szabadságot?"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_question_in_other_words(one: str, other: str) -> None:
    assert nearest(one, [("g", other)]) == "g"


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_question_in_the_same_words(one: str, other: str) -> None:
    assert nearest(one, [("g", other)]) is None


def test_of_several_the_most_alike_is_chosen() -> None:
    known = [("far", "Where can I request a parking card?"), ("near", "Where can I request a holiday?")]
    assert nearest("How do I request holidays?", known) == "near"


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = telling_words(one), telling_words(other)
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert not a or likeness(a, a) == 1
