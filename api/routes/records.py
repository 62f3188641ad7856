"""Reading records, and moving an opportunity along the pipeline."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import ActorDep, PartsDep
from api.views import ActivityView, ContactView, CustomerDetail, OpportunityDetail, ProductView
from crm import activities, catalogue, customers, opportunities, pipeline
from crm.session import unit

router = APIRouter(prefix="/api/v1", tags=["records"])

Search = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/customers")
def list_customers(actor: ActorDep, parts: PartsDep, q: Search = "", limit: Limit = 50) -> list[CustomerDetail]:
    """Customers whose name has words beginning with those of `q`, or whose code begins with it."""
    with unit(parts.engine, actor, writes=False) as session:
        return [CustomerDetail.of(c) for c in customers.search(session, q, limit)]


@router.get("/customers/{code}")
def read_customer(actor: ActorDep, parts: PartsDep, code: str) -> CustomerDetail:
    """One customer."""
    with unit(parts.engine, actor, writes=False) as session:
        return CustomerDetail.of(customers.by_code(session, code))


@router.get("/contacts")
def list_contacts(actor: ActorDep, parts: PartsDep, q: Search = "", limit: Limit = 50) -> list[ContactView]:
    """Contacts by name, e-mail address or customer's code."""
    with unit(parts.engine, actor, writes=False) as session:
        return [ContactView.of(c) for c in customers.search_contacts(session, q, limit)]


@router.get("/products")
def list_products(actor: ActorDep, parts: PartsDep, q: Search = "", limit: Limit = 50) -> list[ProductView]:
    """Products on sale by SKU or name in any language."""
    with unit(parts.engine, actor, writes=False) as session:
        return [ProductView.of(p) for p in catalogue.search(session, q, limit)]


@router.get("/opportunities")
def list_opportunities(actor: ActorDep, parts: PartsDep, q: Search = "", limit: Limit = 50) -> list[OpportunityDetail]:
    """Opportunities by title, own code or customer's code; newest first."""
    with unit(parts.engine, actor, writes=False) as session:
        return [OpportunityDetail.of(o) for o in opportunities.search(session, q, limit)]


@router.get("/activities")
def list_activities(actor: ActorDep, parts: PartsDep, q: Search = "", limit: Limit = 50) -> list[ActivityView]:
    """Activities by subject or customer's code; open ones first."""
    with unit(parts.engine, actor, writes=False) as session:
        return [ActivityView.of(a) for a in activities.search(session, q, limit)]


class StepView(BaseModel):
    """A legal step: the stage it leads to, and that stage's name in the user's language."""

    stage: str
    name: str


class Move(BaseModel):
    """The stage to move to."""

    stage: str


@router.get("/opportunities/{code}/steps")
def steps(actor: ActorDep, parts: PartsDep, code: str) -> list[StepView]:
    """The steps the user may take from where the opportunity is."""
    with unit(parts.engine, actor, writes=False) as session:
        found = pipeline.legal_steps(session, opportunities.by_code(session, code))
        return [StepView(stage=s.stage, name=pipeline.stage_name(session, s.stage, actor.language)) for s in found]


@router.post("/opportunities/{code}/move")
def move(actor: ActorDep, parts: PartsDep, code: str, body: Move) -> OpportunityDetail:
    """Take a step; a refused one names the rule and the legal steps (409)."""
    with unit(parts.engine, actor) as session:
        opportunity = opportunities.by_code(session, code)
        pipeline.move(session, opportunity, body.stage)
        return OpportunityDetail.of(opportunity)
