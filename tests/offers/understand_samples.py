"""A made-up catalogue for the tests of understanding: firms and products of no real company."""

from datetime import date
from decimal import Decimal

from core.language import Language
from core.text import fold, folded_words
from offers.request import CustomerName, ProductName, Understood
from offers.understand import understand

TODAY = date(2026, 11, 22)  # a Sunday

FIRMS = (
    ("U0001", "Halász Kft.", "11111111-2-41", "Tata"),
    ("U0002", "Halász és Társa Kft.", "22222222-2-41", "Baja"),
    ("U0003", "Halász Bt.", "33333333-1-41", "Vác"),
    ("U0004", "Kék Völgy Borászat Kft.", "44444444-2-41", "Eger"),
    ("U0005", "Kékvölgy Építő Kft.", "55555555-2-41", "Eger"),
    ("U0006", "Új Bútorgyár Zrt.", "66666666-2-41", "Tata"),
    ("U0007", "Körös Porcelángyár Zrt.", "77777777-2-41", "Gyula"),
    ("U0008", "Nowicki Sp. z o.o.", "1234567890", "Toruń"),
    ("U0009", "Nowicki i Wspólnicy Sp. j.", "2345678901", "Toruń"),
    ("U0010", "Fabryka Mebli Wisła S.A.", "3456789012", "Płock"),
    ("U0011", "Zielona Brzoza Sp. z o.o.", "4567890123", "Płock"),
    ("U0012", "D'Arcy & Daughters Ltd", "GB111222333", "York"),
    ("U0013", "Baker & Lowe LLP", "GB222333444", "York"),
    ("U0014", "Bakerfield Stores Ltd", "GB333444555", "York"),
    ("U0015", "Silver Lake Printing Ltd", "GB444555666", "Bath"),
)
GOODS = (
    ("P-KON", "Kontroller szoftver", "Controller software", "Oprogramowanie kontroler", "db", 1),
    ("P-KONX", "Kontroller Extra szoftver", "Controller Extra software", "Oprogramowanie kontroler extra", "db", 1),
    ("P-TAB8", "Tablet 8 hüvelyk", "8-inch tablet", "Tablet 8 cali", "db", 1),
    ("P-TAB11", "Tablet 11 hüvelyk", "11-inch tablet", "Tablet 11 cali", "db", 1),
    ("P-NYOM", "Lézernyomtató", "Laser printer", "Drukarka laserowa", "db", 1),
    ("P-LAMP", "Asztali lámpa", "Desk lamp", "Lampa biurkowa", "db", 1),
    ("P-TEA", "Fekete tea 1 kg", "Black tea 1 kg", "Herbata czarna 1 kg", "kg", 5),
    ("P-OKT", "Oktatás", "Training", "Szkolenie", "nap", 1),
    ("P-KARB", "Karbantartás (éves)", "Maintenance (yearly)", "Konserwacja (roczna)", "év", 1),
    ("P-SZALL", "Kiszállítás", "Delivery", "Dostawa", "alkalom", 1),
)


class SampleCatalogue:
    """The catalogue kept in memory; `hidden` are codes that the asking user may not see."""

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self._firms = tuple(CustomerName(*firm) for firm in FIRMS if firm[0] not in hidden)

    def products(self) -> tuple[ProductName, ...]:
        return tuple(
            ProductName(sku, {"hu": hu, "en": en, "pl": pl}, unit, Decimal(least))
            for sku, hu, en, pl, unit, least in GOODS
        )

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        def met(firm: CustomerName) -> int:
            beginnings = [*folded_words(firm.name), fold(firm.name).replace(" ", "")]
            return sum(any(word.startswith(stem) for word in beginnings) for stem in stems)

        return tuple(sorted((f for f in self._firms if met(f)), key=lambda f: (-met(f), f.code)))[:200]

    def customer_by_code(self, code: str) -> CustomerName | None:
        return next((f for f in self._firms if f.code == code.upper()), None)

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        def bare(number: str | None) -> str:
            return "".join(c for c in number or "" if c.isalnum())

        wanted = bare(digits)
        fits = (f for f in self._firms if bare(f.tax_number) == wanted or bare(f.tax_number)[:8] == wanted)
        return next(fits, None)


def read(text: str, language: Language = "hu", hidden: frozenset[str] = frozenset()) -> Understood:
    """`text` understood with the sample catalogue."""
    return understand(text, SampleCatalogue(hidden), language=language, today=TODAY)


def codes(text: str, language: Language = "hu", hidden: frozenset[str] = frozenset()) -> list[str]:
    """The codes of the customers `text` may mean."""
    return sorted(c.code for c in read(text, language, hidden).customers)


def rows(text: str, language: Language = "hu") -> list[tuple[list[str], str | None]]:
    """The lines of `text`: the SKUs each may mean, and its quantity."""
    lines = read(text, language).lines
    return [
        (
            [p.sku for p in m.products],
            None if m.requested.quantity is None else str(m.requested.quantity),
        )
        for m in lines
    ]
