"""The customer's way to an offer: what a link opens, what may be chosen, and an answer that is recorded once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select

from assistant.context import Parts
from core import clock
from core.clock import today
from core.errors import AppError, Forbidden
from crm import decisions, links, pipeline
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import AcceptanceLink, Activity, AuditEntry, Offer, OfferDecision, OfferMail, OfferVersion, Opportunity
from offers import accepting
from offers.accepting import Accepting, Said
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
LINES = (
    EditedLine("TOLL", Decimal(10), Decimal(5)),
    EditedLine("TINTA-K", Decimal(2), option_group="tinta"),
    EditedLine("TINTA-P", Decimal(3), optional=True, option_group="tinta"),
    EditedLine("VIGY", Decimal(1), optional=True),
)


def edit(lines: tuple[EditedLine, ...] = LINES) -> Edit:
    return Edit(lines, today() + timedelta(days=30), 8)


@pytest.fixture
def house(parts: Parts) -> Accepting:
    return Accepting(parts.engine, parts.settings)


@pytest.fixture
def issued(parts: Parts, people: People) -> str:
    """An issued offer to Bartók Kft. with a group of two inks and an optional engraving, made by nora."""
    made = parts.offers.create(people("nora"), "C0001", edit())
    parts.offers.issue(people("nora"), made.number)
    return made.number


def link_of(engine: Engine, actor: Actor, number: str) -> str:
    with unit(engine, actor) as session:
        path = accepting.make_link(session, offer_records.by_number(session, number))
    return path.removeprefix("/o/")


def says(shown: accepting.Shown, answer: str = "accepted", **more: object) -> Said:
    given = {"name": "Kiss Éva", "address": "203.0.113.7", "pdf_sha256": shown.pdf_sha256, **more}
    return Said(answer=answer, **given)  # type: ignore[arg-type]


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as refused:
        work()
    return refused.value.code


def test_a_link_is_random_and_only_its_digest_is_kept(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    assert len(token) == links.TOKEN_LENGTH
    with unit(engine, SYSTEM, writes=False) as session:
        link = session.scalars(select(AcceptanceLink)).one()
        assert link.token_sha256 == links.token_hash(token)
        kept = [str(entry.after) + str(entry.before) for entry in session.scalars(select(AuditEntry))]
    assert not any(token in text or link.token_sha256 in text for text in kept)
    assert house.look(token).sheet.number == issued


def test_a_new_link_revokes_the_one_before(engine: Engine, issued: str, people: People, house: Accepting) -> None:
    first, second = (link_of(engine, people("nora"), issued) for _ in range(2))
    assert refusal(lambda: house.look(first)) == "link_closed"
    assert house.look(second).open


def test_whoever_waited_for_an_answer_makes_no_link_over_it(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one unit of work write at a time, so nobody can answer meanwhile")
    token = link_of(engine, people("nora"), issued)
    with unit(engine, people("nora")) as session:
        before = offer_records.by_number(session, issued)
        house.answer(token, says(house.look(token), chosen=(2,)))
        assert refusal(lambda: accepting.make_link(session, before)) == "link_needs_issued"
    assert not house.look(token).open


def test_a_draft_has_no_link_and_a_level_without_the_right_makes_none(
    engine: Engine, parts: Parts, issued: str, people: People
) -> None:
    draft = parts.offers.create(people("nora"), "C0001", edit(LINES[:1])).number
    assert refusal(lambda: link_of(engine, people("nora"), draft)) == "link_needs_issued"
    nobody = Actor(9, "x", "none", None, "en", {("offer", "read"): "all", ("offer", "create"): "all"})
    with pytest.raises(Forbidden):
        link_of(engine, nobody, issued)


def test_every_link_that_opens_nothing_is_answered_alike(
    engine: Engine, parts: Parts, issued: str, people: People, house: Accepting, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = people("nora")
    revoked = link_of(engine, nora, issued)
    with unit(engine, nora) as session:
        assert links.revoke(session, offer_records.by_number(session, issued)) == 1
    superseded = link_of(engine, nora, issued)
    parts.offers.revise(nora, issued, parts.offers.detail(nora, issued).lock, edit(LINES[:1]))
    other = parts.offers.create(nora, "C0001", edit(LINES[:1])).number
    parts.offers.issue(nora, other)
    expired = link_of(engine, nora, other)
    with unit(engine, SYSTEM, writes=False) as session:
        ends = session.scalars(select(AcceptanceLink).order_by(AcceptanceLink.id.desc())).first()
    assert ends is not None
    monkeypatch.setattr(links, "now", lambda: ends.expires_at)
    unknown = "A" * links.TOKEN_LENGTH
    told = set()
    for token in (revoked, superseded, expired, unknown, "short", ""):
        with pytest.raises(AppError) as refused:
            house.look(token)
        told.add((refused.value.code, refused.value.status, refused.value.message("pl")))
        assert refusal(lambda token=token: house.file(token, "pdf")) == "link_closed"
        assert refusal(lambda token=token: house.opened(token)) == "link_closed"
    assert len(told) == 1


def test_a_link_runs_out_with_the_last_day_of_the_offer_where_the_business_is(
    engine: Engine, issued: str, people: People
) -> None:
    link_of(engine, people("nora"), issued)
    with unit(engine, SYSTEM, writes=False) as session:
        link = session.scalars(select(AcceptanceLink)).one()
        last = link.offer_version.valid_until
    there = link.expires_at.astimezone(clock.BUSINESS_ZONE)
    assert (there.date(), there.hour, there.minute) == (last + timedelta(days=1), 0, 0)


def test_the_sums_follow_what_is_chosen(engine: Engine, issued: str, people: People, house: Accepting) -> None:
    token = link_of(engine, people("nora"), issued)
    offered = house.look(token)
    assert offered.taken == (1, 2)
    assert offered.totals.net == Decimal("114000") + Decimal("3980")
    chosen = house.look(token, [3, 4])
    assert chosen.taken == (1, 3, 4)
    assert chosen.totals.net == Decimal("114000") + Decimal("5970") + Decimal("5555")
    assert chosen.totals.gross == chosen.totals.net + chosen.totals.vat


@pytest.mark.parametrize("chosen", [(), (2, 3), (2, 9), (4,)])
def test_a_choice_that_does_not_fit_is_refused(
    engine: Engine, issued: str, people: People, house: Accepting, chosen: tuple[int, ...]
) -> None:
    token = link_of(engine, people("nora"), issued)
    assert refusal(lambda: house.look(token, chosen)) == "choice_invalid"
    said = says(house.look(token), chosen=chosen)
    assert refusal(lambda: house.answer(token, said)) == "choice_invalid"


def test_looking_changes_nothing_and_opening_is_noted_once(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)

    def audited() -> int:
        with unit(engine, SYSTEM, writes=False) as session:
            return len(session.scalars(select(AuditEntry.seq)).all())

    before = audited()
    house.look(token)
    house.file(token, "pdf")
    assert audited() == before
    house.opened(token)
    with unit(engine, SYSTEM, writes=False) as session:
        first = session.scalars(select(AcceptanceLink)).one().opened_at
    after = audited()
    assert first is not None and after > before
    house.opened(token)
    assert audited() == after


def test_accepting_records_all_of_it_and_moves_the_pipeline(
    engine: Engine, parts: Parts, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    said = says(house.look(token, [3]), chosen=(3,), comment="Kérjük péntekig.", signature="M10 20L30 40L50 60M5 5L6 6")
    code = house.answer(token, said)
    with unit(engine, SYSTEM, writes=False) as session:
        decision = session.scalars(select(OfferDecision)).one()
        offer = offer_records.by_number(session, issued)
        deal = offer.opportunity
        tasks = session.scalars(select(Activity).where(Activity.state == "open", Activity.subject.contains("teljesít")))
        task = tasks.one()
        done = session.scalars(select(Activity).where(Activity.type_code == "offer_accepted")).one()
        mails = session.scalars(select(OfferMail).order_by(OfferMail.id)).all()
    assert (decision.code, decision.decision, decision.name, decision.address) == (
        code,
        "accepted",
        "Kiss Éva",
        "203.0.113.7",
    )
    assert (decision.taken, decision.net) == ([1, 3], Decimal("119970"))
    assert decision.pdf_sha256 == said.pdf_sha256 and decision.signature == said.signature
    assert offer.state == "accepted" and deal is not None
    assert (deal.stage_code, deal.amount) == ("won", Decimal("119970"))
    assert task.due is not None and task.due > today() and task.assignee_id == offer.owner_id
    assert done.note == "Kiss Éva: Kérjük péntekig."
    assert [mail.recipients for mail in mails] == [["C0001@x.example"], ["nora@robo.example"]]
    assert {mail.state for mail in mails} == {"queued"}
    copy = house.file(token, "copy")
    assert decision.stamped_path and Path(decision.stamped_path).name == copy.name
    text = PdfReader(copy).pages[-1].extract_text()
    for printed in ("Kiss Éva", "203.0.113.7", code, "Kérjük péntekig."):
        assert printed in text
    assert said.pdf_sha256[:32] in text.replace("\n", "").replace("\u200b", "")
    assert refusal(lambda: house.answer(token, said)) == "offer_answered"


def test_declining_wants_a_reason_and_moves_to_lost(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    shown = house.look(token)
    assert refusal(lambda: house.answer(token, says(shown, "declined"))) == "answer_needs_reason"
    house.answer(token, says(shown, "declined", reason="price", comment="Jövőre talán."))
    with unit(engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, issued)
        decision = session.scalars(select(OfferDecision)).one()
        assert offer.opportunity is not None
        assert (offer.state, offer.opportunity.stage_code) == ("declined", "lost")
        assert (decision.reason, decision.taken, decision.net) == ("price", [], Decimal(0))
        done = session.scalars(select(Activity).where(Activity.type_code == "offer_declined")).one()
        assert done.note == "Kiss Éva: Túl drága – Jövőre talán."
        assert not session.scalars(select(Activity).where(Activity.subject.contains("teljesít"))).all()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "answer_needs_name"),
        ({"name": "x" * 201}, "answer_needs_name"),
        ({"comment": "x" * 2001}, "answer_too_long"),
        ({"signature": "M1 1L2 2<script>"}, "signature_invalid"),
        ({"signature": "M1 1"}, "signature_invalid"),
        ({"signature": "M1 1L999 2"}, "signature_invalid"),
        ({"signature": "M1 1" + "L2 2" * 6000}, "signature_invalid"),
        ({"pdf_sha256": "0" * 64}, "offer_changed_meanwhile"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_and_nothing_is_recorded(
    engine: Engine, issued: str, people: People, house: Accepting, changed: dict[str, str], code: str
) -> None:
    token = link_of(engine, people("nora"), issued)
    said = says(house.look(token), chosen=(2,))
    assert refusal(lambda: house.answer(token, Said(**{**vars(said), **changed}))) == code
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(OfferDecision)).all() == []
        assert session.scalars(select(Offer)).one().state == "issued"


def test_an_offer_that_ran_out_is_not_accepted(
    engine: Engine, issued: str, people: People, house: Accepting, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = link_of(engine, people("nora"), issued)
    said = says(house.look(token), chosen=(2,))
    with unit(engine, SYSTEM, writes=False) as session:
        after = session.scalars(select(OfferVersion)).one().valid_until + timedelta(days=1)
    monkeypatch.setattr(decisions, "today", lambda: after)
    assert refusal(lambda: house.answer(token, said)) == "offer_expired"


def test_a_file_that_was_changed_is_not_accepted(engine: Engine, issued: str, people: People, house: Accepting) -> None:
    token = link_of(engine, people("nora"), issued)
    shown = house.look(token)
    house.file(token, "pdf").write_bytes(b"%PDF-1.7 another")
    assert refusal(lambda: house.answer(token, says(shown, chosen=(2,)))) == "offer_file_missing"


def test_where_the_pipeline_refuses_the_step_the_decision_stands_and_a_task_says_why(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    with unit(engine, people("mate")) as session:
        deal = session.scalars(select(Opportunity)).one()
        pipeline.move(session, deal, "lost")
    house.answer(token, says(house.look(token), chosen=(2,)))
    with unit(engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, issued)
        assert offer.opportunity is not None
        assert (offer.state, offer.opportunity.stage_code) == ("accepted", "lost")
        done = session.scalars(select(Activity).where(Activity.type_code == "offer_accepted")).one()
        assert done.opportunity_id == offer.opportunity_id
        notes = session.scalars(select(Activity.note).where(Activity.state == "open", Activity.note.is_not(None))).all()
        assert len(notes) == 1 and "Sikertelen" in str(notes[0])


def test_an_answer_is_taken_back_by_right_with_the_opportunity(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    house.answer(token, says(house.look(token), chosen=(3,)))
    with pytest.raises(Forbidden), unit(engine, people("nora")) as session:
        accepting.undo(session, issued)
    with unit(engine, people("mate")) as session:
        accepting.undo(session, issued)
    with unit(engine, SYSTEM, writes=False) as session:
        offer = offer_records.by_number(session, issued)
        assert offer.opportunity is not None
        assert (offer.state, offer.opportunity.stage_code) == ("issued", "decision")
        assert offer.opportunity.amount == offer.latest.net
        assert session.scalars(select(OfferDecision)).one().undone_at is not None
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.resource_name == "offers", AuditEntry.action == "undo")
        )
        assert entry.one().actor == "mate"
    assert refusal(lambda: _undo(engine, people("mate"), issued)) == "nothing_to_undo"
    assert house.look(token).open
    house.answer(token, says(house.look(token), chosen=(2,)))


def _undo(engine: Engine, actor: Actor, number: str) -> None:
    with unit(engine, actor) as session:
        accepting.undo(session, number)


def test_an_opportunity_another_accepted_offer_won_stays_won(
    engine: Engine, parts: Parts, issued: str, people: People, house: Accepting
) -> None:
    nora = people("nora")
    other = parts.offers.create(nora, "C0001", edit(LINES[:1])).number
    parts.offers.issue(nora, other)
    for number, chosen in ((issued, (2,)), (other, ())):
        token = link_of(engine, nora, number)
        house.answer(token, says(house.look(token), chosen=chosen))
    _undo(engine, people("mate"), issued)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Opportunity)).one().stage_code == "won"


def test_a_copy_lost_in_a_crash_is_made_and_mailed_once(
    engine: Engine, parts: Parts, issued: str, people: People, house: Accepting, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = link_of(engine, people("nora"), issued)
    with monkeypatch.context() as crashed:
        crashed.setattr(accepting, "put_stamped", lambda *_: None)
        house.answer(token, says(house.look(token), chosen=(2,)))
    assert refusal(lambda: house.file(token, "copy")) == "link_closed"
    house.make_missing_copies()
    house.make_missing_copies()
    assert house.file(token, "copy").is_file()
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(session.scalars(select(OfferMail)).all()) == 2


def test_an_offer_without_an_opportunity_can_be_answered(
    engine: Engine, issued: str, people: People, house: Accepting
) -> None:
    token = link_of(engine, people("nora"), issued)
    with unit(engine, SYSTEM) as session:
        offer = offer_records.by_number(session, issued)
        offer.opportunity, offer.opportunity_id = None, None
    house.answer(token, says(house.look(token), chosen=(2,)))
    with unit(engine, SYSTEM, writes=False) as session:
        assert offer_records.by_number(session, issued).state == "accepted"
