"""The names that requests are matched with in tests: three products, two customers."""

from datetime import date
from decimal import Decimal

from core.text import fold, folded_words
from offers.request import CustomerName, ProductName

TODAY = date(2026, 11, 22)


def _product(sku: str, hu: str, pl: str, en: str, unit: str = "db", least: str = "1") -> ProductName:
    return ProductName(sku, {"hu": hu, "pl": pl, "en": en}, unit, Decimal(least))


PRODUCTS = (
    _product("TOLL-K", "Kék toll", "Niebieski długopis", "Blue pen"),
    _product("TOLL-P", "Piros toll", "Czerwony długopis", "Red pen"),
    _product("TEA", "Zöld tea", "Zielona herbata", "Green tea", "kg", "5"),
)
BARTOK = CustomerName("C0001", "Bartók Kft.", "12345671-2-41", "Eger")
MALINOWSKI = CustomerName("C0002", "Malinowski Sp. z o.o.", "525-811-97-44", "Poznań")
CONTACTS = {"eva@bartok.example": BARTOK, "jan@malinowski.example": MALINOWSKI}


class SampleNames:
    """All names are visible."""

    def products(self) -> tuple[ProductName, ...]:
        """All three."""
        return PRODUCTS

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        """Those with a word beginning with a stem."""
        return tuple(
            customer
            for customer in (BARTOK, MALINOWSKI)
            if any(word.startswith(stem) for word in folded_words(customer.name) for stem in stems)
        )

    def customer_by_code(self, code: str) -> CustomerName | None:
        """By code."""
        return next((c for c in (BARTOK, MALINOWSKI) if c.code == code.upper()), None)

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        """By all digits of the number."""
        wanted = "".join(filter(str.isdigit, digits))
        return next(
            (c for c in (BARTOK, MALINOWSKI) if "".join(filter(str.isdigit, c.tax_number or "")) == wanted), None
        )

    def customers_by_email(self, address: str) -> tuple[CustomerName, ...]:
        """By a contact's address."""
        found = CONTACTS.get(fold(address))
        return (found,) if found else ()

    def customers_by_domain(self, domain: str) -> tuple[CustomerName, ...]:
        """By the domain of a contact's address."""
        return tuple(c for address, c in CONTACTS.items() if address.endswith("@" + domain))


NAMES = SampleNames()
