"""From a prompt to an issued offer, under the rights of the one who asks."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import today
from core.errors import AppError, NotFound
from crm import audit, opportunities, pipeline
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Activity, AuditEntry, Customer, Offer, Opportunity
from offers.clarify import Clarification
from offers.draft import OnScreen
from offers.understand import understand
from offers.view import OfferView

People = Callable[[str], Actor]


@pytest.fixture
def draft(parts: Parts, people: People) -> Callable[..., OfferView | Clarification]:
    """Drafts from a prompt as a user."""

    def make(login: str, prompt: str, screen: OnScreen | None = None) -> OfferView | Clarification:
        return parts.offers.draft(
            people(login), prompt, lambda names: understand(prompt, names, language="hu", today=today()), "hu", screen
        )

    return make


Draft = Callable[..., OfferView | Clarification]
PROMPT = "Ajánlat a Bartók Kft.-nek: 10 töltőtoll 5% kedvezménnyel"


def test_a_draft_has_exact_figures_documents_and_its_prompt_in_the_audit(
    draft: Draft, parts: Parts, engine: Engine
) -> None:
    offer = draft("nora", PROMPT)
    assert isinstance(offer, OfferView)
    assert (offer.customer.code, offer.state, offer.owner) == ("C0001", "draft", "nora")
    assert (offer.totals.net, offer.totals.vat, offer.totals.gross) == ("114000", "30780", "144780")
    assert {d.kind for d in offer.documents} == {"docx", "pdf"}
    assert all((parts.settings.home / str(d.path)).is_file() for d in offer.documents)
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "offers")).one()
        assert (entry.actor, entry.prompt_sha256) == ("nora", audit.prompt_hash(PROMPT))
        assert entry.sources and str(entry.sources[0]).startswith("price:")


@pytest.mark.parametrize(
    ("prompt", "field", "choices"),
    [
        ("Ajánlat Bartókéknak 2 töltőtollra", "customer", 3),
        ("Ajánlat a Bartók Kft.-nek 3 tintára", "product", 2),
        ("Ajánlat a Bartók Kft.-nek töltőtollra", "quantity", 0),
        ("Ajánlat a Bartók Kft.-nek 0 töltőtollra", "quantity", 0),
        ("Ajánlat a Bartók Kft.-nek 3 kg zöld teára", "quantity", 1),
        ("Ajánlat 2 töltőtollra", "customer", 0),
        ("Ajánlat a Bartók Kft.-nek", "lines", 0),
        ("Ajánlat a Bartók Kft.-nek 2 töltőtollra 120% kedvezménnyel", "discount", 0),
    ],
)
def test_what_is_not_certain_is_asked_and_nothing_is_stored(
    draft: Draft, engine: Engine, prompt: str, field: str, choices: int
) -> None:
    asked = draft("nora", prompt)
    assert isinstance(asked, Clarification)
    assert (asked.field, len(asked.choices)) == (field, choices)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Offer)).all() == []


def test_an_invisible_customer_is_told_in_the_words_of_an_unknown_one(draft: Draft) -> None:
    hidden = draft("rita", "Ajánlat a Malinowski Sp. z o.o.-nak 2 töltőtollra")
    unknown = draft("rita", "Ajánlat a Kalinowski Sp. z o.o.-nak 2 töltőtollra")
    assert isinstance(hidden, Clarification) and isinstance(unknown, Clarification)
    assert hidden.question.replace("Malinowski", "Kalinowski") == unknown.question
    assert hidden.choices == unknown.choices == ()


def test_something_sold_by_the_occasion_needs_no_quantity(draft: Draft) -> None:
    offer = draft("nora", "Ajánlat a Bartók Kft.-nek gravírozásra")
    assert isinstance(offer, OfferView)
    assert offer.lines[0].quantity == "1"


def test_currency_and_language_are_the_customers(draft: Draft) -> None:
    offer = draft("nora", "Ajánlat a Malinowski cégnek 3 töltőtollra")
    assert isinstance(offer, OfferView)
    assert (offer.currency, offer.language, offer.lines[0].name) == ("PLN", "pl", "Pióro wieczne")
    assert offer.totals.net == "391.50"


def test_a_price_named_in_the_prompt_changes_nothing_but_a_warning(draft: Draft) -> None:
    offer = draft("nora", "Ajánlat a Bartók Kft.-nek 10 töltőtollra 1 Ft-os egységáron")
    assert isinstance(offer, OfferView)
    assert offer.lines[0].unit_price == "12000"
    assert len(offer.warnings) == 1


@pytest.mark.parametrize(
    ("login", "percent", "state"),
    [
        ("nora", 20, "draft"),
        ("nora", 21, "awaiting_approval"),
        ("mate", 35, "draft"),
        ("mate", 36, "awaiting_approval"),
    ],
)
def test_a_discount_over_the_limit_of_the_level_awaits_approval(
    draft: Draft, parts: Parts, people: People, login: str, percent: int, state: str
) -> None:
    offer = draft(login, f"Ajánlat a Bartók Kft.-nek 10 töltőtollra {percent}% kedvezménnyel")
    assert isinstance(offer, OfferView)
    assert offer.state == state
    if state == "awaiting_approval":
        with pytest.raises(AppError) as refused:
            parts.offers.issue(people(login), offer.number)
        assert refused.value.code == "offer_awaits_approval"


def test_issuing_records_the_activity_moves_the_pipeline_and_sets_a_task(
    draft: Draft, parts: Parts, people: People, engine: Engine
) -> None:
    offer = draft("nora", PROMPT)
    assert isinstance(offer, OfferView) and offer.opportunity is None
    issued = parts.offers.issue(people("nora"), offer.number)
    assert issued.state == "issued"
    assert issued.opportunity is not None and issued.opportunity.stage == "decision"
    with unit(engine, people("nora"), writes=False) as session:
        sent, task = session.scalars(select(Activity).order_by(Activity.id))
        assert (sent.type_code, sent.state, task.type_code, task.state) == ("offer_sent", "done", "task", "open")
        assert task.due is not None and (task.due - today()).days == 3
        assert session.scalars(select(Opportunity)).one().amount == Decimal(114000)
    with pytest.raises(AppError) as twice:
        parts.offers.issue(people("nora"), offer.number)
    assert twice.value.code == "offer_already_issued"


def test_the_opportunity_is_the_named_one_else_the_one_on_screen_else_the_newest_open_one(
    draft: Draft, engine: Engine, people: People
) -> None:
    with unit(engine, people("nora")) as session:
        firm = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        older, newer = (opportunities.open_new(session, firm, title, "direct") for title in ("első", "második"))
        codes = older.code, newer.code
    plain = draft("nora", PROMPT)
    shown = draft("nora", PROMPT, OnScreen("opportunity", codes[0]))
    named = draft("nora", f"{PROMPT} ({codes[0]})")
    found = [o.opportunity.code for o in (plain, shown, named) if isinstance(o, OfferView) and o.opportunity]
    assert found == [codes[1], codes[0], codes[0]]


def test_issuing_again_while_in_decision_keeps_the_stage_and_after_won_is_refused(
    draft: Draft, parts: Parts, people: People, engine: Engine
) -> None:
    first, second, third = (draft("nora", PROMPT) for _ in range(3))
    assert isinstance(first, OfferView) and isinstance(second, OfferView) and isinstance(third, OfferView)
    code = parts.offers.issue(people("nora"), first.number).opportunity
    again = parts.offers.issue(people("nora"), second.number).opportunity
    assert code is not None and code == again and code.stage == "decision"
    late = draft("nora", PROMPT)
    assert isinstance(late, OfferView)
    with unit(engine, people("nora")) as session:
        pipeline.move(session, opportunities.by_code(session, code.code), "won")
    with pytest.raises(AppError) as refused:
        parts.offers.issue(people("nora"), late.number)
    assert refused.value.code == "step_refused"
    with unit(engine, people("nora"), writes=False) as session:
        assert session.scalars(select(Offer).where(Offer.number == late.number)).one().state == "draft"


def test_another_users_offer_is_out_of_reach_with_its_customer(draft: Draft, parts: Parts, people: People) -> None:
    offer = draft("nora", PROMPT)
    assert isinstance(offer, OfferView)
    for attempt in (parts.offers.view, parts.offers.issue, parts.offers.ensure_documents):
        with pytest.raises(NotFound):
            attempt(people("rita"), offer.number)


def test_a_document_that_was_changed_blocks_issuing_until_it_is_made_anew(
    draft: Draft, parts: Parts, people: People
) -> None:
    offer = draft("nora", PROMPT)
    assert isinstance(offer, OfferView)
    path = parts.settings.home / str(offer.documents[0].path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AppError) as refused:
        parts.offers.issue(people("nora"), offer.number)
    assert refused.value.code == "document_changed"
    parts.offers.document(people("nora"), offer.number, offer.documents[0].kind)
    assert parts.offers.issue(people("nora"), offer.number).state == "issued"


def test_a_preview_stores_nothing(parts: Parts, people: People, engine: Engine) -> None:
    previewed = parts.offers.preview(
        people("nora"), PROMPT, lambda names: understand(PROMPT, names, language="hu", today=today()), "hu"
    )
    assert isinstance(previewed, OfferView) and previewed.totals.net == "114000"
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Offer)).all() == []
        assert session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "offers")).all() == []
