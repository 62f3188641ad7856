"""What people type about an opportunity, read into facts; and facts written as people type them."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Request
from pydantic_core import PydanticCustomError
from sqlalchemy import select

from api.console.visit import Visit
from core.errors import AppError, NotFound
from core.language import Language
from core.money import plain
from crm import customers
from crm.imports.cells import as_decimal
from crm.opportunity_changes import OpportunityFacts, faults
from crm.session import CrmSession
from crm.tables import Customer, Opportunity, User

_NO_SUCH_USER = -1


@dataclass
class Typed:
    """A form as it was typed, and what is wrong with it by field, in the user's language."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """What was typed into `name`."""
        return self.values.get(name, "")


async def _typed(request: Request) -> Typed:
    form = await request.form(max_fields=30)
    return Typed({name: value[:500] for name, value in form.items() if isinstance(value, str)})


TypedDep = Annotated[Typed, Depends(_typed)]


def as_typed(amount: Decimal | None, language: Language) -> str:
    """An amount as people would type it: no separators of thousands, the language's decimal sign."""
    text = "" if amount is None else plain(amount)
    return text if language == "en" else text.replace(".", ",")


def typed_from(opportunity: Opportunity, owner: str, language: Language) -> Typed:
    """The form as it opens for an opportunity there is; `owner` is a login."""
    values = {
        "title": opportunity.title,
        "amount": as_typed(opportunity.amount, language),
        "currency": opportunity.currency,
        "source": opportunity.source or "",
        "campaign": opportunity.campaign or "",
        "owner": owner,
    }
    return Typed(values)


def facts_of(visit: Visit, session: CrmSession, typed: Typed, before: Opportunity | None = None) -> OpportunityFacts:
    """The facts that were typed; everything wrong with them is noted in `typed.errors`."""
    amount: Decimal | None = None
    try:
        amount = as_decimal(typed["amount"].strip() or None, money=True)
    except PydanticCustomError:
        typed.errors["amount"] = visit.refused(AppError("opportunity_amount", 422, typed=typed["amount"][:60]))
    owner_id: int | None = None
    if typed["owner"]:
        owner_id = session.scalar(select(User.id).where(User.login == typed["owner"])) or _NO_SUCH_USER
    facts = OpportunityFacts(
        typed["title"], amount, typed["currency"], typed["source"] or None, typed["campaign"] or None, owner_id
    )
    for name, fault in faults(session, facts, before).items():
        typed.errors.setdefault("owner" if name == "owner_id" else name, visit.refused(fault))
    return facts


def customer_meant(visit: Visit, session: CrmSession, typed: Typed) -> Customer | None:
    """The customer typed as a code or a name; none, with the error noted, where it is not clear which."""
    text = typed["customer"].strip()
    # A picked suggestion reads "C0001 · Name".
    code = text.split("·")[0].strip()
    found: list[Customer] = []
    if code:
        one = customers.find_by_code(session, code)
        found = [one] if one is not None else customers.search(session, text, 2)
    if len(found) == 1:
        return found[0]
    if not text:
        typed.errors["customer"] = visit.words("Say which customer it is for.")
    elif found:
        typed.errors["customer"] = visit.words(
            "Several customers are called so. Pick one from the list, or type its code."
        )
    else:
        typed.errors["customer"] = visit.refused(NotFound("customer", text))
    return None
