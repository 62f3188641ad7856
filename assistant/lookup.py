"""Questions about records, answered from the CRM under the asker's rights, without a model."""

from dataclasses import dataclass

from assistant import records
from assistant.evidence import Evidence
from assistant.reply import ChoiceView, ClarificationView
from assistant.topics import topics
from core.errors import say
from core.language import Language
from crm import catalogue, customers
from crm.session import CrmSession
from crm.tables import Customer
from offers.request import Understood

_MOST_CHOICES = 8


@dataclass(frozen=True)
class Found:
    """The answer's text and the records it was taken from."""

    text: str
    evidence: tuple[Evidence, ...]


def _sections(text: str) -> tuple[str, ...]:
    asked = topics(text)
    named = tuple(section for section in records.SECTIONS if section in asked)
    return named or records.SECTIONS


def look_up(
    session: CrmSession, text: str, understood: Understood, shown: Customer | None, language: Language
) -> Found | ClarificationView:
    """What `text` asks about a customer (the one named, else the one on screen) or about products.

    Several fitting customers give a question with choices; an unknown or invisible one is told alike.
    """
    if not understood.customers and understood.request.customer is None and understood.lines:
        return _products(session, understood, language)
    if len(understood.customers) > 1:
        choices = [ChoiceView(label=f"{c.name} ({c.code})", value=c.code) for c in understood.customers[:_MOST_CHOICES]]
        return ClarificationView(question=say("which_record", language), field="customer", choices=choices)
    if understood.customers:
        customer: Customer | None = customers.by_code(session, understood.customers[0].code)
    elif understood.request.customer is not None:
        return Found(say("no_such_customer", language, written=understood.request.customer), ())
    else:
        customer = shown
    if customer is None:
        return _products(session, understood, language)
    sheet = records.customer_sheet(session, customer, language, 1, _sections(text))
    return Found(f"**{sheet.title}** [1]\n{sheet.text}", (sheet,))


def _products(session: CrmSession, understood: Understood, language: Language) -> Found:
    skus = [p.sku for line in understood.lines for p in line.products][:_MOST_CHOICES]
    found = [product for sku in dict.fromkeys(skus) if (product := catalogue.by_sku(session, sku)) is not None]
    sheets = tuple(records.product_sheet(session, product, language, n) for n, product in enumerate(found, start=1))
    text = "\n\n".join(f"**{sheet.title}** [{sheet.n}]\n{sheet.text}" for sheet in sheets)
    return Found(text or say("not_in_pages", language), sheets)
