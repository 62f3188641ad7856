"""The door for outside systems."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import ActorDep, PartsDep
from core.language import Language
from core.money import Currency
from crm.enquiries import Enquiry, receive
from crm.session import unit

router = APIRouter(prefix="/api/v1", tags=["enquiries"])


class EnquiryRequest(BaseModel):
    """Who asks and for what; `currency`, `language` and `country` count only for a firm that is new."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    company: str = Field(min_length=1, max_length=200)
    contact_family_name: str = Field(max_length=100)
    contact_given_name: str = Field(max_length=100)
    email: str = Field(max_length=200)
    subject: str = Field(min_length=1, max_length=200)
    tax_number: str | None = Field(default=None, max_length=30)
    phone: str | None = Field(default=None, max_length=50)
    message: str | None = Field(default=None, max_length=10_000)
    source: str = Field(default="web", max_length=50)
    country: str = Field(default="HU", max_length=2)
    currency: Currency = "HUF"
    language: Language = "hu"


class EnquiryReceived(BaseModel):
    """What the enquiry became."""

    customer: str
    opportunity: str
    stage: str


@router.post("/enquiries", status_code=201)
def enquiry(actor: ActorDep, parts: PartsDep, body: EnquiryRequest) -> EnquiryReceived:
    """Find or make the customer and contact, and open an opportunity in the stage for outside enquiries."""
    with unit(parts.engine, actor) as session:
        opportunity = receive(session, Enquiry(**body.model_dump()))
        return EnquiryReceived(
            customer=opportunity.customer.code, opportunity=opportunity.code, stage=opportunity.stage_code
        )
