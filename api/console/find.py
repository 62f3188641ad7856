"""Ctrl+K: finding any record, page or screen by a few letters."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import or_, select

from api.console.visit import Visit, VisitDep
from api.console.words import N_
from assistant import pages
from core.text import fold
from crm import catalogue, customers, opportunities
from crm.customers import escape_like
from crm.session import CrmSession
from crm.tables import Offer

router = APIRouter(include_in_schema=False)
_EACH = 6


@dataclass(frozen=True)
class Finding:
    """Something found: what it is called, what tells it apart, and where it is."""

    title: str
    detail: str
    path: str


@router.get("/find")
def find(visit: VisitDep, q: str = Query(default="", max_length=100)) -> HTMLResponse:
    """What `q` may mean, in groups; without one, the screens."""
    groups = [(visit.words(label), rows) for label, rows in _groups(visit, q.strip()) if rows]
    return visit.fragment("_found.html", groups=groups, q=q.strip())


def _groups(visit: Visit, q: str) -> Iterator[tuple[str, list[Finding]]]:
    wanted = fold(q)
    places = [(visit.words(p.label), p.path) for p in visit.places()] + [(visit.words("Profile"), "/profile")]
    yield N_("Screens"), [Finding(label, path, path) for label, path in places if wanted in fold(label)]
    if not q:
        return
    with visit.reading() as session:
        yield from _records(visit, session, q)
    yield N_("Help"), _pages(visit, wanted)


def _records(visit: Visit, session: CrmSession, q: str) -> Iterator[tuple[str, list[Finding]]]:
    if visit.can("customer", "read"):
        rows = customers.search(session, q, _EACH)
        yield (
            N_("Customers"),
            [Finding(c.name, f"{c.code} · {c.city or c.country}", f"/customers/{c.code}") for c in rows],
        )
    if visit.can("contact", "read"):
        people = customers.search_contacts(session, q, _EACH)
        yield (
            N_("Contacts"),
            [
                Finding(
                    f"{p.family_name} {p.given_name}" if visit.language == "hu" else f"{p.given_name} {p.family_name}",
                    p.customer.name,
                    f"/customers/{p.customer.code}#contacts",
                )
                for p in people
            ],
        )
    if visit.can("opportunity", "read"):
        deals = opportunities.search(session, q, _EACH)
        yield (
            N_("Opportunities"),
            [Finding(o.title, f"{o.code} · {o.customer.name}", f"/opportunities/{o.code}") for o in deals],
        )
    if visit.can("offer", "read"):
        yield (
            N_("Offers"),
            [Finding(o.number, o.customer.name, f"/offers/{o.number}") for o in _offers(session, q)],
        )
    if visit.can("product", "read"):
        goods = catalogue.search(session, q, _EACH)
        yield (
            N_("Products"),
            [Finding(catalogue.name_of(p, visit.language), p.sku, f"/products/{p.sku}") for p in goods],
        )


def _offers(session: CrmSession, q: str) -> list[Offer]:
    named = [c.id for c in customers.search(session, q, _EACH)]
    pattern = f"%{escape_like(q.upper())}%"
    query = select(Offer).where(or_(Offer.number.like(pattern, escape="\\"), Offer.customer_id.in_(named)))
    return list(session.scalars(query.order_by(Offer.id.desc()).limit(_EACH)))


def _pages(visit: Visit, wanted: str) -> list[Finding]:
    shown = pages.contents(visit.parts, visit.language, visit.actor)
    found = [p for p in shown if wanted in fold(p.title)]
    return [Finding(p.title, p.id, f"/help/{p.language}/{p.id}") for p in found[:_EACH]]
