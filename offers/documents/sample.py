"""A made-up offer that says everything a document can say: templates are tried with it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.language import Language
from core.money import Currency
from offers.pricing import line_net, totals, vat_rows
from offers.sheet import Buyer, Content, OfferSheet, Rate, Seller, SheetLine

_CURRENCY: dict[Language, Currency] = {"hu": "HUF", "pl": "PLN", "en": "EUR"}
# SKU, quantity, unit price, discount, VAT rate, optional, option group. No two amounts are alike, so that none can
# stand in for another.
_LINES = (
    ("PACK-01", "2", "1234.5", "5", "27", False, None),
    ("LIC-PRO", "13", "599", "0", "27", False, None),
    ("MON-27", "7", "811.25", "7.5", "27", False, "Monitor"),
    ("DAY-EDU", "1.5", "1800", "0", "5", False, None),
    ("MON-32", "7", "913.75", "7.5", "27", True, "Monitor"),
    ("OPT-EXT", "3", "377", "10", "27", True, None),
)
_NAMES: dict[Language, tuple[str, ...]] = {
    "hu": ("Munkaállomás csomag", "Felhasználói licenc", "Monitor 27", "Oktatás", "Monitor 32", "Bővített támogatás"),
    "pl": ("Zestaw stanowiska", "Licencja użytkownika", "Monitor 27", "Szkolenie", "Monitor 32", "Większe wsparcie"),
    "en": ("Workstation bundle", "User licence", "Monitor 27", "Training", "Monitor 32", "Extended support"),
}
_SAID: dict[Language, tuple[str, ...]] = {
    "hu": (
        "Mintaajánlat",
        "Magyar nyelvű kiadás.",
        "Kiszállítás 9 munkanapon belül.",
        "36 hónap.",
        "Minta megjegyzés.",
    ),
    "pl": (
        "Oferta wzorcowa",
        "Wydanie polskie.",
        "Dostawa w ciągu 9 dni roboczych.",
        "36 miesięcy.",
        "Uwaga wzorcowa.",
    ),
    "en": ("Sample offer", "English edition.", "Delivered within 9 working days.", "36 months.", "A sample note."),
}


def sample_sheet(language: Language) -> OfferSheet:
    """An offer in `language` with a bundle, an alternative, an option, texts, terms, a note and an exchange rate, that
    awaits approval and is free of VAT only in its note. Nothing in it is anybody's."""
    currency = _CURRENCY[language]
    title, text, delivery, warranty, note = _SAID[language]
    lines = [_line(row, name, currency) for row, name in zip(_LINES, _NAMES[language], strict=True)]
    contents = (Content("HW-01", "Notebook", Decimal(2), "db"), Content("HW-02", "Dock", Decimal(4), "db"))
    lines[0], lines[1] = replace(lines[0], contents=contents), replace(lines[1], text=text)
    vat = vat_rows(((one.net, one.vat_percent) for one in lines if not one.optional), currency)
    return OfferSheet(
        number="SAMPLE-2026-00042",
        version=3,
        language=language,
        currency=currency,
        made_on=date(2026, 11, 22),
        valid_until=date(2026, 12, 19),
        payment_days=17,
        seller=Seller(
            "Sample Ltd.", "1011 Sample, Main 1", "11111111-2-42", "a@b.example", "+36 1 555 0100", "1", "b.example"
        ),
        buyer=Buyer("C9999", "Sample Buyer", "Sample, Side 2", "22222222-2-42", "Sample Contact"),
        owner_name="Sample Owner",
        owner_email="owner@b.example",
        lines=tuple(lines),
        vat=vat,
        totals=totals(vat),
        title=title,
        notes=(note,),
        delivery=delivery,
        warranty=warranty,
        vat_rule="export",
        rate=Rate("EUR", "HUF", Decimal("395.12"), date(2026, 11, 20)),
        awaiting_approval=True,
    )


def plain_sheet(language: Language) -> OfferSheet:
    """The same offer with nothing but its first lines: what may be left out is."""
    full = sample_sheet(language)
    lines = tuple(replace(one, contents=(), text="", option_group=None) for one in full.lines if not one.optional)
    return replace(
        full,
        lines=lines,
        title=None,
        notes=(),
        delivery="",
        warranty="",
        vat_rule="",
        rate=None,
        awaiting_approval=False,
        buyer=replace(full.buyer, tax_number=None, contact=None, address=""),
    )


def _line(row: tuple[str, str, str, str, str, bool, str | None], name: str, currency: Currency) -> SheetLine:
    sku, quantity, price, discount, vat, optional, group = row
    count, each, percent = Decimal(quantity), Decimal(price), Decimal(discount)
    net = line_net(count, each, percent, currency)
    return SheetLine(sku, name, count, "db", each, percent, net, Decimal(vat), optional, group)
