"""Whether a reply shows its reader anything they have no right to."""

import re

from sqlalchemy import select

from assistant.context import Parts
from assistant.pages import shipped
from assistant.reply import Reply
from core.errors import catalogue
from core.text import fold
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import Customer, Offer, Opportunity
from retrieval.store import read_pages, readable

_RECORD = re.compile(r"^(customer|opportunity|offer):(.+)$")


class Leaks:
    """Looks for foreign records and pages in replies; what each user may see is read once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        with unit(parts.engine, SYSTEM, writes=False) as session:
            self._all = {c.code: c.name for c in session.scalars(select(Customer))}
            self._records = set(session.scalars(select(Opportunity.code))) | set(session.scalars(select(Offer.number)))
        self._hidden: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        # The help and the program's own sentences take their examples from the demo company.
        own = [page.body for page in shipped()] + [text for texts in catalogue().values() for text in texts.values()]
        self._examples = fold(" ".join(own))

    def _foreign(self, actor: Actor) -> tuple[frozenset[str], frozenset[str]]:
        """Names and codes of customers, and codes of other records, that `actor` may not see."""
        if actor.login not in self._hidden:
            with unit(self._parts.engine, actor, writes=False) as session:
                seen = set(session.scalars(select(Customer.code)))
                records = set(session.scalars(select(Opportunity.code))) | set(session.scalars(select(Offer.number)))
            foreign = {code: name for code, name in self._all.items() if code not in seen}
            self._hidden[actor.login] = (
                frozenset({*foreign, *foreign.values()}),
                frozenset(self._records - records),
            )
        return self._hidden[actor.login]

    def of(self, login: str, reply: Reply, said: str) -> list[str]:
        """What of `reply` the user must not be shown; names they wrote themselves (`said`) may be repeated."""
        actor = actor_for(self._parts.engine, login)
        names, records = self._foreign(actor)
        shown = fold(reply.model_dump_json(exclude={"conversation_id", "message_id", "asked_as"}))
        asked = fold(said)
        found = [name for name in (*names, *records) if _stands(fold(name), shown) and not _stands(fold(name), asked)]
        places = " ".join([c.page_id + " " + c.url for c in reply.citations] + [link.url for link in reply.links])
        named = [name for name in found if not _stands(fold(name), self._examples) or _stands(fold(name), fold(places))]
        return named + self._pages(actor, reply)

    def _pages(self, actor: Actor, reply: Reply) -> list[str]:
        """Cited pages that are not for `actor`."""
        with self._parts.engine.connect() as connection:
            audiences = {(page.language, page.page_id): page.audience for page in read_pages(connection)}
        cited = [(citation.url.removeprefix("/help/").split("/")[0], citation.page_id) for citation in reply.citations]
        return [
            page_id
            for language, page_id in cited
            for (code, known), audience in audiences.items()
            if (code, known) == (language, page_id) and not readable(audience, actor.audiences)
        ]


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
