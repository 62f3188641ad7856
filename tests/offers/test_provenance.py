"""No figure is printed that does not follow from its source, whichever figure it is and however it was changed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from assistant.context import Parts
from core.errors import AppError
from core.language import LANGUAGES
from core.money import Currency
from crm import bundles, costs
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import unit
from offers import figures_told
from offers.figures_told import provenance_view
from offers.pricing import line_net, totals, vat_rows
from offers.provenance import figures_of, line_provenance, require_sources
from offers.sheet import Content, OfferSheet, Rate, SheetLine
from tests.offers.documents_samples import sheet
from tests.offers.price_samples import D, Listed, Row, edit, give_rate, in_days, product_of, put, worked_out

People = Callable[[str], Actor]
COIN = Decimal("0.01")


@st.composite
def sheets(draw: st.DrawFn) -> OfferSheet:
    """A sheet with all its sources: converted or not, discounts or none, optional lines, a bundle."""
    currency: Currency = "HUF"
    rate = Rate("EUR", "HUF", draw(st.integers(300, 500).map(Decimal)), in_days(0)) if draw(st.booleans()) else None
    rule = draw(st.sampled_from(["", "reverse_charge", "export"]))
    lines = []
    for place in range(draw(st.integers(1, 5))):
        foreign = rate is not None and (place == 0 or draw(st.booleans()))
        listed = draw(st.integers(1, 99999).map(Decimal))
        price = listed * rate.rate if foreign and rate is not None else listed
        quantity, discount = draw(st.integers(1, 99).map(Decimal)), draw(st.sampled_from([D(0), D(5), D("12.5")]))
        vat = D(0) if rule else draw(st.sampled_from([D(27), D(18), D(5)]))
        kept: dict[str, object] = {
            "price": {"id": 7, "version": 2, "unit_price": str(listed), "currency": "EUR" if foreign else "HUF"},
            "rate": {"id": 3, "base": "EUR", "quote": "HUF", "rate": str(rate.rate), "on": rate.on.isoformat()}
            if foreign and rate is not None
            else None,
            "quantity": {"given": "prompt"},
            "discount": {"percent": str(discount), "given": "prompt"},
            "vat": {"percent": str(vat), "rule": rule},
        }
        net = line_net(quantity, price, discount, currency)
        contents = (Content("TOLL", "Pen", D(2), "db"),) if draw(st.booleans()) else ()
        optional = draw(st.booleans())
        lines.append(
            SheetLine(f"S{place}", "X", quantity, "db", price, discount, net, vat, optional, None, "", contents, kept)
        )
    rows = vat_rows(((line.net, line.vat_percent) for line in lines if not line.optional), currency)
    return replace(sheet(), lines=tuple(lines), vat=rows, totals=totals(rows), vat_rule=rule, rate=rate)


@hypothesis_settings(deadline=None)
@given(sheets())
def test_every_figure_of_a_sound_sheet_has_a_source(sound: OfferSheet) -> None:
    require_sources(sound)
    named = [figure.name for figure in figures_of(sound)]
    assert len(named) == len(set(named)) and {"totals.net", "totals.vat", "totals.gross"} <= set(named)
    for place in range(len(sound.lines)):
        assert {f"lines[{place}].{name}" for name in ("quantity", "unit_price", "net", "vat_percent")} <= set(named)
    assert ("rate" in named) == (sound.rate is not None)


def tampered(sound: OfferSheet, place: int, name: str) -> OfferSheet:
    """The sheet with one figure changed, and no other."""
    line, rows, sums = sound.lines[place], sound.vat, sound.totals
    if name in ("unit_price", "discount_percent", "net", "vat_percent"):
        other = replace(line, **{name: getattr(line, name) + COIN})
        return replace(sound, lines=(*sound.lines[:place], other, *sound.lines[place + 1 :]))
    if name.startswith("totals."):
        field = name.removeprefix("totals.")
        return replace(sound, totals=replace(sums, **{field: getattr(sums, field) + COIN}))
    if name == "rate":
        assert sound.rate is not None
        return replace(sound, rate=replace(sound.rate, rate=sound.rate.rate + COIN))
    if name == "rule":
        return replace(sound, vat_rule="" if sound.vat_rule else "export")
    field = name.removeprefix("vat.")
    row = rows[0]
    return replace(sound, vat=(replace(row, **{field: getattr(row, field) + COIN}), *rows[1:]))


@hypothesis_settings(deadline=None, max_examples=300)
@given(sheets(), st.data())
def test_a_figure_that_was_changed_is_refused(sound: OfferSheet, data: st.DataObject) -> None:
    names = ["unit_price", "discount_percent", "net", "vat_percent", "totals.net", "totals.vat", "totals.gross", "rule"]
    names += ["rate"] if sound.rate is not None else []
    names += ["vat.net", "vat.vat", "vat.percent"] if sound.vat else []
    place = data.draw(st.integers(0, len(sound.lines) - 1))
    with pytest.raises(AppError) as refused:
        require_sources(tampered(sound, place, data.draw(st.sampled_from(names))))
    assert (refused.value.code, refused.value.status) == ("figure_without_source", 500)


@hypothesis_settings(deadline=None)
@given(sheets(), st.data())
def test_a_line_whose_sources_were_taken_away_is_refused(sound: OfferSheet, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sound.lines) - 1))
    line = sound.lines[place]
    lost = data.draw(st.sampled_from([None, {}, {"price": {"id": 1}}, {**(line.provenance or {}), "vat": None}]))
    bare = replace(line, provenance=lost)
    with pytest.raises(AppError) as refused:
        require_sources(replace(sound, lines=(*sound.lines[:place], bare, *sound.lines[place + 1 :])))
    assert str(refused.value.values["figure"]).startswith(f"lines[{place}].")


def test_what_is_stored_has_its_sources_and_tells_them_in_every_language(
    engine: Engine, company: None, parts: Parts, people: People
) -> None:
    nora = people("nora")
    with unit(engine, SYSTEM) as session:
        mine = Listed("C0001", None, None, -1, None, True)
        put(session, [mine], [Row(0, "EUR", D(30), D(5), -1, None), Row(None, "EUR", D(33), D(0), -1, None)])
        give_rate(session, "EUR", "HUF", D("395.5"))
        bundles.put(session, product_of(session, "VIGY"), "TINTA-K", D(3))
    number = parts.offers.create(nora, "C0001", edit(("TOLL", "5"), ("VIGY", "1"), discount="10")).number
    for language in LANGUAGES:
        with unit(engine, replace(nora, language=language), writes=False) as session:
            told = provenance_view(session, number)
        assert all(figure.kind != "none" and figure.source for figure in told.figures)
        pen = next(figure for figure in told.figures if figure.name == "lines[0].unit_price")
        assert pen.value == "11865" and pen.price is not None and pen.rate is not None and pen.price.list is not None
        assert all(word in pen.source for word in ("List 0", "L0", "5", "EUR"))
        assert any(figure.name == "lines[1].contents[0].quantity" and figure.value == "3" for figure in told.figures)


def test_a_line_stored_before_anything_was_kept_points_to_its_price_row(
    engine: Engine, parts: Parts, people: People
) -> None:
    nora = people("nora")
    number = parts.offers.create(nora, "C0001", edit(("TOLL", "5"), discount="10")).number
    with unit(engine, nora, writes=False) as session:
        version = offer_records.by_number(session, number).latest
        line = version.lines[0]
        full, line.provenance = line.provenance, None
        bare = line_provenance(line, version)
        assert full is not None and bare["price"]["id"] == line.price_id  # type: ignore[index]
        assert bare["discount"]["percent"] == "10"  # type: ignore[index]
        line.provenance = full


def test_margins_are_for_those_with_the_right_alone(engine: Engine, parts: Parts, people: People) -> None:
    nora, mate = people("nora"), people("mate")
    with unit(engine, SYSTEM) as session:
        costs.give(session, product_of(session, "TOLL"), "HUF", D(9000), in_days(0))
        costs.give(session, product_of(session, "TINTA-K"), "EUR", D(2), in_days(0))
        give_rate(session, "EUR", "HUF", D(400))
    asked = edit(("TOLL", "2"), ("TINTA-K", "10"), ("TEA", "5"))
    number = parts.offers.create(nora, "C0001", asked).number
    with unit(engine, nora, writes=False) as session:
        assert provenance_view(session, number).margins is None
        assert costs.cost_rows(session, product_of(session, "TOLL")) == []
    with unit(engine, mate, writes=False) as session:
        found = provenance_view(session, number).margins
    assert found is not None
    told = {margin.sku: (margin.net, margin.cost, margin.left) for margin in found}
    assert told["TOLL"] == ("24000", "18000", "6000")
    assert told["TINTA-K"] == ("19900", "8000", "11900")
    assert told["TEA"] == ("38885", None, None)
    assert told[None] == ("43900", "26000", "17900")


def test_every_word_of_what_was_given_and_computed_is_known() -> None:
    for language in LANGUAGES:
        for given_from in ("prompt", "form", "record", "request RQ00001", "offer AJ-2026-00001 v2", "unheard of"):
            assert figures_told.given_told(given_from, language)


def test_a_bundle_is_offered_with_its_contents_and_holds_no_bundle(
    engine: Engine, company: None, people: People
) -> None:
    with unit(engine, SYSTEM) as session:
        bundle, pen = product_of(session, "VIGY"), product_of(session, "TOLL")
        bundles.put(session, bundle, "toll", D(2))
        bundles.put(session, bundle, "TINTA-K", D("1.5"))
        for outer, inner in ((pen, "VIGY"), (pen, "TINTA-P"), (bundle, "VIGY")):
            with pytest.raises(AppError) as refused:
                bundles.put(session, outer, inner, D(1))
            assert refused.value.code == "bundle_in_bundle"
        bundles.put(session, bundle, "TOLL", D(3))
        bundles.take_out(session, bundle, "TINTA-K")
    made = worked_out(engine, people("nora"), edit(("VIGY", "1")))
    line = made.lines[0].new
    assert line is not None
    assert list(line.contents) == [{"sku": "TOLL", "name": "Töltőtoll", "quantity": "3", "unit": "db"}]
