"""Offers made and changed by a form: one way of computing, versions that stay, and who may approve."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from core.money import MINOR_DIGITS, Currency
from crm import customers
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Offer, OfferLine, OfferVersion, Price, Product, User
from offers import editing
from offers.figures import Edit, EditedLine, Figures
from offers.service import Offers
from offers.view import OfferView

People = Callable[[str], Actor]
D = Decimal
NAN = D("NaN")


def edit(*lines: tuple[str, Decimal | None, Decimal | None], days: int = 30, **rest: object) -> Edit:
    """An edit with these (SKU, quantity, discount) lines."""
    made = Edit(tuple(EditedLine(*line) for line in lines), today() + timedelta(days=days), 8)
    return replace(made, **rest)  # type: ignore[arg-type]


PEN = ("TOLL", D(10), D(5))


@pytest.fixture
def offers(parts: Parts) -> Offers:
    return parts.offers


def lock(offers: Offers, actor: Actor, number: str) -> int:
    return offers.detail(actor, number).lock


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, Decimal, Decimal | None]:
    sku = draw(st.sampled_from(["TOLL", "TINTA-K", "TINTA-P", "TEA", "VIGY"]))
    quantity = draw(st.decimals(min_value=5, max_value=100_000, places=4))
    discount = draw(st.none() | st.decimals(min_value=0, max_value=100, places=2))
    return sku, quantity, discount


def half_up(value: Fraction, currency: Currency) -> Fraction:
    scale = 10 ** MINOR_DIGITS[currency]
    return Fraction(int(value * scale + Fraction(1, 2)), scale)


def by_hand(engine: Engine, asked: Edit, currency: Currency) -> tuple[Fraction, Fraction, Fraction]:
    """Net, VAT and gross in fractions, straight from the rows of the price list."""
    nets: dict[Fraction, Fraction] = {}
    with unit(engine, SYSTEM, writes=False) as session:
        for line in asked.lines:
            product = session.scalars(select(Product).where(Product.sku == line.sku)).one()
            price = session.scalars(
                select(Price).where(Price.product_id == product.id, Price.currency == currency)
            ).one()
            own = line.discount_percent if line.discount_percent is not None else asked.discount_percent or D(0)
            assert line.quantity is not None
            full = Fraction(line.quantity) * Fraction(price.unit_price)
            rate = Fraction(product.vat_percent)
            nets[rate] = nets.get(rate, Fraction(0)) + half_up(full * (100 - Fraction(own)) / 100, currency)
    vat = sum((half_up(net * rate / 100, currency) for rate, net in nets.items()), Fraction(0))
    net = sum(nets.values(), Fraction(0))
    return net, vat, net + vat


def sums(figures: Figures) -> tuple[Fraction, Fraction, Fraction]:
    totals = figures.totals
    return Fraction(totals.net), Fraction(totals.vat), Fraction(totals.gross)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(lines(), min_size=1, max_size=6),
    st.none() | st.decimals(min_value=0, max_value=100, places=2),
    st.sampled_from([("C0001", "HUF"), ("C0004", "PLN"), ("C0005", "EUR")]),
)
def test_what_the_screen_shows_is_what_is_stored_is_what_the_rows_say(
    engine: Engine,
    people: People,
    offers: Offers,
    typed: list[tuple[str, Decimal, Decimal | None]],
    general: Decimal | None,
    firm: tuple[str, Currency],
) -> None:
    actor, (customer, currency) = people("nora"), firm
    asked = edit(*typed, discount_percent=general)
    shown = offers.compute_new(actor, customer, asked)
    with unit(engine, actor) as session:
        stored = editing.store_new(session, customers.by_code(session, customer), None, None, asked)
        number, version = stored.number, stored.latest
        kept = Fraction(version.net), Fraction(version.vat), Fraction(version.gross)
    assert sums(shown) == kept == by_hand(engine, asked, currency)
    again = offers.compute(actor, number, asked)
    assert again.totals == shown.totals and [row.vat for row in again.vat] == [row.vat for row in shown.vat]


def test_a_revision_is_a_version_of_its_own_and_the_one_before_stays(
    engine: Engine, people: People, offers: Offers
) -> None:
    nora = people("nora")
    first = offers.create(nora, "C0001", edit(PEN))
    assert (first.version, first.state, first.totals.net) == (1, "draft", "114000")
    second = offers.revise(nora, first.number, lock(offers, nora, first.number), edit(("TEA", D(6), None)))
    assert (second.version, second.totals.net, [line.sku for line in second.lines]) == (2, "46662", ["TEA"])
    with unit(engine, nora, writes=False) as session:
        kept = session.scalars(select(OfferVersion).order_by(OfferVersion.ordinal)).all()
        assert [(v.ordinal, v.net) for v in kept] == [(1, D(114000)), (2, D(46662))]
        assert [line.sku for line in session.scalars(select(OfferLine).order_by(OfferLine.id))] == ["TOLL", "TEA"]


def test_revising_an_issued_offer_makes_it_a_draft_and_what_was_issued_stays_readable(
    people: People, offers: Offers
) -> None:
    nora = people("nora")
    number = offers.create(nora, "C0001", edit(PEN)).number
    offers.issue(nora, number)
    sent = offers.document(nora, number, "pdf").read_bytes()
    revised = offers.revise(nora, number, lock(offers, nora, number), edit(("TOLL", D(11), D(5))))
    assert revised.state == "draft" and {d.kind for d in revised.documents} == {"docx", "pdf"}
    assert offers.document(nora, number, "pdf", ordinal=1).read_bytes() == sent
    assert offers.document(nora, number, "pdf").parent.name == "v2"
    detail = offers.detail(nora, number)
    assert next(event.kind for event in detail.events if event.ordinal == 1) == "issued"
    assert detail.changes_from(1)[0].differs("quantity")
    assert offers.issue(nora, number, detail.lock).state == "issued"


def test_of_two_who_edit_one_offer_the_second_is_told(people: People, offers: Offers) -> None:
    nora, mate = people("nora"), people("mate")
    number = offers.create(nora, "C0001", edit(PEN)).number
    read = lock(offers, nora, number)
    offers.revise(mate, number, read, edit(("TOLL", D(2), None)))
    for late in (lambda: offers.revise(nora, number, read, edit(PEN)), lambda: offers.issue(nora, number, read)):
        with pytest.raises(AppError) as told:
            late()
        assert told.value.code == "conflict"
    assert offers.view(nora, number).version == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("", D(1), None), "line_without_product"),
        (("NINCS", D(1), None), "line_product_unknown"),
        (("TOLL", None, None), "line_without_quantity"),
        (("TOLL", NAN, None), "line_quantity_wrong"),
        (("TOLL", D(0), None), "line_quantity_wrong"),
        (("TOLL", D("1.00001"), None), "line_quantity_wrong"),
        (("TEA", D(4), None), "line_below_minimum"),
        (("TOLL", D(1), D("100.01")), "discount_wrong"),
        (("TOLL", D(1), NAN), "discount_wrong"),
    ],
)
def test_a_wrong_line_says_why_the_others_are_computed_and_nothing_is_stored(
    engine: Engine, people: People, offers: Offers, line: tuple[str, Decimal | None, Decimal | None], code: str
) -> None:
    nora, asked = people("nora"), edit(PEN, line)
    shown = offers.compute_new(nora, "C0001", asked)
    error = shown.lines[1].error
    assert error is not None and error.code == code
    assert (shown.lines[0].error, shown.totals.net, shown.complete) == (None, D(114000), False)
    with pytest.raises(AppError) as refused:
        offers.create(nora, "C0001", asked)
    assert refused.value.code == "offer_form_wrong"
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Offer)).all() == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (edit(), "lines"),
        (edit(*[PEN] * 201), "lines"),
        (edit(PEN, days=-1), "valid_until"),
        (edit(PEN, days=4000), "valid_until"),
        (edit(PEN, valid_until=None), "valid_until"),
        (edit(PEN, payment_days=-1), "payment_days"),
        (edit(PEN, payment_days=None), "payment_days"),
        (edit(PEN, discount_percent=NAN), "discount_percent"),
    ],
)
def test_a_wrong_term_is_told_by_its_field(people: People, offers: Offers, asked: Edit, field: str) -> None:
    assert set(offers.compute_new(people("nora"), "C0001", asked).errors) == {field}


def test_a_withdrawn_product_cannot_be_offered_any_more(engine: Engine, people: People, offers: Offers) -> None:
    nora = people("nora")
    number = offers.create(nora, "C0001", edit(PEN)).number
    with unit(engine, SYSTEM) as session:
        session.scalars(select(Product).where(Product.sku == "TOLL")).one().active = False
    error = offers.compute(nora, number, edit(PEN)).lines[0].error
    assert error is not None and error.code == "line_not_on_sale"


def test_a_revision_takes_the_list_price_of_today_and_says_what_changed(
    engine: Engine, people: People, offers: Offers
) -> None:
    nora = people("nora")
    number = offers.create(nora, "C0001", edit(PEN, ("VIGY", D(1), None))).number
    with unit(engine, SYSTEM) as session:
        old = {
            sku: session.scalars(select(Price).join(Product).where(Product.sku == sku, Price.currency == "HUF")).one()
            for sku in ("TOLL", "VIGY")
        }
        for sku, amount in (("TOLL", D(13000)), ("VIGY", old["VIGY"].unit_price)):
            old[sku].valid_to = today() - timedelta(days=1)
            session.add(Price(product_id=old[sku].product_id, currency="HUF", unit_price=amount, valid_from=today()))
    revised = offers.revise(nora, number, lock(offers, nora, number), edit(PEN, ("VIGY", D(1), None)))
    assert revised.lines[0].net == "123500"
    assert len(revised.warnings) == 1 and "Töltőtoll" in revised.warnings[0]
    with unit(engine, SYSTEM, writes=False) as session:
        newest = session.scalars(select(OfferLine).order_by(OfferLine.id.desc()).limit(2)).all()
        # The amount did not change, so the row it was first taken from stays its source.
        assert newest[0].price_id == old["VIGY"].id and newest[1].price_id != old["TOLL"].id


def test_nobody_revises_or_computes_an_offer_out_of_reach(people: People, offers: Offers) -> None:
    nora, rita = people("nora"), people("rita")
    number = offers.create(nora, "C0001", edit(PEN)).number
    for attempt in (
        lambda: offers.compute(rita, number, edit(PEN)),
        lambda: offers.compute_new(rita, "C0001", edit(PEN)),
        lambda: offers.create(rita, "C0001", edit(PEN)),
        lambda: offers.revise(rita, number, 1, edit(PEN)),
        lambda: offers.detail(rita, number),
        lambda: offers.document(rita, number, "pdf", 1),
    ):
        with pytest.raises(NotFound):
            attempt()


def waiting(offers: Offers, actor: Actor) -> OfferView:
    return offers.create(actor, "C0001", edit(("TOLL", D(10), D(30))))


def test_who_may_approve_does_and_then_it_can_be_issued(people: People, offers: Offers) -> None:
    nora, mate = people("nora"), people("mate")
    offer = waiting(offers, nora)
    assert offer.state == "awaiting_approval"
    drafts = {d.kind: d.sha256 for d in offer.documents}
    with pytest.raises(Forbidden):
        offers.approve(nora, offer.number)
    approved = offers.approve(mate, offer.number, lock(offers, mate, offer.number))
    assert approved.state == "draft" and approved.version == 1
    # The files called it a draft; those of the approved offer do not.
    assert all(drafts[d.kind] != d.sha256 for d in approved.documents)
    assert offers.issue(nora, offer.number).state == "issued"
    with pytest.raises(AppError) as again:
        offers.approve(mate, offer.number)
    assert again.value.code == "offer_not_awaiting"


def test_nobody_approves_an_offer_or_a_version_of_their_own(people: People, offers: Offers) -> None:
    nora, mate, ada = people("nora"), people("mate"), people("ada")
    own = offers.create(mate, "C0001", edit(("TOLL", D(10), D(50))))
    others = waiting(offers, nora)
    offers.revise(mate, others.number, lock(offers, mate, others.number), edit(("TOLL", D(10), D(60))))
    for number in (own.number, others.number):
        with pytest.raises(AppError) as refused:
            offers.approve(mate, number)
        assert refused.value.code == "own_offer_not_approved"
        assert offers.detail(mate, number).actions["approve"] is not None
        assert offers.approve(ada, number).state == "draft"


def test_an_approval_is_for_the_version_that_was_looked_at(people: People, offers: Offers) -> None:
    nora, mate = people("nora"), people("mate")
    offer = waiting(offers, nora)
    looked_at = lock(offers, mate, offer.number)
    offers.revise(nora, offer.number, looked_at, edit(("TOLL", D(10), D(99))))
    with pytest.raises(AppError) as stale:
        offers.approve(mate, offer.number, looked_at)
    assert stale.value.code == "conflict"
    assert offers.view(nora, offer.number).state == "awaiting_approval"


def test_actions_are_those_of_the_level_with_the_reason_when_not_now(people: People, offers: Offers) -> None:
    nora, mate = people("nora"), people("mate")
    offer = waiting(offers, nora)
    seen = offers.detail(nora, offer.number).actions
    assert set(seen) == {"edit", "issue"} and seen["edit"] is None
    assert seen["issue"] is not None and seen["issue"].code == "offer_awaits_approval"
    assert offers.detail(mate, offer.number).actions["approve"] is None


def test_approvals_in_the_timeline_are_for_everyone_who_sees_the_offer_and_authors_for_readers_of_the_audit(
    people: People, offers: Offers
) -> None:
    offer = waiting(offers, people("nora"))
    offers.approve(people("mate"), offer.number)
    told = {event.kind: event.who for event in offers.detail(people("ada"), offer.number).events}
    assert told["approved"] == "Mate Teszt" and told["made"] == "Nora Teszt"
    events = offers.detail(people("nora"), offer.number).events
    assert sorted(event.kind for event in events) == ["approved", "asked", "documents", "made"]
    nora = people("nora")
    revised = Edit((EditedLine("TOLL", D(10), D(5)),), today() + timedelta(days=9), 8)
    offers.revise(nora, offer.number, lock(offers, nora, offer.number), revised)
    by = {
        actor: [e.who for e in offers.detail(people(actor), offer.number).events if e.kind == "revised"]
        for actor in ("nora", "ada")
    }
    assert by == {"nora": [None], "ada": ["Nora Teszt"]}


def test_a_warning_is_told_in_the_language_of_its_reader(engine: Engine, people: People, offers: Offers) -> None:
    number = waiting(offers, people("nora")).number
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "mate")).one().language = "pl"
    assert "Rabat (30%)" in offers.view(people("mate"), number).warnings[0]
    assert "Rabat (30%)" in offers.detail(people("mate"), number).shown.warnings[0]
    assert "kedvezmény (30%)" in offers.view(people("nora"), number).warnings[0]
