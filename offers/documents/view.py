"""An offer sheet as printed: every value a string in the document's language, nothing computed."""

import unicodedata
from dataclasses import asdict, dataclass
from decimal import Decimal

from core.language import Language
from core.money import MINOR_DIGITS, Currency, plain, print_money, print_number
from core.text import nfc
from offers.documents.sections import Alternatives, Placed, sections
from offers.documents.words import currency_sign, labels, payment_words, print_date, unit_word, vat_note
from offers.sheet import Content, OfferSheet, Rate, SheetLine

NO_DISCOUNT = "–"


@dataclass(frozen=True)
class PrintedParty:
    """Seller or buyer; an empty string where there is nothing to print."""

    name: str
    address: str = ""
    tax_number: str = ""
    email: str = ""
    phone: str = ""
    bank_account: str = ""
    website: str = ""
    contact: str = ""
    code: str = ""


@dataclass(frozen=True)
class PrintedContent:
    """A part of a bundle, and how much of it one bundle contains."""

    sku: str
    name: str
    quantity: str
    unit: str


@dataclass(frozen=True)
class PrintedLine:
    """One line: amounts with the currency's sign, percentages with %, a dash for no discount. `text` may have several
    rows; `choice` says that another line may be taken instead, empty where there is none."""

    sku: str
    name: str
    quantity: str
    unit: str
    unit_price: str
    discount: str
    net: str
    vat: str
    text: str = ""
    contents: tuple[PrintedContent, ...] = ()
    choice: str = ""


@dataclass(frozen=True)
class PrintedGroup:
    """Lines of which one may be taken `instead` of the line that counts (a sentence, empty where none counts)."""

    name: str
    instead: str
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True)
class PrintedVat:
    """VAT of one rate."""

    rate: str
    net: str
    vat: str


@dataclass(frozen=True)
class PrintedTotals:
    """The three totals."""

    net: str
    vat: str
    gross: str


@dataclass(frozen=True)
class PrintedOffer:
    """Everything a template may print; field names are the placeholders, see `docs/offer-templates.md`.

    `lines` are those in the totals; `alternatives` and `options` are not.
    """

    language: Language
    currency: str
    number: str
    version: str
    made_on: str
    valid_until: str
    payment: str
    title: str
    notes: tuple[str, ...]
    draft: str
    draft_reason: str
    seller: PrintedParty
    buyer: PrintedParty
    owner: PrintedParty
    lines: tuple[PrintedLine, ...]
    vat: tuple[PrintedVat, ...]
    totals: PrintedTotals
    alternatives: tuple[PrintedGroup, ...]
    options: tuple[PrintedLine, ...]
    delivery: str
    warranty: str
    vat_note: str
    rate_note: str

    def as_dict(self) -> dict[str, object]:
        """The same as nested dictionaries and sequences of strings, ready for JSON or a template."""
        return asdict(self)


def clean(text: str | None) -> str:
    """`text` in NFC on one line, without control, formatting and unassigned characters.

    They cannot be stored in XML, or would let a name reorder or hide what stands beside it.
    """
    spaced = " ".join((text or "").split())
    kept = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"})
    return nfc(" ".join(kept.split()))


def rows(text: str) -> str:
    """`text` cleaned row by row, without empty rows."""
    return "\n".join(kept for row in text.splitlines() if (kept := clean(row)))


def print_percent(percent: Decimal, language: Language) -> str:
    """`percent` with its sign, 5% or 7,5%."""
    return f"{print_number(percent, language)}%"


def print_price(price: Decimal, currency: Currency, language: Language) -> str:
    """A unit price with all the decimals it has, and no fewer than the currency's own: never rounded."""
    decimals = len(plain(price).partition(".")[2])
    if decimals <= MINOR_DIGITS[currency]:
        return print_money(price, currency, language)
    return f"{print_number(price, language)}\u00a0{currency_sign(currency, language)}"


def print_line(line: SheetLine, sheet: OfferSheet, choice: str = "") -> PrintedLine:
    """`line` as the documents of `sheet` print it."""
    language, currency = sheet.language, sheet.currency
    return PrintedLine(
        sku=clean(line.sku),
        name=clean(line.name),
        quantity=print_number(line.quantity, language),
        unit=clean(unit_word(line.unit, line.quantity, language)),
        unit_price=print_price(line.unit_price, currency, language),
        discount=print_percent(line.discount_percent, language) if line.discount_percent else NO_DISCOUNT,
        net=print_money(line.net, currency, language),
        vat=print_percent(line.vat_percent, language),
        text=rows(line.text),
        contents=tuple(_content(part, language) for part in line.contents),
        choice=choice,
    )


def _content(part: Content, language: Language) -> PrintedContent:
    unit = unit_word(part.unit, part.quantity, language)
    return PrintedContent(clean(part.sku), clean(part.name), print_number(part.quantity, language), clean(unit))


def _group(group: Alternatives, sheet: OfferSheet) -> PrintedGroup:
    instead = labels(sheet.language)["instead"]
    chosen = instead.format(name=clean(group.chosen.line.name)) if group.chosen else ""
    return PrintedGroup(clean(group.name), chosen, tuple(print_line(one.line, sheet) for one in group.lines))


def rate_note(rate: Rate, language: Language, amount: str | None = None) -> str:
    """The sentence that tells the exchange rate and its day; with `amount` in place of the rate."""
    shown = print_number(rate.rate, language) if amount is None else amount
    return labels(language)["rate_note"].format(
        base=rate.base, quote=rate.quote, rate=shown, on=print_date(rate.on, language)
    )


def printed(sheet: OfferSheet) -> PrintedOffer:
    """`sheet` in the words, numbers and dates of its language. Notes become one entry a line of text."""
    language, currency = sheet.language, sheet.currency
    words, placed = labels(language), sections(sheet)
    chosen = {group.chosen.place: group.name for group in placed.alternatives if group.chosen}

    def counted(one: Placed) -> PrintedLine:
        group = chosen.get(one.place)
        return print_line(one.line, sheet, words["choice"].format(group=clean(group)) if group else "")

    seller, buyer = sheet.seller, sheet.buyer
    return PrintedOffer(
        language=language,
        currency=currency,
        number=clean(sheet.number),
        version=words["version"].format(n=sheet.version),
        made_on=print_date(sheet.made_on, language),
        valid_until=print_date(sheet.valid_until, language),
        payment=payment_words(sheet.payment_days, language),
        title=clean(sheet.title),
        notes=tuple(text for note in sheet.notes for row in note.splitlines() if (text := clean(row))),
        draft=words["draft"] if sheet.awaiting_approval else "",
        draft_reason=words["draft_reason"] if sheet.awaiting_approval else "",
        seller=PrintedParty(
            name=clean(seller.name),
            address=clean(seller.address),
            tax_number=clean(seller.tax_number),
            email=clean(seller.email),
            phone=clean(seller.phone),
            bank_account=clean(seller.bank_account),
            website=clean(seller.website),
        ),
        buyer=PrintedParty(
            name=clean(buyer.name),
            address=clean(buyer.address),
            tax_number=clean(buyer.tax_number),
            contact=clean(buyer.contact),
            code=clean(buyer.code),
        ),
        owner=PrintedParty(name=clean(sheet.owner_name), email=clean(sheet.owner_email)),
        lines=tuple(counted(one) for one in placed.counted),
        vat=tuple(
            PrintedVat(
                rate=print_percent(row.percent, language),
                net=print_money(row.net, currency, language),
                vat=print_money(row.vat, currency, language),
            )
            for row in sheet.vat
        ),
        totals=PrintedTotals(
            net=print_money(sheet.totals.net, currency, language),
            vat=print_money(sheet.totals.vat, currency, language),
            gross=print_money(sheet.totals.gross, currency, language),
        ),
        alternatives=tuple(_group(group, sheet) for group in placed.alternatives),
        options=tuple(print_line(one.line, sheet) for one in placed.options),
        delivery=rows(sheet.delivery),
        warranty=rows(sheet.warranty),
        vat_note=vat_note(sheet.vat_rule, language),
        rate_note=rate_note(sheet.rate, language) if sheet.rate else "",
    )
