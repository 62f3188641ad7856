"""The dashboard: where sales stand, and what waits to be done."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.console.opportunities import PATH as OPPORTUNITIES
from api.console.opportunities import day_of, new_control
from api.console.screens import Screen
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.clock import today
from core.errors import AppError
from core.text import storable
from crm import dashboard, periods
from crm.opportunity_list import ME, campaigns
from crm.session import CrmSession

router = APIRouter(include_in_schema=False)
EVERYONE = "all"
PERIODS = {
    "today": N_("Today"),
    "month": N_("This month"),
    "30days": N_("Last 30 days"),
    "year": N_("This year"),
    "custom": N_("From – to"),
}


@dataclass(frozen=True)
class View:
    """What the dashboard is asked for; `whose` is `all`, `me` or a login."""

    period: periods.Period
    whose: str
    campaign: str

    @property
    def owner(self) -> str:
        """`whose` as the lists have it: empty for everyone's."""
        return "" if self.whose == EVERYONE else self.whose

    def list_of(self, stage: str, *, by_stage: bool = False) -> str:
        """The list a box leads to: the very opportunities it counts, by the day opened or the day they got there."""
        first, last = ("since_from", "since_to") if by_stage else ("from", "to")
        days = {first: self.period.first, last: self.period.last}
        given = {"view": "list", "stage": stage, "owner": self.owner, "campaign": self.campaign}
        given |= {name: day.isoformat() for name, day in days.items() if day is not None}
        return f"{OPPORTUNITIES}?{urlencode({name: value for name, value in given.items() if value})}"

    def tasks(self, **given: str) -> str:
        """The list of activities a box leads to."""
        return f"/activities?{urlencode({k: v for k, v in {'assignee': self.owner, **given}.items() if v})}"


def _asked(visit: Visit, session: CrmSession) -> tuple[View, str | None]:
    query, wrong = visit.request.query_params, None
    name = query.get("period", "")
    try:
        chosen = periods.period(name, day_of(query.get("from", "")), day_of(query.get("to", "")))
    except AppError as refused:
        chosen, wrong = periods.Period("custom", None, None), visit.refused(refused)
    whose = storable(query.get("user", ""))[:100] or dashboard.default_whose(session) or EVERYONE
    return View(chosen, whose, storable(query.get("campaign", ""))[:200]), wrong


@router.get("/")
def show(visit: VisitDep) -> HTMLResponse:
    """The figures of a period, a user and a campaign."""
    words = visit.words
    with visit.reading() as session:
        view, wrong = _asked(visit, session)
        made = dashboard.dashboard(session, view.period, view.owner, view.campaign)
        others = [user for user in dashboard.choosable_users(session) if user.id != visit.actor.user_id]
        people = [(ME, words("Mine")), (EVERYONE, words("Everyone’s I may see"))]
        people += [(user.login, user.display_name(visit.language)) for user in others]
        names = campaigns(session)
        fields: dict[str, str | int | None] = {
            words("Period"): words(PERIODS[view.period.name]),
            words("Whose"): dict(people).get(view.whose, view.whose),
            words("Campaign"): view.campaign,
        }
        for box in (*made.boxes, made.won, made.lost):
            fields[words.name(box.stage.names)] = box.totals.count
        fields[words("Overdue and today")] = made.due.count
        fields[words("Later")] = made.later.count
        new = new_control(visit)
        told = Screen("dashboard", fields=dict(fields), errors={"from": wrong} if wrong else {}, controls=(new,))
        return visit.page(
            "dashboard/index.html",
            told,
            view=view,
            today=today(),
            made=made,
            wrong=wrong,
            new=new,
            people=people,
            periods=[(name, words(label)) for name, label in PERIODS.items()],
            campaigns=[("", words("Every campaign")), *((name, name) for name in names)] if names else [],
            amounts=visit.actor.sees("opportunity", "amount"),
        )
