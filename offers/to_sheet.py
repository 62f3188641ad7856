"""A stored offer as the sheet its documents are rendered from."""

from datetime import date
from decimal import Decimal

from pydantic import TypeAdapter

from crm.company import company
from crm.customers import main_contact
from crm.offer_templates import version_file
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferVersion
from offers.currency import as_currency
from offers.pricing import vat_rows
from offers.provenance import line_provenance
from offers.sheet import Buyer, Content, OfferSheet, OwnTemplate, Rate, Seller, SheetLine, Totals, VatRow

_KEPT = TypeAdapter(dict[str, str])


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
            line.optional,
            line.option_group,
            line.text,
            tuple(_content(part) for part in line.contents),
            line_provenance(line, version),
        )
        for line in version.lines
    )


def _content(kept: object) -> Content:
    part = _KEPT.validate_python(kept)
    return Content(part["sku"], part["name"], Decimal(part["quantity"]), part["unit"])


def version_rate(version: OfferVersion) -> Rate | None:
    """The exchange rate that prices of `version` were converted by, if any."""
    if version.rate is None:
        return None
    kept = _KEPT.validate_python({name: str(value) for name, value in version.rate.items()})
    return Rate(
        as_currency(kept["base"]), as_currency(kept["quote"]), Decimal(kept["rate"]), date.fromisoformat(kept["on"])
    )


def version_vat(version: OfferVersion) -> tuple[VatRow, ...]:
    """VAT by rate of the lines of `version` that count: optional ones do not."""
    counted = ((line.net, line.vat_percent) for line in version.lines if not line.optional)
    return vat_rows(counted, as_currency(version.currency))


def _template(session: CrmSession, version: OfferVersion) -> OwnTemplate | None:
    """The company's own template that `version` was made for; None once it is switched off."""
    found = version_file(session, version.template_version_id)
    return None if found is None else OwnTemplate(found.code, found.path, found.sha256)


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
        vat=version_vat(version),
        totals=Totals(version.net, version.vat, version.gross),
        title=version.title,
        notes=(version.notes,) if version.notes else (),
        delivery=version.delivery,
        warranty=version.warranty,
        vat_rule=version.vat_rule,
        rate=version_rate(version),
        template=_template(session, version),
        awaiting_approval=offer.state in ("awaiting_approval", "rejected"),
    )
