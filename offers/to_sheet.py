"""A stored offer as the sheet its documents are rendered from."""

from crm.company import company
from crm.customers import main_contact
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferVersion
from offers.currency import as_currency
from offers.pricing import vat_rows
from offers.sheet import Buyer, OfferSheet, Seller, SheetLine, Totals


def sheet_lines(version: OfferVersion) -> tuple[SheetLine, ...]:
    """The lines of `version` as documents and screens print them."""
    return tuple(
        SheetLine(
            line.sku,
            line.name,
            line.quantity,
            line.unit,
            line.unit_price,
            line.discount_percent,
            line.net,
            line.vat_percent,
        )
        for line in version.lines
    )


def offer_sheet(session: CrmSession, offer: Offer) -> OfferSheet:
    """The newest version of `offer`, complete, with the seller's data as set now."""
    version, customer, seller = offer.latest, offer.customer, company(session)
    language, currency = as_language(version.language), as_currency(version.currency)
    contact = main_contact(session, customer)
    names = (contact.family_name, contact.given_name) if contact else ()
    return OfferSheet(
        number=offer.number,
        version=version.ordinal,
        language=language,
        currency=currency,
        made_on=version.made_on,
        valid_until=version.valid_until,
        payment_days=version.payment_days,
        seller=Seller(
            seller.name,
            seller.address,
            seller.tax_number,
            seller.email,
            seller.phone,
            seller.bank_account,
            seller.website,
        ),
        buyer=Buyer(
            customer.code,
            customer.name,
            ", ".join(part for part in (customer.city, customer.address) if part),
            customer.tax_number,
            " ".join(names if language == "hu" else reversed(names)) or None,
        ),
        owner_name=offer.owner.display_name(language),
        owner_email=offer.owner.email,
        lines=sheet_lines(version),
        vat=vat_rows(((line.net, line.vat_percent) for line in version.lines), currency),
        totals=Totals(version.net, version.vat, version.gross),
        awaiting_approval=offer.state == "awaiting_approval",
    )
