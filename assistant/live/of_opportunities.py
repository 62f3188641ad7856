"""Questions about opportunities. Sums are of net amounts, one for each currency, and only of amounts the level sees."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from assistant.live.found import Found, Row
from assistant.live.question import LiveQuestion
from assistant.live.wording import (
    MOST_ROWS,
    Said,
    counted,
    customer_words,
    day,
    list_url,
    money,
    opportunity_row,
    owner_value,
    sums,
)
from core.clock import today
from core.errors import say
from core.language import Language
from crm.days import day_of
from crm.lists import found
from crm.opportunity_list import ANY, OpportunityFilters, Totals, conditions, query_for, totals_by_stage
from crm.pipeline_rules import rules
from crm.session import CrmSession
from crm.tables import Opportunity, Stage

PATH = "/opportunities"


def stages(session: CrmSession) -> Mapping[str, Stage]:
    """Every stage by its code."""
    return {stage.code: stage for stage in rules(session).stages}


def _base(question: LiveQuestion) -> OpportunityFilters:
    return OpportunityFilters(
        owner=owner_value(question.whose),
        customer=question.customer,
        stage=question.stage,
        campaign=question.campaign,
    )


def _url(filters: OpportunityFilters, order: str) -> str:
    names = {"opened_from": "from", "opened_to": "to"}
    given = {names.get(name, name): value for name, value in vars(filters).items()}
    return list_url(PATH, {"view": "list", **given, "order": order})


def _totals(session: CrmSession, filters: OpportunityFilters) -> Totals:
    by_stage = totals_by_stage(session, conditions(session, filters))
    amounts: dict[str, Decimal] = {}
    for one in by_stage.values():
        for currency, amount in one.sums.items():
            amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    return Totals(sum(one.count for one in by_stage.values()), amounts)


def total_words(totals: Totals, language: Language) -> str:
    """The net sums in words; that no amount can be shown where there is none or the level does not see them."""
    if totals.sums:
        return say("live_net_total", language, sums=sums(totals.sums, language))
    return say("live_no_amount", language)


def _answer(
    session: CrmSession,
    question: LiveQuestion,
    filters: OpportunityFilters,
    language: Language,
    order: str = "-opened",
) -> Found:
    page = found(session, query_for(session, filters, order), Opportunity.id, size=MOST_ROWS)
    known = stages(session)
    total = total_words(_totals(session, filters), language) if page.total else ""
    details = [customer_words(session, question), question.campaign]
    if filters.stage and filters.stage in known and question.stage:
        details.append(str(known[filters.stage].names.get(language, filters.stage)))
    said = Said(f"live_{question.kind}", page.total, total, tuple(details))
    rows = tuple(opportunity_row(deal, known, language) for deal in page.rows)
    return Found(counted(session, question, said, language), rows, page.total, _url(filters, order))


def _opened(filters: OpportunityFilters, question: LiveQuestion) -> OpportunityFilters:
    span = question.span
    return filters if span is None else replace(filters, opened_from=span.first, opened_to=span.last)


def opportunities_open(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Opportunities neither won nor lost, with their sums; opened in the span, if one was named."""
    state = "" if question.stage in ("won", "lost") else "open"
    return _answer(session, question, _opened(replace(_base(question), state=state), question), language)


def campaign_opportunities(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Every opportunity of a campaign, whatever its stage."""
    return _answer(session, question, _base(question), language)


def customer_opportunities(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Every opportunity of a customer; the open ones where that was said."""
    state = "open" if "open" in question.asked else ""
    filters = replace(_base(question), owner="", state=state)
    return _answer(session, replace(question, whose=None), filters, language)


def opportunities_new(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Opportunities opened in the span, the last 30 days unless another was named."""
    return _answer(session, question, _opened(_base(question), question), language)


def enquiries_new(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Opportunities with a recorded source opened in the span: enquiries that came from outside."""
    return _answer(session, question, replace(_opened(_base(question), question), source=ANY), language)


def _ended(session: CrmSession, question: LiveQuestion, language: Language, stage: str) -> Found:
    span = question.span
    filters = replace(
        _base(question),
        stage=stage,
        since_from=span.first if span else None,
        since_to=span.last if span else None,
    )
    return _answer(session, replace(question, stage=""), filters, language, "-since")


def opportunities_won(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Opportunities that became won in the span."""
    return _ended(session, question, language, "won")


def opportunities_lost(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Opportunities that became lost in the span."""
    return _ended(session, question, language, "lost")


def opportunities_stuck(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Open opportunities that came to their present stage more than so many days ago, longest first."""
    days = question.days or 30
    before = today() - timedelta(days=days + 1)
    filters = replace(_base(question), state="open", since_to=before)
    page = found(session, query_for(session, filters, "since"), Opportunity.id, size=MOST_ROWS)
    known = stages(session)
    more = say("live_longer_than", language, days=days)
    stage = str(known[question.stage].names.get(language, "")) if question.stage in known else ""
    total = total_words(_totals(session, filters), language) if page.total else ""
    said = Said("live_opportunities_stuck", page.total, total, (stage, more, customer_words(session, question)))
    rows = tuple(_since_row(deal, known, language) for deal in page.rows)
    return Found(counted(session, question, said, language), rows, page.total, _url(filters, "since"))


def _since_row(deal: Opportunity, known: Mapping[str, Stage], language: Language) -> Row:
    since = day_of(deal.stage_since) if deal.stage_since is not None else deal.opened_on
    days = (today() - since).days
    return opportunity_row(deal, known, language, say("live_since", language, day=day(since, language), days=days))


def opportunities_by_stage(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """How many open opportunities are in each stage, and what they come to; a row for each stage."""
    filters = replace(_base(question), state="open")
    by_stage = totals_by_stage(session, conditions(session, filters))
    whole = _totals(session, filters)
    rows = []
    for stage in rules(session).stages:
        one = by_stage.get(stage.code, Totals())
        if stage.closed:
            continue
        text = f"{one.count}" + (f", {total_words(one, language)}" if one.count else "")
        name = str(stage.names.get(language, stage.code))
        url = _url(replace(filters, stage=stage.code), "-opened")
        rows.append(Row(f"stage:{stage.code}", name, url, say("live_record_stage", language), text))
    said = Said(
        "live_opportunities_by_stage",
        whole.count,
        total_words(whole, language) if whole.count else "",
        (question.campaign,),
    )
    sentence = counted(session, question, said, language)
    return Found(sentence, tuple(rows), whole.count, _url(filters, "stage"), shown_of=len(rows))


def opportunities_biggest(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The largest open opportunities of each currency; amounts of two currencies are not compared."""
    filters = replace(_base(question), state="open")
    whole = _totals(session, filters)
    known, rows = stages(session), []
    each = max(1, MOST_ROWS // max(1, len(whole.sums)))
    for currency in sorted(whole.sums):
        query = query_for(session, filters, "-amount").where(
            Opportunity.currency == currency, Opportunity.amount.is_not(None)
        )
        rows += [opportunity_row(deal, known, language) for deal in session.scalars(query.limit(each)).unique()]
    if not rows and whole.count:
        sentence = say("live_opportunities_biggest_hidden", language, count=whole.count)
        return Found(sentence, (), whole.count, _url(filters, "-opened"))
    said = Said("live_opportunities_biggest", len(rows), "", (customer_words(session, question), question.campaign))
    return Found(counted(session, question, said, language), tuple(rows), whole.count, _url(filters, "-amount"))


def opportunity_facts(session: CrmSession, deal: Opportunity, language: Language) -> Found:
    """Stage and since when, owner, amount and customer of one opportunity."""
    known = stages(session)
    row = _since_row(deal, known, language)
    amount = money(deal.amount, deal.currency, language) if deal.amount is not None else ""
    sentence = say(
        "live_opportunity_facts",
        language,
        code=deal.code,
        stage=str(known[deal.stage_code].names.get(language, deal.stage_code)),
        since=day(day_of(deal.stage_since) if deal.stage_since else deal.opened_on, language),
        owner=deal.owner.display_name(language) if deal.owner else say("unassigned", language),
        amount=amount or say("live_no_amount", language),
    )
    return Found(sentence, (row,), 1)
