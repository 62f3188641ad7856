"""What a bundle contains: a product with a price of its own, made up of other products."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from core.errors import AppError, NotFound
from core.language import Language
from core.money import plain
from crm.catalogue import by_sku, name_of
from crm.session import CrmSession
from crm.tables import BundleItem, Product

_MOST_PARTS = 50
_LARGEST = Decimal(10) ** 9
_PLACES = 4


@dataclass(frozen=True)
class Part:
    """How much of a product (`quantity`, in its unit) one bundle contains."""

    item: BundleItem
    product: Product

    @property
    def quantity(self) -> Decimal:
        """How much of it."""
        return self.item.quantity


def parts(session: CrmSession, bundle: Product) -> list[Part]:
    """What one of `bundle` contains, in the order it was put in; empty for a product that is no bundle."""
    rows = session.scalars(select(BundleItem).where(BundleItem.bundle_id == bundle.id).order_by(BundleItem.id)).all()
    return [Part(row, row.product) for row in rows]


def contents(session: CrmSession, bundle: Product, language: Language) -> list[dict[str, str]]:
    """What one of `bundle` contains as an offer's line keeps it, names in `language`."""
    return [
        {
            "sku": part.product.sku,
            "name": name_of(part.product, language),
            "quantity": plain(part.quantity),
            "unit": part.product.unit,
        }
        for part in parts(session, bundle)
    ]


def put(session: CrmSession, bundle: Product, sku: str, quantity: Decimal | None) -> BundleItem:
    """Have `bundle` contain `quantity` of the product with this SKU; one it contains already gets that quantity.

    A bundle contains no bundle. Raises `AppError`: `bundle_part_unknown`, `bundle_in_bundle`, `bundle_quantity`,
    `bundle_too_large`; `Forbidden`.
    """
    part = by_sku(session, sku)
    if part is None:
        raise AppError("bundle_part_unknown", 422, written=sku.strip()[:60])
    # Two who change bundles at once take turns, lest each put the other's bundle into theirs.
    ids = sorted((bundle.id, part.id))
    session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id).with_for_update()).all()
    if part.id == bundle.id or parts(session, part) or _within(session, bundle):
        raise AppError("bundle_in_bundle", 409, bundle=bundle.sku, part=part.sku)
    if quantity is None or not _is_quantity(quantity):
        raise AppError("bundle_quantity", 422)
    present = parts(session, bundle)
    row = next((one.item for one in present if one.product.id == part.id), None)
    if row is None:
        if len(present) >= _MOST_PARTS:
            raise AppError("bundle_too_large", 422, most=_MOST_PARTS)
        row = BundleItem(bundle_id=bundle.id, product_id=part.id, quantity=quantity)
        session.add(row)
    row.quantity = quantity
    session.flush()
    return row


def take_out(session: CrmSession, bundle: Product, sku: str) -> None:
    """Have `bundle` no longer contain the product with this SKU. Raises `NotFound`, `Forbidden`."""
    found = next((one.item for one in parts(session, bundle) if one.product.sku == sku.strip().upper()), None)
    if found is None:
        raise NotFound("product", sku)
    session.delete(found)
    session.flush()


def _within(session: CrmSession, product: Product) -> bool:
    """Whether another bundle contains `product`."""
    query = select(BundleItem.id).where(BundleItem.product_id == product.id).limit(1)
    return session.scalar(query) is not None


def _is_quantity(quantity: Decimal) -> bool:
    try:
        return quantity.is_finite() and 0 < quantity <= _LARGEST and quantity == round(quantity, _PLACES)
    except InvalidOperation:
        return False
