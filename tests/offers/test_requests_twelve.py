"""Twelve requests as customers send them, in three languages: what is taken for sure is right, the rest is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.requests import Outcome, outcomes
from core.settings import Settings
from crm.engine import connect, migrate
from demo.load import load


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demo company's records."""
    home: Path = tmp_path_factory.mktemp("twelve")
    engine = connect(Settings(home=home))
    migrate(engine)
    load(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def found(demo: Engine) -> list[Outcome]:
    """Every request, recognised."""
    return outcomes(demo)


def test_no_line_is_wrong_or_lost(found: list[Outcome]) -> None:
    assert {each.case.name: each.wrong for each in found if each.wrong} == {}


def test_every_customer_is_known_and_every_language_told(found: list[Outcome]) -> None:
    assert {each.case.name for each in found if each.recognised.whose.codes != (each.case.customer,)} == set()
    assert [each.recognised.language for each in found] == ["hu"] * 4 + ["pl"] * 4 + ["en"] * 4


def test_most_lines_need_no_question(found: list[Outcome]) -> None:
    lines = sum(len(each.case.lines) for each in found)
    assert sum(each.right for each in found) * 2 > lines
    assert sum(each.needless for each in found) <= 3


def test_prices_and_discounts_of_the_file_are_only_noted(found: list[Outcome]) -> None:
    mail = next(each.recognised for each in found if each.case.name == "level.eml")
    assert [quote.value for quote in mail.discounts] == ["10"]
    assert all(line.discount is None for line in mail.lines)
    sheet = next(each.recognised for each in found if each.case.name == "igenyek.xlsx")
    assert sheet.lines[0].price == "7900"
    polish = next(each.recognised for each in found if each.case.name == "zapotrzebowanie.xlsx")
    assert polish.lines[0].discount == "8"


def test_deadlines_and_currencies_are_read_where_they_stand(found: list[Outcome]) -> None:
    by_name = {each.case.name: each.recognised for each in found}
    assert [quote.value for quote in by_name["ajanlatkeres.pdf"].deadlines] == ["2026-12-04"]
    assert by_name["zapytanie.docx"].currency == "EUR"
    delivery = by_name["zapotrzebowanie.xlsx"].deadlines[0]
    assert (delivery.value, delivery.place.sheet) == ("2026-12-15", "Info")
