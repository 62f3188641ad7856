"""Settings of the company itself: who sells, how offers are numbered, who may give how much discount."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.language import Language
from crm.session import CrmSession
from crm.tables import CompanySetting

_CODE = "company"


class DayLimits(BaseModel):
    """The most a model may take in one day (UTC): calls, tokens in and out together, seconds of waiting, and money in
    the currency of the budgets. What is None has no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    seconds: int | None = Field(default=None, ge=0)
    money: Decimal | None = Field(default=None, ge=0)


class ModelBudgets(BaseModel):
    """What the language model may cost: limits for each user and for the company, and the prices of a million tokens in
    and out, in `currency` (a code of three letters)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: DayLimits = DayLimits()
    company: DayLimits = DayLimits()
    price_in: Decimal = Field(default=Decimal(0), ge=0)
    price_out: Decimal = Field(default=Decimal(0), ge=0)
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")


class Company(BaseModel):
    """What an administrator sets once. Limits are in per cent by level; days are calendar days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Virtuo Robo Kft."
    address: str = "1052 Budapest, Váci utca 1."
    tax_number: str = "12345676-2-41"
    email: str = "ajanlat@virtuo.example"
    phone: str = "+36 1 555 0100"
    bank_account: str = "11700000-00000000-00000000"
    website: str = "www.virtuo.example"
    country: str = Field(default="HU", pattern=r"^[A-Z]{2}$")
    # Off until an administrator says that they fit what the company sells (offers/vat.py).
    vat_reverse_charge: bool = False
    vat_export: bool = False
    offer_series: str = Field(default="AJ", pattern=r"^[A-Z0-9]{1,10}$")
    # Series of offers whose document is in that language; the others are numbered in `offer_series`.
    offer_series_by_language: dict[Language, Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]] = {}
    offer_valid_days: int = 30
    follow_up_days: int = 3
    discount_limits: dict[str, Decimal] = {
        "administrator": Decimal(100),
        "manager": Decimal(35),
        "normal": Decimal(20),
        "restricted": Decimal(20),
    }

    model_budgets: ModelBudgets = ModelBudgets()

    def series_for(self, language: Language) -> str:
        """The series that offers in `language` are numbered in."""
        return self.offer_series_by_language.get(language, self.offer_series)

    def discount_limit(self, role: str) -> Decimal:
        """The largest discount, in per cent, that `role` may give alone; zero for an unknown role."""
        return self.discount_limits.get(role, Decimal(0))

    def with_limit(self, role: str, limit: Decimal | None) -> "Company":
        """These settings with another discount limit, in per cent, for `role`; None takes it away."""
        others = {code: percent for code, percent in self.discount_limits.items() if code != role}
        return self.model_copy(update={"discount_limits": others if limit is None else {**others, role: limit}})


def company(session: CrmSession) -> Company:
    """The company's settings; the defaults where nothing was set."""
    row = session.get(CompanySetting, _CODE)
    return Company() if row is None else Company.model_validate(row.value)


def set_company(session: CrmSession, value: Company) -> None:
    """Store the company's settings. Raises `Forbidden` for an actor without the right to settings."""
    row = session.get(CompanySetting, _CODE)
    stored = value.model_dump(mode="json")
    if row is None:
        session.add(CompanySetting(code=_CODE, value=stored))
    else:
        row.value = stored
    session.flush()
