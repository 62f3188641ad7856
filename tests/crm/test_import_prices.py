"""List prices on import: a changed price begins today, and what was valid before stays valid before."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from crm import catalogue
from crm.actor import SYSTEM
from crm.imports import ImportReport, products, run_import
from crm.session import unit
from crm.tables import Price, Product

HEADER = "sku,name_hu,name_en,name_pl,unit,price_huf,price_eur,price_pln,vat_percent,category,minimum_quantity"
START = date(2026, 3, 2)


class Shop:
    """Imports one product on days it can choose."""

    def __init__(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine, self._file, self._monkeypatch = engine, folder / "products.csv", monkeypatch

    def load(self, day: date, *prices: str, sku: str = "LIC-1", vat: str = "27", minimum: str = "1") -> ImportReport:
        self._monkeypatch.setattr(products, "today", lambda: day)
        rows = [f'{sku},Licenc,Licence,Licencja,db,"{price}","2,50",,{vat},Licenc,{minimum}' for price in prices]
        self._file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        return run_import(self.engine, "products", self._file)

    def rows(self, currency: str = "HUF") -> list[tuple[Decimal, date, date | None]]:
        with unit(self.engine, SYSTEM, writes=False) as session:
            found = session.scalars(select(Price).where(Price.currency == currency).order_by(Price.valid_from))
            return [(p.unit_price, p.valid_from, p.valid_to) for p in found]


@pytest.fixture
def shop(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(engine, tmp_path, monkeypatch)


def test_the_first_price_is_valid_from_the_day_of_the_import(shop: Shop) -> None:
    assert shop.load(START, "59900").created == 1
    assert shop.rows() == [(Decimal(59900), START, None)]
    assert shop.rows("EUR") == [(Decimal("2.5"), START, None)]
    assert shop.rows("PLN") == []


def test_the_same_price_again_changes_nothing(shop: Shop) -> None:
    shop.load(START, "59900")
    assert shop.load(START + timedelta(days=9), "59900,0").unchanged == 1
    assert shop.rows() == [(Decimal(59900), START, None)]


def test_a_changed_price_ends_the_old_one_yesterday(shop: Shop) -> None:
    later = START + timedelta(days=30)
    shop.load(START, "59900")
    assert shop.load(later, "64900").updated == 1
    assert shop.rows() == [
        (Decimal(59900), START, later - timedelta(days=1)),
        (Decimal(64900), later, None),
    ]
    with unit(shop.engine, SYSTEM, writes=False) as session:
        product = session.scalars(select(Product)).one()
        for day, price in ((START, 59900), (later - timedelta(days=1), 59900), (later, 64900)):
            assert catalogue.price_on(session, product, "HUF", day).unit_price == price


def test_a_price_changed_twice_a_day_is_one_row(shop: Shop) -> None:
    shop.load(START, "59900")
    later = START + timedelta(days=1)
    shop.load(later, "60000")
    shop.load(later, "61000", "62000")
    assert shop.rows() == [(Decimal(59900), START, START), (Decimal(62000), later, None)]


def test_a_price_that_begins_later_stands(shop: Shop) -> None:
    shop.load(START, "100")
    june = date(2026, 6, 1)
    with unit(shop.engine, SYSTEM) as session:
        present = session.scalars(select(Price).where(Price.currency == "HUF")).one()
        present.valid_to = june - timedelta(days=1)
        session.add(Price(product_id=present.product_id, currency="HUF", unit_price=Decimal(150), valid_from=june))
    april = date(2026, 4, 1)
    shop.load(april, "120")
    assert shop.rows() == [
        (Decimal(100), START, april - timedelta(days=1)),
        (Decimal(120), april, june - timedelta(days=1)),
        (Decimal(150), june, None),
    ]


def test_a_rate_a_spreadsheet_keeps_as_a_fraction_is_refused(shop: Shop) -> None:
    assert [f.reason_code for f in shop.load(START, "100", vat="0.27").rejected] == ["row_out_of_range"]
    assert shop.load(START, "100", vat="27%").created == 1
    assert shop.load(START, "100", vat="0").updated == 1


def test_an_ambiguous_amount_of_money_is_refused_and_not_guessed(shop: Shop) -> None:
    assert [f.reason_code for f in shop.load(START, "24.000").rejected] == ["row_ambiguous_number"]
    assert shop.load(START, "1 024 000").created == 1
    assert shop.rows()[0][0] == 1024000
