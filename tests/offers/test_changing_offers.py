"""An offer there is as an edit: nothing is lost on the way; copied, repriced, taken back as versions of their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.context import Parts
from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from crm import customers
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Price, Product
from offers import editing
from offers.changing import edit_of_version
from offers.editing import Said
from offers.figures import Edit, EditedLine
from offers.revising import Question, Revising
from offers.view import OfferView
from offers.wishes import AddLine, RemoveLine, SetCurrency, SetDiscount, SetQuantity, SetValidity, SwapProduct, Wish

People = Callable[[str], Actor]
D = Decimal
SAID = Said("as it was said", "en")


def full(**rest: object) -> Edit:
    """An offer that says all that an offer can say."""
    made = Edit(
        lines=(
            EditedLine("TOLL", D(5), D("7.5"), text="with a name on it"),
            EditedLine("TINTA-K", D(3), None, option_group="ink"),
            EditedLine("TINTA-P", D(3), None, optional=True, option_group="ink"),
        ),
        valid_until=today() + timedelta(days=45),
        payment_days=21,
        discount_percent=D(3),
        language="pl",
        title="Pens for the office",
        notes="Ring first.",
        delivery="within a week",
        warranty="two years",
    )
    return replace(made, **rest)  # type: ignore[arg-type]


@pytest.fixture
def nora(people: People) -> Actor:
    return people("nora")


@pytest.fixture
def made(parts: Parts, nora: Actor) -> OfferView:
    return parts.offers.create(nora, "C0005", full())


def change(parts: Parts, actor: Actor, number: str, *wishes: Wish) -> OfferView:
    return Revising(parts.offers).change(actor, number, wishes, SAID, "en").offer


lines = st.builds(
    EditedLine,
    sku=st.sampled_from(["TOLL", "TINTA-K", "TINTA-P", "TEA", "VIGY"]),
    quantity=st.decimals(min_value=5, max_value=10_000, places=4),
    discount_percent=st.none() | st.decimals(min_value=0, max_value=100, places=2),
    optional=st.booleans(),
    option_group=st.none() | st.sampled_from(["A", "B"]),
    text=st.sampled_from(["", "as agreed"]),
)


@given(
    typed=st.lists(lines, min_size=1, max_size=6),
    general=st.none() | st.decimals(min_value=0, max_value=30, places=1),
    days=st.integers(0, 300),
    language=st.sampled_from(["hu", "pl", "en"]),
    customer=st.sampled_from(["C0001", "C0004", "C0005"]),
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_an_offer_as_an_edit_comes_to_the_same_lines_and_totals(
    parts: Parts,
    people: People,
    typed: list[EditedLine],
    general: Decimal | None,
    days: int,
    language: str,
    customer: str,
) -> None:
    edit = full(lines=tuple(typed), discount_percent=general, language=language, payment_days=days)
    with unit(parts.engine, people("ada")) as session:
        firm = customers.by_code(session, customer)
        offer = editing.store_new(session, firm, None, None, edit)
        version = offer_records.by_number(session, offer.number).latest
        again = edit_of_version(version)
        figures = editing.figures_of_revision(session, offer, again)
        assert figures.complete
        assert (figures.totals.net, figures.totals.vat, figures.totals.gross) == (
            version.net,
            version.vat,
            version.gross,
        )
        assert [
            (n.product.sku, n.quantity, n.unit_price, n.discount_percent, n.net, n.optional, n.option_group, n.text)
            for line in figures.lines
            if (n := line.new) is not None
        ] == [
            (o.sku, o.quantity, o.unit_price, o.discount_percent, o.net, o.optional, o.option_group, o.text)
            for o in version.lines
        ]
        assert (again.title, again.notes, again.delivery, again.warranty) == (
            edit.title,
            edit.notes,
            edit.delivery,
            edit.warranty,
        )
        assert (again.valid_until, again.payment_days, again.language) == (edit.valid_until, days, language)
        session.rollback()


def test_a_change_of_one_line_leaves_all_else_as_it_was(parts: Parts, nora: Actor, made: OfferView) -> None:
    changed = change(parts, nora, made.number, SetQuantity(line="pens", quantity=D(6)))
    assert changed.version == 2 and changed.lines[0].quantity == "6"
    assert changed.lines[1:] == made.lines[1:]
    assert changed.lines[0].text == "with a name on it" and changed.lines[2].optional
    kept = ("title", "notes", "delivery", "warranty", "language", "currency", "payment_days", "valid_until")
    assert [getattr(changed, name) for name in kept] == [getattr(made, name) for name in kept]


def test_wishes_are_done_in_their_order(parts: Parts, nora: Actor, made: OfferView) -> None:
    no_discount = SetDiscount(percent=D(0), every=True)
    changed = change(parts, nora, made.number, RemoveLine(line="blue ink"), AddLine(product="engraving"), no_discount)
    assert [(x.sku, x.discount_percent) for x in changed.lines] == [("TOLL", "0"), ("TINTA-P", "0"), ("VIGY", "0")]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (RemoveLine(line="ink"), "line"),
        (RemoveLine(line="tea"), "line"),
        (AddLine(product="ink", quantity=D(1)), "product"),
        (AddLine(product="unicorn", quantity=D(1)), "product"),
        (AddLine(product="tea"), "quantity"),
        (AddLine(product="tea", quantity=D(2)), "quantity"),
        (SwapProduct(line="pens", product="ink"), "product"),
        (SetQuantity(line="pens", quantity=D(0)), "quantity"),
    ],
)
def test_what_is_not_clear_is_asked_and_nothing_is_changed(
    parts: Parts, nora: Actor, made: OfferView, wish: Wish, field: str
) -> None:
    with pytest.raises(Question) as asked:
        change(parts, nora, made.number, wish)
    assert asked.value.field == field and asked.value.text
    assert parts.offers.view(nora, made.number).version == 1


def test_an_offer_is_never_left_without_a_line(parts: Parts, nora: Actor, made: OfferView) -> None:
    everything = [RemoveLine(at=(1,)), RemoveLine(at=(2,)), RemoveLine(at=(3,))]
    with pytest.raises(AppError, match="without a line") as refused:
        change(parts, nora, made.number, *everything)
    assert refused.value.code == "offer_would_be_empty"


def test_places_of_a_version_that_is_no_longer_the_newest_are_refused(
    parts: Parts, nora: Actor, made: OfferView
) -> None:
    change(parts, nora, made.number, RemoveLine(line="blue ink"))
    with pytest.raises(AppError) as refused:
        Revising(parts.offers).change(nora, made.number, [RemoveLine(at=(2,))], SAID, "en", ordinal=1)
    assert refused.value.code == "offer_revised"


def test_validity_is_lengthened_from_the_day_it_has(parts: Parts, nora: Actor, made: OfferView) -> None:
    changed = change(parts, nora, made.number, SetValidity(longer=14))
    assert date.fromisoformat(changed.valid_until) == today() + timedelta(days=59)


def test_a_copy_is_in_the_customers_own_currency_language_and_terms(parts: Parts, nora: Actor, made: OfferView) -> None:
    done = Revising(parts.offers).copy(nora, made.number, "C0001")
    copy = done.offer
    assert (copy.currency, copy.language, copy.customer.code) == ("HUF", "hu", "C0001") and copy.number != made.number
    assert [(x.sku, x.quantity, x.discount_percent, x.optional, x.option_group, x.text) for x in copy.lines] == [
        (x.sku, x.quantity, x.discount_percent, x.optional, x.option_group, x.text) for x in made.lines
    ]
    assert copy.made_from == f"offer {made.number} v1" and copy.title == made.title
    assert parts.offers.view(nora, made.number) == made


def test_repricing_takes_the_prices_of_today_and_says_which(parts: Parts, nora: Actor, made: OfferView) -> None:
    with pytest.raises(AppError) as same:
        Revising(parts.offers).reprice(nora, made.number)
    assert same.value.code == "offer_prices_same"
    with unit(parts.engine, SYSTEM) as session:
        pen = session.scalars(select(Product).where(Product.sku == "TOLL")).one()
        session.add(Price(product_id=pen.id, currency="EUR", unit_price=D(33), valid_from=today()))
    done = Revising(parts.offers).reprice(nora, made.number)
    assert (done.offer.version, done.offer.lines[0].unit_price) == (2, "33.00")
    assert any("30,00" in warning and "33,00" in warning for warning in done.offer.warnings)


def test_another_currency_is_at_its_own_list_prices(parts: Parts, nora: Actor, made: OfferView) -> None:
    changed = change(parts, nora, made.number, SetCurrency(currency="PLN"))
    assert (changed.currency, changed.lines[0].unit_price) == ("PLN", "130.50")


def test_taking_back_makes_a_version_that_says_what_the_one_before_said(
    parts: Parts, nora: Actor, made: OfferView
) -> None:
    change(parts, nora, made.number, RemoveLine(line="blue ink"), SetValidity(longer=7))
    back = Revising(parts.offers).undo(nora, made.number).offer
    assert (back.version, back.lines, back.totals, back.valid_until) == (3, made.lines, made.totals, made.valid_until)


def test_only_rights_decide(parts: Parts, people: People, made: OfferView) -> None:
    rita = people("rita")
    revising = Revising(parts.offers)
    with pytest.raises((NotFound, Forbidden)):
        revising.reprice(rita, made.number)
    with pytest.raises((NotFound, Forbidden)):
        revising.copy(rita, made.number, "C0002")
    with pytest.raises((NotFound, Forbidden)):
        change(parts, rita, made.number, RemoveLine(line="pens"))
