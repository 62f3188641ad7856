"""Files as people have them: encodings, delimiters, workbooks; and those that cannot be imported."""

import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from core.errors import AppError
from core.language import LANGUAGES
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.imports import ImportReport, run_import, workbook
from crm.session import unit
from crm.tables import Activity, Customer, Price, Product

HEADER = ["code", "name", "country", "currency", "language"]
PRODUCT = ["sku", "name_hu", "name_en", "name_pl", "unit", "vat_percent", "price_huf", "price_eur", "minimum_quantity"]
TEXT = "code,name,country,currency,language\nC1,Őrségi Tökmag Kft.,HU,HUF,hu\n"


class Desk:
    """A folder to put files in, and a database to import them into. The format has nothing to do with the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = crm_engine.connect(Settings(home=folder / "home"))
        crm_engine.migrate(self.engine)

    def load(self, content: bytes, name: str = "customers.csv") -> ImportReport:
        (self.folder / name).write_bytes(content)
        report = run_import(self.engine, "customers", self.folder / name)
        for fault in report.rejected + report.warnings:
            assert len({fault.message(language) for language in LANGUAGES}) == 3
        return report

    def book(self, *rows: list[object]) -> Path:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(self.folder / "book.xlsx")
        return self.folder / "book.xlsx"

    def names(self) -> list[str]:
        with unit(self.engine, SYSTEM, writes=False) as session:
            return list(session.scalars(select(Customer.name).order_by(Customer.code)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(run: object, *arguments: object) -> AppError:
    assert callable(run)
    with pytest.raises(AppError) as caught:
        run(*arguments)
    assert len({caught.value.message(language) for language in LANGUAGES}) == 3
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_csv_file_is_read_in_every_usual_encoding(desk: Desk, encoding: str, delimiter: str, line_end: str) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", line_end)
    assert desk.load(text.encode(encoding)).created == 1
    assert desk.names() == ["Őrségi Tökmag Kft."]


def test_columns_may_come_in_any_order_and_unknown_ones_are_named_once(desk: Desk) -> None:
    text = "Language, NAME ,foo,currency,country,code,bar\n" + "hu,Cég,1,HUF,HU,C1,2\n" * 3
    report = desk.load(text.encode())
    assert (report.created, report.unchanged) == (1, 2)
    assert [(w.row, w.values) for w in report.warnings if w.reason_code == "row_extra_columns"] == [
        (1, {"columns": "foo, bar"})
    ]


def test_a_missing_column_is_told_with_those_wanted_and_found(desk: Desk) -> None:
    error = refused(desk.load, b"code,title\nC1,X\n")
    assert error.code == "import_columns"
    for language in LANGUAGES:
        assert all(word in error.message(language) for word in ("name, country", "payment_days", "code, title"))


def test_rows_with_shifted_cells_or_open_quotes_are_refused(desk: Desk) -> None:
    text = TEXT + 'C2,Kis, Nagy Kft.,HU,HUF,hu\nC3,"A ""B"" Kft.",HU,HUF,hu\nC4,"X"Y,HU,HUF,hu\nC5,Z,HU,HUF,hu\nC6,Cs'
    report = desk.load(text.encode())
    assert [(f.row, f.reason_code) for f in report.rejected] == [
        (3, "row_wrong_width"),
        (5, "row_bad_quotes"),
        (7, "row_wrong_width"),
    ]
    assert desk.names() == ["Őrségi Tökmag Kft.", 'A "B" Kft.', "Z"]


def test_workbook_cells_are_read_as_what_they_are(desk: Desk) -> None:
    rows: list[list[object]] = [PRODUCT, ["x-1", "A", "B", "C", "db", 27, 9990, 60.0, 0.1 + 0.2], [], ["x-2"]]
    report = run_import(desk.engine, "products", desk.book(*rows))
    assert (report.created, [(f.row, f.reason_code) for f in report.rejected]) == (1, [(4, "row_missing_value")])
    with unit(desk.engine, SYSTEM, writes=False) as session:
        product = session.scalars(select(Product)).one()
        assert (product.sku, product.minimum_quantity) == ("X-1", Decimal("0.3"))
        assert {p.currency: p.unit_price for p in session.scalars(select(Price))} == {"HUF": 9990, "EUR": 60}


def test_a_date_cell_is_a_date(desk: Desk) -> None:
    desk.load(TEXT.encode())
    rows: list[list[object]] = [
        ["customer_code", "type", "subject", "due"],
        ["C1", "call", 2026, datetime(2026, 11, 30)],
        ["C1", "call", "text", "2026-11-30"],
        ["C1", "call", "serial", 46356],
    ]
    report = run_import(desk.engine, "activities", desk.book(*rows))
    assert [(f.row, f.reason_code) for f in report.rejected] == [(4, "row_bad_date")]
    with unit(desk.engine, SYSTEM, writes=False) as session:
        found = session.execute(select(Activity.subject, Activity.due).order_by(Activity.subject)).all()
        assert [(subject, str(due)) for subject, due in found] == [("2026", "2026-11-30"), ("text", "2026-11-30")]


def test_a_formula_error_and_an_endless_text_are_refused(desk: Desk) -> None:
    rows: list[list[object]] = [HEADER, ["C1", "#N/A", "HU", "HUF", "hu"], ["C2", "x" * 301, "HU", "HUF", "hu"]]
    report = run_import(desk.engine, "customers", desk.book(*rows))
    assert [f.reason_code for f in report.rejected] == ["row_formula_error", "row_too_long"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"\n\n", "import_empty"),
        (b"\xef\xbb\xbf", "import_empty"),
        (b"%PDF-1.7 ...", "import_not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "import_not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "import_old_workbook"),
        (b"PK\x03\x04 and nothing more", "import_damaged_workbook"),
        (TEXT.encode() + "C2,ő".encode()[:-1], "import_cut_off"),
        (TEXT.encode() + b"C2,\xff\xfe,HU,HUF,hu\n", "import_damaged_text"),
    ],
)
def test_a_file_that_is_no_whole_table_is_told_apart(desk: Desk, content: bytes, code: str) -> None:
    assert refused(desk.load, content, "customers.xlsx").code == code
    assert desk.names() == []


def test_a_folder_and_a_missing_file_are_told_apart(desk: Desk) -> None:
    assert refused(run_import, desk.engine, "customers", desk.folder).code == "import_is_folder"
    assert refused(run_import, desk.engine, "customers", desk.folder / "none.csv").code == "import_no_file"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_half_a_workbook_is_refused(desk: Desk, share: float) -> None:
    content = desk.book(list[object](HEADER), *([f"C{n}", "Cég", "HU", "HUF", "hu"] for n in range(500))).read_bytes()
    assert refused(desk.load, content[: int(len(content) * share)]).code == "import_damaged_workbook"
    assert desk.names() == []


def test_a_workbook_with_a_broken_sheet_is_refused(desk: Desk) -> None:
    whole = desk.book(list[object](HEADER), ["C1", "Cég", "HU", "HUF", "hu"])
    broken = desk.folder / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    assert refused(run_import, desk.engine, "customers", broken).code == "import_damaged_workbook"


def test_another_zip_is_no_workbook_and_a_bomb_is_not_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.folder / "x.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(run_import, desk.engine, "customers", file).code == "import_not_a_table"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    assert refused(run_import, desk.engine, "customers", file).code == "import_too_large"
    monkeypatch.setattr(workbook, "MOST_BYTES", 1000)
    assert refused(run_import, desk.engine, "customers", desk.book(list[object](HEADER))).code == "import_too_large"
