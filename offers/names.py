"""The names an asking user may use in a prompt, taken from the records they may see."""

from functools import cached_property

from core.language import LANGUAGES
from crm import catalogue, customers
from crm.session import CrmSession
from crm.tables import Customer, Product
from offers.request import CustomerName, ProductName


def customer_name(customer: Customer) -> CustomerName:
    """What people call this customer."""
    return CustomerName(customer.code, customer.name, customer.tax_number, customer.city)


def product_name(product: Product) -> ProductName:
    """What people call this product, in each language."""
    names = {language: catalogue.name_of(product, language) for language in LANGUAGES}
    return ProductName(product.sku, names, product.unit, product.minimum_quantity)


class VisibleNames:
    """The `Catalogue` of one unit of work: its session decides what is in it."""

    def __init__(self, session: CrmSession) -> None:
        self._session = session

    @cached_property
    def _products(self) -> tuple[ProductName, ...]:
        return tuple(product_name(p) for p in catalogue.on_sale(self._session))

    def products(self) -> tuple[ProductName, ...]:
        """Every product on sale."""
        return self._products

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        """Customers with name words beginning with the folded `stems`, most met first."""
        return tuple(customer_name(c) for c in customers.like(self._session, stems))

    def customer_by_code(self, code: str) -> CustomerName | None:
        """The customer with this code."""
        found = customers.find_by_code(self._session, code)
        return customer_name(found) if found else None

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        """The customer with this tax number."""
        found = customers.find_by_tax_number(self._session, digits)
        return customer_name(found) if found else None
