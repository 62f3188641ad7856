"""The read-only tools a model may be given, bound to the asking user; each opens its own short unit."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from assistant import records
from assistant.compose import as_evidence
from assistant.evidence import Evidence
from assistant.live.tool import RecordsQuery, records_for
from core.language import Language
from crm import catalogue, customers
from crm.actor import Actor
from crm.session import unit
from retrieval.index import Knowledge

_PASSAGES = 4
_MOST = 8


@dataclass
class BoundTools:
    """Reading on behalf of `actor`. Evidence is numbered on from `next_n`."""

    engine: Engine
    knowledge: Knowledge
    actor: Actor
    language: Language
    screen_id: str | None = None
    next_n: int = 1
    _seen: list[Evidence] = field(default_factory=list)

    def available(self) -> tuple[str, ...]:
        """The tools whose records the actor has a grant to read."""
        wants = {"find_customer": "customer", "customer_sheet": "customer", "find_product": "product"}
        always = ("search_help", "count_and_list")
        return (*always, *(t for t, resource in wants.items() if self.actor.scope(resource, "read")))

    def _number(self, found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        self.next_n += len(found)
        self._seen.extend(found)
        return found

    def search_help(self, query: str) -> tuple[Evidence, ...]:
        """The help passages nearest to `query` that the actor may read."""
        audiences = self.actor.audiences
        result = self.knowledge.search(
            query, language=self.language, audiences=audiences, screen=self.screen_id, k=_PASSAGES
        )
        return self._number(as_evidence(self.knowledge.still_readable(result.hits, audiences), self.next_n))

    def find_customer(self, name: str) -> tuple[Evidence, ...]:
        """Customers the actor may see whose name has words beginning so."""
        with unit(self.engine, self.actor, writes=False) as session:
            return self._number(records.search_customers(session, name, self.language, self.next_n))

    def customer_sheet(self, code: str) -> tuple[Evidence, ...]:
        """All the actor may see of the customer with this code."""
        with unit(self.engine, self.actor, writes=False) as session:
            found = customers.find_by_code(session, code)
            if found is None:
                return ()
            return self._number((records.customer_sheet(session, found, self.language, self.next_n),))

    def find_product(self, name: str) -> tuple[Evidence, ...]:
        """Products by name or SKU, with today's list prices."""
        with unit(self.engine, self.actor, writes=False) as session:
            found = catalogue.search(session, name)[:_MOST]
            return self._number(
                tuple(records.product_sheet(session, p, self.language, self.next_n + i) for i, p in enumerate(found))
            )

    def count_and_list(self, query: RecordsQuery) -> tuple[Evidence, ...]:
        """The figure a question about records comes to for the actor, and the first records it counts."""
        with unit(self.engine, self.actor, writes=False) as session:
            return self._number(records_for(session, query, self.language, self.next_n))
