"""The same questions for a model: typed arguments instead of words, answered under the rights of the asking user."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.evidence import Evidence
from assistant.live.answers import Choice, answer
from assistant.live.kinds import Kind, kinds
from assistant.live.lexicon import read_toml
from assistant.live.question import LiveQuestion, Span, Whose
from core.errors import say
from core.language import Language
from crm.session import CrmSession

_LONGEST = 120
_KINDS = "; ".join(f"{name}: {text['answers']}" for name, text in read_toml("examples").items())


class RecordsQuery(BaseModel):
    """A question about records. None of the fields says who is asking."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=_LONGEST, str_strip_whitespace=True)

    kind: str = Field(description=f"the kind of question, one of these names. {_KINDS}")
    whose: Literal["me", "team", "all"] = Field(default="all", description="whose records")
    colleague: str = Field(default="", description="the login of a colleague, instead of whose")
    first: date | None = Field(default=None, description="first day, as 2026-01-31")
    last: date | None = Field(default=None, description="last day, as 2026-01-31")
    days: int | None = Field(default=None, ge=1, le=3660, description="a number of days, for stuck and quiet")
    customer: str = Field(default="", description="the code of a customer, such as C0001")
    record: str = Field(default="", description="the code of an opportunity or the number of an offer")
    stage: str = Field(default="", description="the code of a stage, such as decision")
    city: str = ""
    segment: str = ""
    status: Literal["", "potential", "active", "passive", "former"] = ""
    category: str = ""
    campaign: str = ""
    product: str = Field(default="", description="the SKU of a product")


def _complete(query: RecordsQuery, kind: Kind) -> bool:
    """Whether the query names what some way of wording the kind is about: a customer, a record, a product."""
    given = {
        "@customer": query.customer,
        "@record": query.record,
        "@product": query.product,
        "@category": query.category,
        "@campaign": query.campaign,
    }
    return any(all(given.get(name, "-") for group in way for name in group if len(group) == 1) for way in kind.ways)


def question_of(query: RecordsQuery) -> LiveQuestion | None:
    """The query as a question; None for a kind there is not, or one about a record that was not named."""
    kind = kinds().get(query.kind)
    if kind is None or not _complete(query, kind):
        return None
    takes = kind.takes
    record = ("opportunity" if "-" not in query.record else "offer", query.record.upper()) if query.record else None
    span = Span(query.first, query.last) if query.first or query.last else None
    whose = Whose("person", query.colleague) if query.colleague else Whose(query.whose)
    return LiveQuestion(
        kind=kind.name,
        whose=whose if "whose" in takes else None,
        span=span if "span" in takes else None,
        days=query.days or kind.days if "days" in takes else None,
        customers=(query.customer.upper(),) if query.customer and "customer" in takes else (),
        record=record if "record" in takes else None,
        stage=query.stage if "stage" in takes else "",
        city=query.city if "city" in takes else "",
        segment=query.segment if "segment" in takes else "",
        status=query.status if "status" in takes else "",
        category=query.category if "category" in takes else "",
        campaign=query.campaign if "campaign" in takes else "",
        skus=(query.product.upper(),) if query.product and "product" in takes else (),
        asked=frozenset({"contact", "phone", "email", "address", "tax", "segment", "status", "payment"})
        if kind.name == "customer_details"
        else frozenset(),
    )


def records_for(session: CrmSession, query: RecordsQuery, language: Language, first: int) -> tuple[Evidence, ...]:
    """The figure and the first records as sources numbered from `first`; nothing for a query that makes no sense or
    is about a record the actor may not see."""
    question = question_of(query)
    if question is None:
        return ()
    found = answer(session, question, language)
    if isinstance(found, Choice) or not found.known:
        return ()
    url = found.list_url or (found.rows[0].url if found.rows else "/")
    title = say("live_figure", language)
    figure = Evidence(first, f"records:{question.kind}", title, title, url, found.sentence.replace("**", ""))
    return (figure, *(row.evidence(first + n) for n, row in enumerate(found.rows, start=1)))
