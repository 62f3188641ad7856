"""Limits hold for whatever the customer may choose: a margin is not raised by what may be left, nor approval by edits
of others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.context import Parts
from core.clock import today
from core.errors import AppError
from crm.actor import Actor
from offers.figures import Edit, EditedLine
from offers.limits import Limits, Offered, over

People = Callable[[str], Actor]
D = Decimal
LEAST_20 = Limits({"": D(100)}, {"": D(20)})
POOR = Offered("", D(0), D(100), D(95))
RICH = Offered("", D(0), D(1000), D(100))


def codes(*lines: Offered) -> list[str]:
    return [str(warning["code"]) for warning in over(LEAST_20, lines)]


def test_an_optional_line_of_high_margin_does_not_hide_a_poor_one() -> None:
    assert codes(POOR) == ["warn_low_margins"]
    assert codes(POOR, replace(RICH, optional=True)) == ["warn_low_margins"]
    assert codes(POOR, RICH) == []


def test_an_optional_line_that_leaves_less_counts() -> None:
    assert codes(RICH, replace(POOR, net=D(9000), cost=D(8900), optional=True)) == ["warn_low_margins"]


def test_of_a_choice_the_line_counts_that_leaves_the_least() -> None:
    rich, poor = replace(RICH, option_group="A"), replace(POOR, option_group="A", optional=True)
    assert codes(rich, poor) == ["warn_low_margins"]
    assert codes(rich, replace(poor, cost=D(10))) == []


lines = st.builds(
    Offered,
    category=st.just(""),
    discount_percent=st.just(D(0)),
    net=st.integers(0, 50).map(D),
    cost=st.none() | st.integers(0, 50).map(D),
    optional=st.booleans(),
    option_group=st.none() | st.just("A"),
)


@given(st.lists(lines, max_size=5))
def test_approval_is_needed_just_where_some_choice_leaves_too_little(offered: list[Offered]) -> None:
    fixed = [line for line in offered if line.option_group is None and not line.optional]
    extras = [line for line in offered if line.option_group is None and line.optional]
    group: list[Offered | None] = [line for line in offered if line.option_group] or [None]
    too_little = False
    for one in group:
        for taken in range(2 ** len(extras)):
            chosen = [*fixed, *(x for n, x in enumerate(extras) if taken >> n & 1), *([one] if one else [])]
            known = [(line.net, line.cost) for line in chosen if line.cost is not None]
            net, cost = sum(n for n, _ in known), sum(c for _, c in known)
            too_little = too_little or (net - cost) * 100 < 20 * net
    assert bool(codes(*offered)) == too_little


def edit(discount: int, notes: str = "") -> Edit:
    return Edit((EditedLine("TOLL", D(10), D(discount)),), today() + timedelta(days=9), 8, notes=notes)


def test_who_gave_the_discount_does_not_approve_it_after_another_changed_a_word(
    parts: Parts, people: People, company: None
) -> None:
    offers, nora, mate = parts.offers, people("nora"), people("mate")
    number = offers.create(nora, "C0001", edit(0)).number
    offers.revise(mate, number, offers.detail(mate, number).lock, edit(30))
    after = offers.revise(nora, number, offers.detail(nora, number).lock, edit(30, "Only a word."))
    assert after.state == "awaiting_approval"
    with pytest.raises(AppError) as refused:
        offers.approve(mate, number)
    assert refused.value.code == "own_offer_not_approved"
    assert offers.approve(people("ada"), number).state == "draft"
