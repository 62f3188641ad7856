"""Settings: the audit, for those who may read it, and whether its chain is whole."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.console.addresses import ListUrl
from api.console.settings import may_open, page
from api.console.visit import VisitDep
from core.errors import AppError, catalogue, say
from core.language import Language
from crm import audit_list
from crm.audit import verify
from crm.audit_list import AuditFilters
from crm.lists import found
from crm.tables import AuditEntry

router = APIRouter(include_in_schema=False)
PATH = "/settings/audit"
FILTERS = ("actor", "resource", "record", "since", "until")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None


def _action(code: str, language: Language) -> str:
    """What people call an action; those only a service knows stay as the audit has them."""
    known = f"action_{code}" in catalogue()
    return say(f"action_{code}", language) if known else code.replace("_", " ")


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The entries, newest first, as the address narrows them."""
    may_open(visit, "audit")
    words, language = visit.words, visit.language
    url = ListUrl.of(PATH, visit.request.query_params, FILTERS, "newest", ("newest",))
    by_record = visit.actor.sees("contact", "email")
    filters = AuditFilters(
        actor=url["actor"],
        resource=url["resource"],
        record=url["record"] if by_record else "",
        since=_day(url["since"]),
        until=_day(url["until"]),
    )
    with visit.reading() as session:
        rows = found(session, audit_list.query_for(filters), AuditEntry.seq, url.offset)
        resources = [(code, say(f"resource_{code}", language)) for code in audit_list.RESOURCES]
        return page(
            visit,
            "audit",
            "audit",
            title=words("Audit"),
            controls=(visit.control("check", words("Check the chain"), "audit", "read"),),
            fields=dict(url.filters),
            rows=rows,
            url=url,
            by_record=by_record,
            resources=sorted(resources, key=lambda pair: pair[1]),
            resource_name=lambda table: say(f"resource_{audit_list.resource_of(table)}", language),
            action_name=lambda code: _action(code, language),
            changes=audit_list.changes,
        )


@router.post(PATH + "/check")
def check(visit: VisitDep) -> HTMLResponse:
    """Recompute the whole chain, and say whether it is whole."""
    may_open(visit, "audit")
    if visit.actor.scope("audit", "read") != "all":
        raise AppError("page_missing", 404, path=PATH)
    with visit.reading() as session:
        verdict = verify(session)
    words = visit.words
    if verdict.broken_at is None:
        message = words.count(
            "The chain is whole: %(num)s entry checked.",
            "The chain is whole: %(num)s entries checked.",
            verdict.entries,
        )
    else:
        message = words("The chain is broken at entry %(number)s: something was changed.", number=verdict.broken_at)
    tone = "good" if verdict.broken_at is None else "bad"
    return visit.fragment("_notice.html", message=message, tone=tone)
