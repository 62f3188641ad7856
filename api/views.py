"""Records as the API shows them. Amounts are strings of exact decimals, dates ISO 8601."""

from typing import Self

from pydantic import BaseModel

from core.clock import today
from core.money import exact, plain
from crm.tables import Activity, Contact, Customer, Opportunity, Product


class CustomerDetail(BaseModel):
    """A customer; `owner` is a login, none for an unassigned one."""

    code: str
    name: str
    tax_number: str | None
    country: str
    city: str | None
    address: str | None
    industry: str | None
    status: str
    segment: str | None
    owner: str | None
    currency: str
    language: str
    payment_days: int

    @classmethod
    def of(cls, customer: Customer) -> Self:
        """The view of a record."""
        plain_fields = {name: getattr(customer, name) for name in cls.model_fields if name != "owner"}
        return cls(**plain_fields, owner=customer.owner.login if customer.owner else None)


class ContactView(BaseModel):
    """A contact and its customer's code."""

    customer: str
    family_name: str
    given_name: str
    position: str | None
    email: str | None
    phone: str | None

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """The view of a record."""
        plain_fields = {name: getattr(contact, name) for name in cls.model_fields if name != "customer"}
        return cls(customer=contact.customer.code, **plain_fields)


class ProductView(BaseModel):
    """A product with today's list prices by currency, net, per unit."""

    sku: str
    names: dict[str, str]
    unit: str
    vat_percent: str
    minimum_quantity: str
    category: str | None
    prices: dict[str, str]

    @classmethod
    def of(cls, product: Product) -> Self:
        """The view of a record."""
        day = today()
        current = [p for p in product.prices if p.valid_from <= day and (p.valid_to is None or p.valid_to >= day)]
        return cls(
            sku=product.sku,
            names={"hu": product.name_hu, "pl": product.name_pl, "en": product.name_en},
            unit=product.unit,
            vat_percent=plain(product.vat_percent),
            minimum_quantity=plain(product.minimum_quantity),
            category=product.category,
            prices={p.currency: exact(p.unit_price) for p in sorted(current, key=lambda p: p.valid_from)},
        )


class OpportunityDetail(BaseModel):
    """An opportunity; `amount` is net, in `currency`."""

    code: str
    customer: str
    title: str
    stage: str
    owner: str | None
    amount: str | None
    currency: str
    source: str | None
    campaign: str | None
    opened_on: str

    @classmethod
    def of(cls, opportunity: Opportunity) -> Self:
        """The view of a record."""
        return cls(
            code=opportunity.code,
            customer=opportunity.customer.code,
            title=opportunity.title,
            stage=opportunity.stage_code,
            owner=opportunity.owner.login if opportunity.owner else None,
            amount=exact(opportunity.amount) if opportunity.amount is not None else None,
            currency=opportunity.currency,
            source=opportunity.source,
            campaign=opportunity.campaign,
            opened_on=opportunity.opened_on.isoformat(),
        )


class ActivityView(BaseModel):
    """An activity or task."""

    customer: str
    opportunity: str | None
    type: str
    subject: str
    assignee: str | None
    due: str | None
    state: str
    priority: str
    note: str | None

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """The view of a record."""
        return cls(
            customer=activity.customer.code,
            opportunity=activity.opportunity.code if activity.opportunity else None,
            type=activity.type_code,
            subject=activity.subject,
            assignee=activity.assignee.login if activity.assignee else None,
            due=activity.due.isoformat() if activity.due else None,
            state=activity.state,
            priority=activity.priority,
            note=activity.note,
        )
