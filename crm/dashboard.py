"""The figures of the dashboard, for a period, a user and a campaign, always within the actor's rights.

What is counted by which date, all of it days of the business (Europe/Budapest), both ends of the period included:

- **Boxes of the open stages**: opportunities that are in the stage now and were opened (`opened_on`) in the period.
- **Won, lost**: opportunities that are won or lost now and became so (`stage_since`) in the period, whenever they
  were opened. Where that day was never recorded, the day they were opened counts.
- **Funnel**: of the opportunities opened (`opened_on`) in the period, how many have come at least as far as each stage.
  What counts is where an opportunity is now: one that skipped a stage has passed it, one that stepped back has
  not reached what it left. A lost one had come to the earliest stage that leads to lost (by default decision).
- **Tasks**: open activities, whatever the period: what is not done waits. Overdue ones and those of today in one
  box, later ones and those without a due day in the other.

An opportunity belongs to its owner (`owner_id`), a task to its assignee (`assignee_id`), not to whoever owns the
customer. A campaign is that of the opportunity; a task without an opportunity has none. Sums are of net amounts, one
for each currency; opportunities without an amount are counted but add nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from core.clock import today
from crm.opportunity_list import ME, Totals, came_to_stage_between, opened_between, owned_by, totals_by_stage
from crm.periods import Period
from crm.pipeline_rules import Rules, rules
from crm.session import CrmSession
from crm.tables import Activity, Opportunity, Stage, User, table_of

TASKS = 8
WON, LOST = "won", "lost"


@dataclass(frozen=True)
class Box:
    """A stage and the figures of the opportunities counted in it."""

    stage: Stage
    totals: Totals


@dataclass(frozen=True)
class Step:
    """A stage of the funnel: how many reached it, and that as a share of the first stage's and of the one before.

    Shares are per cent with one decimal, rounded half up; None where there is nothing to be a share of.
    """

    stage: Stage
    reached: int
    of_all: Decimal | None
    of_previous: Decimal | None


@dataclass(frozen=True)
class Tasks:
    """The first open activities of a box, and how many there are."""

    rows: Sequence[Activity]
    count: int


@dataclass(frozen=True)
class Dashboard:
    """All of it. `boxes` are the open stages in pipeline order; `funnel` goes on to won."""

    boxes: Sequence[Box]
    won: Box
    lost: Box
    due: Tasks
    later: Tasks
    funnel: Sequence[Step]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show at all."""
        boxes = (*self.boxes, self.won, self.lost)
        return not any((*(box.totals.count for box in boxes), self.due.count, self.later.count))


def dashboard(
    session: CrmSession, period: Period, whose: str = "", campaign: str = "", tasks: int = TASKS
) -> Dashboard:
    """The figures of `period`. `whose` is a login, `me`, or empty for everything the actor may see.

    `campaign` empty means any or none. At most `tasks` activities are in each box. Seven queries, whatever
    the number of records.
    """
    known = rules(session)
    mine = owned_by(session, whose)
    if campaign:
        mine = [*mine, Opportunity.campaign == campaign]
    opened = totals_by_stage(session, [*mine, *opened_between(period.first, period.last)])
    ended = [*mine, Opportunity.stage_code.in_((WON, LOST)), *came_to_stage_between(period.first, period.last)]
    closed = totals_by_stage(session, ended)
    stages = {stage.code: stage for stage in known.stages}
    return Dashboard(
        boxes=[Box(stages[code], opened.get(code, Totals())) for code in known.open_codes],
        won=Box(stages[WON], closed.get(WON, Totals())),
        lost=Box(stages[LOST], closed.get(LOST, Totals())),
        due=_tasks(session, whose, campaign, tasks, due=True),
        later=_tasks(session, whose, campaign, tasks, due=False),
        funnel=_funnel(known, opened),
    )


def _funnel(known: Rules, opened: dict[str, Totals]) -> list[Step]:
    """The open stages and won, with how many of those `opened` came at least so far."""
    steps: list[Step] = []
    first = previous = 0
    for at, stage in enumerate(known.stages):
        if stage.closed and stage.code != WON:
            continue
        reached = sum(opened.get(s.code, Totals()).count for s in known.stages if known.furthest(s) >= at)
        first = first if steps else reached
        steps.append(Step(stage, reached, share(reached, first), share(reached, previous) if steps else None))
        previous = reached
    return steps


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in per cent, one decimal, half up; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _waiting(session: CrmSession, whose: str, campaign: str, *, due: bool) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Activity.state == "open"]
    wanted.append(Activity.due <= today() if due else or_(Activity.due > today(), Activity.due.is_(None)))
    if whose == ME:
        wanted.append(Activity.assignee_id == session.actor.user_id)
    elif whose:
        users = table_of(User)
        wanted.append(Activity.assignee_id.in_(select(users.c.id).where(users.c.login == whose)))
    if campaign:
        # The activity is what the session filters; its opportunity is its own customer's, so as visible as it is.
        deals = table_of(Opportunity)
        wanted.append(Activity.opportunity_id.in_(select(deals.c.id).where(deals.c.campaign == campaign)))
    return wanted


def _tasks(session: CrmSession, whose: str, campaign: str, size: int, *, due: bool) -> Tasks:
    wanted = _waiting(session, whose, campaign, due=due)
    count = session.scalar(select(func.count(Activity.id)).where(*wanted)) or 0
    urgency = case({"high": 0, "low": 2}, value=Activity.priority, else_=1)
    query: Select[Activity] = (
        select(Activity)
        .where(*wanted)
        .options(joinedload(Activity.customer), joinedload(Activity.assignee), joinedload(Activity.opportunity))
        .order_by(Activity.due.asc().nulls_last(), urgency, Activity.id)
        .limit(size)
    )
    return Tasks(session.scalars(query).unique().all() if count else (), count)


def default_whose(session: CrmSession) -> str:
    """Whose figures come first: everyone's for those who answer for others (may undo a closing), else one's own."""
    return "" if session.actor.scope("opportunity", "undo") is not None else ME


def choosable_users(session: CrmSession) -> list[User]:
    """The active users whose figures the actor may ask for, by name: all, the actor's team, or the actor alone."""
    actor = session.actor
    query = select(User).where(User.active).order_by(User.family_name, User.given_name, User.id)
    scope = actor.scope("opportunity", "read")
    if scope != "all":
        team = User.team_id == actor.team_id if scope == "team" and actor.team_id is not None else User.id < 0
        query = query.where(or_(User.id == actor.user_id, team))
    return list(session.scalars(query))
