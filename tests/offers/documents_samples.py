"""Offer sheets for the document tests, with figures that fit together, and ways to spoil a file."""

import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.language import Language
from core.money import Currency, round_money
from crm.exchange import converted
from offers.pricing import line_net
from offers.sheet import Buyer, Content, OfferSheet, Rate, Seller, SheetLine, Totals, VatRow

CURRENCY: dict[Language, Currency] = {"hu": "HUF", "pl": "PLN", "en": "EUR"}
RATE: dict[Language, Rate] = {
    "hu": Rate("EUR", "HUF", Decimal("395.12"), date(2026, 11, 20)),
    "pl": Rate("EUR", "PLN", Decimal("4.2512"), date(2026, 11, 20)),
    "en": Rate("EUR", "HUF", Decimal("395.12"), date(2026, 11, 20)),
}
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


def source(of: SheetLine, currency: Currency, rule: str = "") -> dict[str, object]:
    """What the figures of a line come from, as the data layer keeps it."""
    return {
        "price": {"id": 1, "version": 1, "unit_price": str(of.unit_price), "currency": currency, "from": "2026-01-01"},
        "rate": None,
        "quantity": {"given": "form"},
        "discount": {"percent": str(of.discount_percent), "given": "form"},
        "vat": {"percent": str(of.vat_percent), "rule": rule},
    }


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
    currency = CURRENCY[language]
    lines = tuple(one if one.provenance else replace(one, provenance=source(one, currency)) for one in lines)
    bases: dict[Decimal, Decimal] = {}
    for one in lines:
        if one.optional:
            continue
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


def full_sheet(language: Language = "hu", count: int = 8) -> OfferSheet:
    """An offer with everything that a document can say: alternatives, options, a bundle, texts, terms and a rate."""
    currency = CURRENCY[language]
    made = list(long_sheet(count, language).lines)
    names = {"hu": "Irodai munkaállomás csomag", "pl": "Zestaw stanowiska biurowego", "en": "Office workstation bundle"}
    made[0] = replace(
        made[0],
        name=names[language],
        contents=(
            Content("HW-NB14", "Notebook 14", Decimal(2), "db"),
            Content("HW-MON27", "Monitor 27", Decimal(4), "db"),
            Content("SZO-TEL", "Telepítés", Decimal("1.5"), "nap"),
        ),
    )
    made[1] = replace(made[1], text="Őszi kiadás, 3 év frissítéssel.\nŁącznie z 24 godzinami pomocy.")
    made[2] = replace(made[2], option_group="Monitor")
    others = [
        ("MON-32", "Monitor 32 – szélesebb, állítható magassággal, beépített dokkolóval", "Monitor"),
        ("MON-34", "Monitor 34", "Monitor"),
        ("OPT-KIT", "Kiegészítő készlet", None),
        ("OPT-EXT", "Kiterjesztett jótállás, 5 év", None),
    ]
    for place, (sku, name, group) in enumerate(others):
        one = line(sku, name, str(place + 2), f"{place + 3}71.5", currency=currency)
        made.append(replace(one, optional=True, option_group=group))
    rate = RATE[language]
    made = [replace(one, vat_percent=Decimal(0)) for one in made]
    made = [replace(one, provenance=source(one, currency, "export")) for one in made]
    made[0] = _by_rate(made[0], rate, currency)
    return replace(
        sheet(made, language),
        notes=("Az árak 100 db feletti rendelésnél újra tárgyalhatók.", "Drugie zdanie, 14 dni."),
        delivery="10 munkanapon belül, díjmentesen.\nEmeletre szállítás: 2 fő.",
        warranty="24 hónap, helyszíni javítással.",
        vat_rule="export",
        rate=rate,
    )


def _by_rate(one: SheetLine, rate: Rate, currency: Currency) -> SheetLine:
    """`one` at 100 of the other currency of `rate`."""
    forwards = rate.quote == currency
    price = converted(Decimal(100), rate.rate, forwards, currency)
    net = line_net(one.quantity, price, one.discount_percent, currency)
    priced = replace(one, unit_price=price, net=net)
    other = rate.base if forwards else rate.quote
    kept: dict[str, object] = {"id": 1, "unit_price": "100", "currency": other}
    by = {"id": 1, "base": rate.base, "quote": rate.quote, "rate": str(rate.rate), "on": rate.on.isoformat()}
    return replace(priced, provenance={**source(priced, currency, "export"), "price": kept, "rate": by})
