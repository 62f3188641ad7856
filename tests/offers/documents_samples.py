"""Offer sheets for the document tests, with figures that fit together, and ways to spoil a file."""

import zipfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.language import Language
from core.money import Currency, round_money
from offers.sheet import Buyer, OfferSheet, Seller, SheetLine, Totals, VatRow

CURRENCY: dict[Language, Currency] = {"hu": "HUF", "pl": "PLN", "en": "EUR"}
SELLER = Seller(
    name="Őrségi Műszer Kft.",
    address="9941 Őriszentpéter, Városszer 5.",
    tax_number="24781236-2-18",
    email="ajanlat@muszer.example",
    phone="+36 94 555 014",
    bank_account="11712345-20001234-00000000",
    website="www.muszer.example",
)
BUYER = Buyer("C0001", "Łódzkie Źródło & Synowie", "90-001 Łódź, ul. Świętokrzyska 5", "725-18-01-126", "Wąs Dorota")


def line(
    sku: str = "LIC-PREM",
    name: str = "Prémium licenc",
    quantity: str = "10",
    price: str = "59900",
    discount: str = "5",
    vat: str = "27",
    unit: str = "db",
    currency: Currency = "HUF",
) -> SheetLine:
    """A line whose net follows from the rest."""
    gross_of_discount = Decimal(quantity) * Decimal(price)
    net = round_money(gross_of_discount * (1 - Decimal(discount) / 100), currency)
    return SheetLine(sku, name, Decimal(quantity), unit, Decimal(price), Decimal(discount), net, Decimal(vat))


THREE = (
    line(),
    line("HW-NB14", "Notebook 14 hüvelyk", "2", "329900.5", "0"),
    line("SZO-OKT", "Oktatás", "1.5", "180000", "7.5", "5", "nap"),
)


def sheet(lines: Iterable[SheetLine] = THREE, language: Language = "hu", awaiting_approval: bool = False) -> OfferSheet:
    """An offer of `lines` in the currency that goes with `language`."""
    lines, currency = tuple(lines), CURRENCY[language]
    bases: dict[Decimal, Decimal] = {}
    for one in lines:
        bases[one.vat_percent] = bases.get(one.vat_percent, Decimal(0)) + one.net
    vat = tuple(VatRow(rate, base, round_money(base * rate / 100, currency)) for rate, base in bases.items())
    net, tax = sum((row.net for row in vat), Decimal(0)), sum((row.vat for row in vat), Decimal(0))
    return OfferSheet(
        number="A-2026-0042",
        version=2,
        language=language,
        currency=currency,
        made_on=date(2026, 11, 22),
        valid_until=date(2026, 12, 22),
        payment_days=8,
        seller=SELLER,
        buyer=BUYER,
        owner_name="Tóth Anna",
        owner_email="anna@muszer.example",
        lines=lines,
        vat=vat,
        totals=Totals(net, tax, net + tax),
        title="Licencek és oktatás",
        notes=("Szállítás 10 napon belül, 5 000 Ft alatt is ingyen.",),
        awaiting_approval=awaiting_approval,
    )


def long_sheet(count: int, language: Language = "hu") -> OfferSheet:
    """An offer of `count` lines, each different, over several pages."""
    currency = CURRENCY[language]
    return sheet(
        (
            line(f"SKU-{n:03}", f"Hosszú nevű tétel, {n}. változat, őrzött", str(n), f"{n}99.5", currency=currency)
            for n in range(1, count + 1)
        ),
        language,
    )


def spoil(docx: Path, old: str, new: str, nth: int = 1) -> None:
    """Replace the `nth` occurrence of `old` in the Word file's body by `new`, as a hand with Word would."""
    with zipfile.ZipFile(docx) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    pieces = parts["word/document.xml"].decode().split(old)
    assert len(pieces) > nth, f"{old!r} is not there {nth} times"
    body = old.join(pieces[:nth]) + new + old.join(pieces[nth:])
    parts["word/document.xml"] = body.encode()
    with zipfile.ZipFile(docx, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
