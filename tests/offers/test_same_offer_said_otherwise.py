"""What was shown is what is stored, and what the customer would be told otherwise counts as a change."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from assistant.context import Parts
from core.clock import today
from core.errors import AppError
from crm import customers
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Opportunity, Stage
from offers.editing import Said
from offers.figures import Edit, EditedLine
from offers.revising import Question, Revising
from offers.wishes import RemoveLine, SetOptional, SetQuantity, Wish
from tests.offers.price_samples import Listed, Row, put, set_vat

People = Callable[[str], Actor]
D = Decimal
SAID = Said("as it was said", "en")


def edit(*lines: EditedLine) -> Edit:
    return Edit(lines or (EditedLine("TOLL", D(10)),), today() + timedelta(days=30), 8)


def change(parts: Parts, actor: Actor, number: str, *wishes: Wish) -> list[tuple[str, Decimal, bool, str | None]]:
    after = Revising(parts.offers).change(actor, number, wishes, SAID, "en").after
    return [(line.sku, line.quantity, line.optional, line.option_group) for line in after.lines]


def test_the_price_of_a_campaign_is_shown_before_it_is_stored(parts: Parts, people: People, company: None) -> None:
    nora = people("nora")
    with unit(parts.engine, SYSTEM) as session:
        customer = customers.by_code(session, "C0001")
        session.add(
            Opportunity(
                code="OP90001",
                customer_id=customer.id,
                title="Pens",
                stage_code=session.scalars(select(Stage.code).where(Stage.closed.is_(False))).first() or "",
                campaign="Spring",
                currency="HUF",
                opened_on=today(),
            )
        )
        rows = [Row(None, "HUF", D(12000), D(0), -9, None), Row(0, "HUF", D(9000), D(0), -9, None)]
        put(session, [Listed(None, None, "Spring", -9, None, True)], rows)
    shown = parts.offers.compute_new(nora, "C0001", edit())
    named = parts.offers.compute_new(nora, "C0001", edit(), opportunity="OP90001")
    stored = parts.offers.create(nora, "C0001", edit())
    assert shown.totals.net == named.totals.net == D(stored.totals.net) == D(90_000)


def test_vat_by_another_rule_is_another_offer(parts: Parts, people: People, company: None) -> None:
    nora = people("nora")
    with unit(parts.engine, SYSTEM) as session:
        customers.by_code(session, "C0001").country = "US"
    number = parts.offers.create(nora, "C0001", edit()).number
    with pytest.raises(AppError) as refused:
        Revising(parts.offers).reprice(nora, number)
    assert refused.value.code == "offer_prices_same"
    set_vat(parts.engine, vat_export=True)
    after = Revising(parts.offers).reprice(nora, number).after
    assert (after.vat_rule, after.totals.vat) == ("export", D(0))


INK = (
    EditedLine("TINTA-K", D(3), option_group="ink"),
    EditedLine("TINTA-P", D(3), optional=True, option_group="ink"),
    EditedLine("VIGY", D(3), optional=True, option_group="ink"),
)


def test_the_one_that_counts_of_a_choice_is_changed_not_doubled(parts: Parts, people: People, company: None) -> None:
    nora = people("nora")
    number = parts.offers.create(nora, "C0001", edit(EditedLine("TOLL", D(1)), *INK)).number
    assert change(parts, nora, number, SetOptional(line="red ink", optional=False))[1:] == [
        ("TINTA-K", D(3), True, "ink"),
        ("TINTA-P", D(3), False, "ink"),
        ("VIGY", D(3), True, "ink"),
    ]


def test_a_choice_whose_counted_line_is_left_out_still_counts_one(parts: Parts, people: People, company: None) -> None:
    nora = people("nora")
    number = parts.offers.create(nora, "C0001", edit(EditedLine("TOLL", D(1)), *INK)).number
    assert change(parts, nora, number, RemoveLine(line="blue ink"))[1:] == [
        ("TINTA-P", D(3), False, "ink"),
        ("VIGY", D(3), True, "ink"),
    ]


def test_what_is_left_of_a_choice_alone_is_a_line_like_any_other(parts: Parts, people: People, company: None) -> None:
    nora = people("nora")
    number = parts.offers.create(nora, "C0001", edit(EditedLine("TOLL", D(1)), *INK[:2])).number
    assert change(parts, nora, number, RemoveLine(line="blue ink"))[1:] == [("TINTA-P", D(3), False, None)]


def test_twelve_instead_of_a_number_that_stands_nowhere_is_asked_about(
    parts: Parts, people: People, company: None
) -> None:
    nora = people("nora")
    number = parts.offers.create(nora, "C0001", edit(EditedLine("TOLL", D(5), D(10)))).number
    with pytest.raises(Question) as asked:
        change(parts, nora, number, SetQuantity(quantity=D(12), was=D(10)))
    assert asked.value.field == "line"
    assert change(parts, nora, number, SetQuantity(quantity=D(12), was=D(5)))[0][1] == D(12)


def test_an_optional_line_too_large_to_be_kept_is_told(parts: Parts, people: People, company: None) -> None:
    with unit(parts.engine, SYSTEM) as session:
        put(session, [], [Row(None, "HUF", D(10) ** 12 - 1, D(0), -9, None)])
    asked = edit(EditedLine("TEA", D(5)), EditedLine("TOLL", D(1_000_000), optional=True))
    assert parts.offers.compute_new(people("nora"), "C0001", asked).errors["lines"].code == "offer_too_large"
