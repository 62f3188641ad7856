"""An offer as its page shows it: every value a string in the page's language, nothing computed here."""

from dataclasses import dataclass, replace

from core.errors import say
from core.language import Language
from core.money import print_money, print_number
from offers.accepting import REASONS, Shown
from offers.choices import groups
from offers.documents.view import PrintedOffer, clean, print_percent, print_price, printed
from offers.documents.words import print_date, unit_word
from offers.sheet import Content, OfferSheet, SheetLine
from offers.stamped_words import print_moment


@dataclass(frozen=True)
class LineShown:
    """A line: `taken` says whether it is in the sums as shown."""

    position: int
    sku: str
    name: str
    quantity: str
    unit_price: str
    discount: str
    net: str
    text: str
    contents: tuple[str, ...]
    taken: bool


@dataclass(frozen=True)
class SumsShown:
    """VAT by rate as (rate, net, VAT), and the totals."""

    vat: tuple[tuple[str, str, str], ...]
    net: str
    vat_total: str
    gross: str


@dataclass(frozen=True)
class OutcomeShown:
    """An answer that stands: who gave it when, and what they said."""

    answer: str
    name: str
    at: str
    reason: str
    comment: str
    has_copy: bool


@dataclass(frozen=True)
class OfferShown:
    """The whole page."""

    doc: PrintedOffer
    fixed: tuple[LineShown, ...]
    groups: tuple[tuple[LineShown, ...], ...]
    extras: tuple[LineShown, ...]
    sums: SumsShown
    notes: tuple[str, ...]
    delivery: str
    warranty: str
    rate: dict[str, str]
    vat_rule: str
    files: tuple[str, ...]
    pdf_sha256: str
    reasons: tuple[tuple[str, str], ...]
    outcome: OutcomeShown | None

    @property
    def has_choices(self) -> bool:
        """Whether there is anything to choose."""
        return self.outcome is None and bool(self.groups or self.extras)

    @property
    def taken(self) -> tuple[LineShown, ...]:
        """The lines in the sums."""
        every = (*self.fixed, *(line for group in self.groups for line in group), *self.extras)
        return tuple(sorted((line for line in every if line.taken), key=lambda line: line.position))


def _line(line: SheetLine, position: int, sheet: OfferSheet, taken: bool) -> LineShown:
    language = sheet.language
    return LineShown(
        position=position,
        sku=clean(line.sku),
        name=clean(line.name),
        quantity=_quantity(line, language),
        unit_price=print_price(line.unit_price, sheet.currency, language),
        discount=print_percent(line.discount_percent, language) if line.discount_percent else "",
        net=print_money(line.net, sheet.currency, language),
        text=clean(line.text),
        contents=tuple(f"{_quantity(part, language)} {clean(part.name)}" for part in line.contents),
        taken=taken,
    )


def _quantity(line: SheetLine | Content, language: Language) -> str:
    return f"{print_number(line.quantity, language)} {clean(unit_word(line.unit, line.quantity, language))}"


def sums_shown(shown: Shown, language: Language) -> SumsShown:
    """The sums of what is taken, printed."""
    currency = shown.sheet.currency
    return SumsShown(
        vat=tuple(
            (
                print_percent(row.percent, language),
                print_money(row.net, currency, language),
                print_money(row.vat, currency, language),
            )
            for row in shown.vat
        ),
        net=print_money(shown.totals.net, currency, language),
        vat_total=print_money(shown.totals.vat, currency, language),
        gross=print_money(shown.totals.gross, currency, language),
    )


def offer_shown(shown: Shown, language: Language) -> OfferShown:
    """The page of `shown` in `language`; names of products stay in that of the offer."""
    sheet = replace(shown.sheet, language=language)
    lines = {
        kept.position: _line(line, kept.position, sheet, kept.position in shown.taken)
        for kept, line in zip(shown.version.lines, sheet.lines, strict=True)
    }
    kept_lines = shown.version.lines
    rate = sheet.rate
    return OfferShown(
        doc=printed(sheet),
        fixed=tuple(lines[k.position] for k in kept_lines if not k.optional and k.option_group is None),
        groups=tuple(tuple(lines[k.position] for k in group) for group in groups(kept_lines)),
        extras=tuple(lines[k.position] for k in kept_lines if k.optional and k.option_group is None),
        sums=sums_shown(shown, language),
        notes=tuple(text for note in sheet.notes for row in note.splitlines() if (text := clean(row))),
        delivery=clean(sheet.delivery),
        warranty=clean(sheet.warranty),
        rate={}
        if rate is None
        else {
            "base": rate.base,
            "quote": rate.quote,
            "rate": print_number(rate.rate, language),
            "on": print_date(rate.on, language),
        },
        vat_rule=sheet.vat_rule,
        files=shown.files,
        pdf_sha256=shown.pdf_sha256,
        reasons=tuple((code, say(f"decline_{code}", language)) for code in REASONS),
        outcome=_outcome(shown, language),
    )


def _outcome(shown: Shown, language: Language) -> OutcomeShown | None:
    if shown.answered is None:
        return None
    decision = shown.answered.decision
    return OutcomeShown(
        answer=decision.decision,
        name=clean(decision.name),
        at=print_moment(decision.at, language),
        reason=say(f"decline_{decision.reason}", language) if decision.reason else "",
        comment=clean(decision.comment),
        has_copy=shown.answered.has_copy,
    )
