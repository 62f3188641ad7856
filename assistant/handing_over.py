"""A conversation as it is handed to a person: a copy of it, and how much of the copy its reader may see."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select

from assistant import pages
from assistant.context import Parts
from assistant.reply import Citation, Reply
from core.errors import AppError, say
from core.language import Language
from crm.actor import Actor
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import Activity, Contact, Customer, Handover, KnowledgeDocument, Message, Offer, Opportunity, Product

# The path of a record's own screen, and the kind of record there.
_RECORD_PATH = re.compile(r"^/(customers|opportunities|activities|offers|products)/([^/?#]+)")
_KINDS = {"customers": "customer", "opportunities": "opportunity", "activities": "activity"}
_KINDS |= {"offers": "offer", "products": "product"}
# Sentences that name nothing.
_FIXED = ("not_in_pages", "neither", "stopped")
# Their sheets list what belongs to them, of other kinds too.
_WITH_OTHERS = ("customer:", "contact:", "opportunity:", "activity:")
_BUSINESS = ("customer", "contact", "opportunity", "activity", "offer")


class Entry(BaseModel):
    """A message of a transcript. `sources` are the pages it cites, `records` the records it speaks of, such as
    `customer:C0001`, `on_screen` the one its asker had in front of them; `counted` says that it may tell more than
    those: figures and lists, questions back, refusals, what stood on the screen."""

    role: Literal["user", "assistant"]
    text: str
    at: datetime
    language: Language = "en"
    sources: list[Citation] = []
    records: list[str] = []
    on_screen: str = ""
    counted: bool = False
    masked: bool = False


def transcript_of(messages: Iterable[Message]) -> list[object]:
    """The messages as a hand-over keeps them, in plain JSON."""
    return [_entry(message).model_dump(mode="json") for message in messages]


def _entry(message: Message) -> Entry:
    role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
    if not message.reply:
        return Entry(role=role, text=message.text, at=message.created_at)
    reply = Reply.model_validate(message.reply)
    cited = [c for c in reply.citations if ":" not in c.page_id]
    records = list(dict.fromkeys(_records(reply)))
    fixed = not cited and not records and reply.text in {say(code, reply.language) for code in _FIXED}
    beyond = reply.kind in ("clarification", "refusal") or not (cited or records) or _from_screen(message.reply)
    return Entry(
        role=role,
        text=message.text,
        at=message.created_at,
        language=reply.language,
        sources=cited,
        records=records,
        on_screen="" if fixed else str(message.reply.get("screen_record") or ""),
        counted=(beyond and not fixed) or _leads_to_lists(reply),
    )


def _from_screen(kept: dict[str, object]) -> bool:
    """Whether a reply may repeat what stood on the screen; of one kept without a word of it, if there was a screen."""
    return bool(kept.get("from_screen", kept.get("screen") is not None))


def _records(reply: Reply) -> Iterator[str]:
    yield from (c.page_id for c in reply.citations if ":" in c.page_id)
    if reply.offer is not None:
        yield f"offer:{reply.offer.number}"
        yield f"customer:{reply.offer.customer.code}"
    if reply.clarification is not None:
        kinds = {"customer": "customer", "product": "product", "opportunity": "opportunity"}
        kind = kinds.get(reply.clarification.field)
        yield from (f"{kind}:{choice.value}" for choice in reply.clarification.choices if kind is not None)
    links = list(reply.links)
    if reply.proposal is not None:
        links += [item.record for item in reply.proposal.items if item.record is not None]
    for link in links:
        found = _RECORD_PATH.match(link.url)
        if found is not None:
            yield f"{_KINDS[found[1]]}:{found[2]}"


def _leads_to_lists(reply: Reply) -> bool:
    """Whether a reply leads to a list that its address narrows: what it says was counted from there."""
    return reply.proposal is not None or any("?" in link.url for link in reply.links)


def readable(parts: Parts, reader: Actor, handover: Handover) -> list[Entry]:
    """The transcript as `reader` may see it: an answer with a source out of their reach keeps nothing but a sentence
    saying so. What the asker wrote themselves stays, since they chose to hand it over."""
    entries = [Entry.model_validate(entry) for entry in handover.transcript]
    with unit(parts.engine, reader, writes=False) as session:
        seen = [_within_reach(session, parts, reader, entry) for entry in entries]
    return [entry if open_ else _masked(entry, reader) for entry, open_ in zip(entries, seen, strict=True)]


def _masked(entry: Entry, reader: Actor) -> Entry:
    return Entry(role=entry.role, text=say("handover_masked", reader.language), at=entry.at, masked=True)


def _within_reach(session: CrmSession, parts: Parts, reader: Actor, entry: Entry) -> bool:
    if entry.role == "user":
        return True
    sees_all = all(reader.scope(kind, "read") == "all" for kind in _BUSINESS) and not reader.hidden
    sheets = any(record.startswith(_WITH_OTHERS) for record in entry.records)
    # The customer itself is looked for below; what belongs to it is listed only by those who see all of that.
    sees_sheets = all(reader.scope(kind, "read") == "all" for kind in _BUSINESS if kind != "customer")
    if (entry.counted and not sees_all) or (sheets and not sees_sheets):
        return False
    if entry.on_screen.partition(":")[0] in _KINDS.values() and not _sees_record(session, entry.on_screen):
        return False
    # The answer may say what a field holds that is hidden from this reader.
    if entry.records and reader.hidden:
        return False
    return all(_sees_record(session, record) for record in entry.records) and all(
        _reads_page(parts, reader, source) for source in entry.sources
    )


def _sees_record(session: CrmSession, record: str) -> bool:
    kind, _, code = record.partition(":")
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 10 else -1
    queries = {
        "customer": select(Customer.id).where(Customer.code == code),
        "opportunity": select(Opportunity.id).where(Opportunity.code == code),
        "activity": select(Activity.id).where(Activity.id == number),
        "offer": select(Offer.id).where(Offer.number == code),
        "product": select(Product.id).where(Product.sku == code),
        "document": select(KnowledgeDocument.id).where(KnowledgeDocument.code == code),
        "contact": select(Contact.id).where(Contact.id == number),
    }
    return kind in queries and session.scalar(queries[kind]) is not None


def _reads_page(parts: Parts, reader: Actor, source: Citation) -> bool:
    found = re.match(r"^/help/([a-z]{2})/", source.url)
    try:
        pages.find(parts, as_language(found[1] if found else "en"), source.page_id, reader)
    except AppError:
        return False
    return True
