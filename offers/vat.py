"""Which VAT a buyer is charged: the product's own, or none by a rule that an administrator switched on.

The rules are those of the VAT directive (2006/112/EC) as Act CXXVII of 2007 takes them over: a taxable buyer in another
state of the European Union accounts for the tax himself, what leaves the Union bears none. Whether they fit what the
company sells is the administrator's to say, so both are off until switched on.
"""

from dataclasses import dataclass

from stdnum.eu.vat import MEMBER_STATES

from crm.company import Company
from crm.imports.tax import plausible
from crm.tables import Customer
from offers.warnings import Warned, warned

REVERSE_CHARGE, EXPORT = "reverse_charge", "export"
# The library counts Northern Ireland, whose numbers are the Union's for goods only; what it sells may be services.
_UNION = frozenset(code.upper() for code in MEMBER_STATES) - {"XI"}


@dataclass(frozen=True)
class BuyerVat:
    """The rule for one buyer: empty for ordinary VAT, `reverse_charge` or `export`; a warning where one nearly held."""

    rule: str = ""
    warning: Warned | None = None


def buyer_vat(settings: Company, buyer: Customer | None) -> BuyerVat:
    """The VAT rule for `buyer` of the company with these settings.

    `reverse_charge`: both are in the European Union, in different states, and the buyer's tax number is one that
    python-stdnum finds valid for its state; without such a number VAT is ordinary, with a warning.
    `export`: the company is in the Union and the buyer is not. A buyer whose country is not known has ordinary VAT.
    """
    if buyer is None or settings.country not in _UNION:
        return BuyerVat()
    country = _state(buyer.country)
    if not country or country == settings.country:
        return BuyerVat()
    if country not in _UNION:
        return BuyerVat(EXPORT) if settings.vat_export else BuyerVat()
    if not settings.vat_reverse_charge:
        return BuyerVat()
    if buyer.tax_number and plausible(country, buyer.tax_number):
        return BuyerVat(REVERSE_CHARGE)
    return BuyerVat("", warned("warn_vat_number", country=country))


def _state(country: str | None) -> str:
    """The two letters of a country; Greece writes EL on tax numbers."""
    code = (country or "").strip().upper()
    return {"EL": "GR"}.get(code, code)
