"""The customer's way to an offer: by a link, to read it, choose among its options, and answer once."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy import Engine, select

from core.clock import today
from core.errors import AppError, NotFound, say
from core.language import Language
from core.settings import Settings
from core.text import storable
from crm import activities, decisions, links, pipeline
from crm import offers as offer_records
from crm.actor import Actor
from crm.days import next_workday
from crm.decisions import ACTIVITY, Answer, NewDecision
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import AcceptanceLink, ActivityType, Offer, OfferDecision, OfferVersion
from offers import choices, signature
from offers.currency import as_currency
from offers.documents import sha256_of
from offers.packing import customers_pack
from offers.sheet import OfferSheet, Totals, VatRow
from offers.stamped import put_stamped
from offers.to_sheet import offer_sheet

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
LONGEST_NAME, LONGEST_COMMENT = 200, 2000
REASONS = ("price", "other_supplier", "not_needed", "timing", "content", "other")
FileKind = Literal["pdf", "pack", "copy"]
_TRIES = 4


def customer_actor(language: Language) -> Actor:
    """On whose behalf a customer's answer is written; sentences it leaves behind are in `language`."""
    return Actor(user_id=0, login="customer", role="system", team_id=None, language=language, is_system=True)


@dataclass(frozen=True)
class Said:
    """What a customer sends with an answer: who they are, what they chose and say, and the file they saw."""

    answer: Answer
    name: str
    pdf_sha256: str
    address: str
    chosen: tuple[int, ...] = ()
    comment: str = ""
    reason: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer that stands."""

    decision: OfferDecision
    has_copy: bool


@dataclass(frozen=True)
class Shown:
    """An offer as its link shows it. `version` has its lines loaded; `files` are the kinds that can be fetched."""

    sheet: OfferSheet
    version: OfferVersion
    state: str
    taken: tuple[int, ...]
    vat: tuple[VatRow, ...]
    totals: Totals
    pdf_sha256: str
    files: tuple[FileKind, ...]
    answered: Answered | None

    @property
    def open(self) -> bool:
        """Whether it can be answered."""
        return self.answered is None


def make_link(session: CrmSession, offer: Offer, until: date | None = None) -> str:
    """The path of a new link to the newest version of `offer`: `/o/<token>`. It is told once and never kept. Raises as
    `crm.links.make`."""
    return f"/o/{links.make(session, offer, until)}"


def _closed() -> AppError:
    # One answer for every link that opens nothing: it tells nobody which links there are.
    return AppError("link_closed", 404)


@dataclass(frozen=True)
class Accepting:
    """The customer's side of the offers of one home."""

    engine: Engine
    settings: Settings

    def look(self, token: str, chosen: Iterable[int] | None = None) -> Shown:
        """What the link shows, with the sums of what is `chosen`, else of what was offered first. Changes nothing.

        Raises `AppError("link_closed")` for a link that opens nothing, `choice_invalid`.
        """
        with unit(self.engine, customer_actor("en"), writes=False) as session:
            offer = _opened(session, token)[1]
            version = offer.latest
            decision = decisions.standing(session, offer)
            known = {document.kind: document for document in version.documents}
            if "pdf" not in known:
                raise _closed()
            if decision is not None:
                taken = tuple(int(str(position)) for position in decision.taken)
            elif chosen is None:
                taken = choices.offered_first(version.lines)
            else:
                taken = choices.settled(version.lines, chosen)
            rows, sums = choices.sums(version.lines, taken, as_currency(version.currency))
            kinds: list[FileKind] = ["pdf", *(["pack"] if customers_pack(version) is not None else [])]  # type: ignore[list-item]
            has_copy = decision is not None and decision.stamped_path is not None
            return Shown(
                sheet=offer_sheet(session, offer),
                version=version,
                state=offer.state,
                taken=taken,
                vat=rows,
                totals=sums,
                pdf_sha256=known["pdf"].sha256,
                files=(*kinds, *(("copy",) if has_copy else ())),
                answered=Answered(decision, has_copy) if decision is not None else None,
            )

    def file(self, token: str, kind: FileKind) -> Path:
        """A file of the offer, as it was issued or stamped. Raises `AppError` `link_closed` or `offer_file_missing`."""
        with unit(self.engine, customer_actor("en"), writes=False) as session:
            offer = _opened(session, token)[1]
            if kind == "copy":
                decision = decisions.standing(session, offer)
                noted = (decision.stamped_path, decision.stamped_sha256) if decision else (None, None)
            else:
                noted_for = {document.kind: document for document in offer.latest.documents}
                document = customers_pack(offer.latest) if kind == "pack" else noted_for.get(kind)
                noted = (document.path, document.sha256) if document else (None, None)
        if noted[0] is None:
            raise _closed()
        path = self.settings.home.resolve() / noted[0]
        if not path.is_file() or sha256_of(path) != noted[1]:
            raise AppError("offer_file_missing", 409)
        return path

    def opened(self, token: str) -> None:
        """Note that the link was opened in a browser, the first time. Raises `AppError("link_closed")`."""

        def note() -> None:
            with unit(self.engine, customer_actor("en")) as session:
                links.note_opened(session, _opened(session, token, locked=True)[0])

        _again(note)

    def answer(self, token: str, said: Said) -> str:
        """Record what the customer said, once; everything that follows of it in the same unit of work. The stamped copy
        is made afterwards. Returns the code of the decision.

        Raises `AppError` 422 for what is missing or wrong in what was said, `link_closed`, `offer_answered`,
        `offer_changed_meanwhile` where the file is not the one that was shown.
        """
        name, comment = _text(said.name, LONGEST_NAME), storable(said.comment).strip()
        if not name or len(said.name) > LONGEST_NAME:
            raise AppError("answer_needs_name", 422, longest=LONGEST_NAME)
        if len(comment) > LONGEST_COMMENT:
            raise AppError("answer_too_long", 422, longest=LONGEST_COMMENT)
        if said.answer == "declined" and said.reason not in REASONS:
            raise AppError("answer_needs_reason", 422)
        drawn = signature.checked(said.signature)
        self.file(token, "pdf")
        with unit(self.engine, customer_actor("en"), writes=False) as session:
            language = as_language(_opened(session, token)[1].owner.language)

        def decide() -> str:
            with unit(self.engine, customer_actor(language)) as session:
                link, offer = _opened(session, token, locked=True)
                version = offer.latest
                pdf = next((d.sha256 for d in version.documents if d.kind == "pdf"), "")
                if offer.state == "issued" and pdf != said.pdf_sha256:
                    raise AppError("offer_changed_meanwhile", 409)
                accepted = said.answer == "accepted"
                taken = choices.settled(version.lines, said.chosen) if accepted else ()
                sums = choices.sums(version.lines, taken, as_currency(version.currency))[1]
                new = NewDecision(
                    answer=said.answer,
                    name=name,
                    taken=taken,
                    net=sums.net,
                    vat=sums.vat,
                    gross=sums.gross,
                    address=said.address[:100],
                    pdf_sha256=pdf,
                    comment=comment,
                    reason=None if accepted else said.reason,
                    signature=drawn,
                )
                decision = decisions.record(session, offer, link, new)
                _follow_up(session, offer, decision)
                return decision.code

        code = _again(decide)
        self.stamp(code)
        return code

    def stamp(self, code: str) -> None:
        """Make the stamped copy of a decision if there is none, and have it mailed to both sides. A fault is logged:
        the decision stands, and the copy is tried again when somebody looks for it."""
        try:
            put_stamped(self.engine, self.settings, code)
        except AppError as fault:
            _log.warning("no stamped copy of decision %s: %s", code, fault)
        except Exception:
            # Whatever it is: the customer is told that the answer is recorded, which is true.
            _log.exception("no stamped copy of decision %s", code)

    def make_missing_copies(self) -> None:
        """Make stamped copies that are missing, as after a crash right after an answer."""
        with unit(self.engine, customer_actor("en"), writes=False) as session:
            codes = decisions.lacking_copies(session)
        for code in codes:
            self.stamp(code)


def undo(session: CrmSession, number: str) -> OfferDecision | None:
    """Take back the customer's answer to the offer `number`, with a note of it. Raises `NotFound`, and as
    `crm.decisions.undo`."""
    offer = offer_records.by_number(session, number, locked=True)
    decision = decisions.undo(session, offer)
    activities.record(
        session,
        offer.customer,
        "note",
        say("activity_answer_undone", session.actor.language, number=offer.number),
        opportunity=offer.opportunity,
        due=today(),
        done=True,
        assignee_id=session.actor.user_id or None,
    )
    return decision


def _opened(session: CrmSession, token: str, *, locked: bool = False) -> tuple[AcceptanceLink, Offer]:
    """The link with `token` and its offer, `locked` if wanted. Raises `AppError("link_closed")`."""
    link = links.by_token(session, token)
    number = session.scalar(select(Offer.number).where(Offer.id == link.offer_id)) if link is not None else None
    if link is None or number is None:
        raise _closed()
    try:
        offer = offer_records.by_number(session, number, locked=locked)
    except NotFound as gone:
        raise _closed() from gone
    if locked:
        # Who waited for the lock finds the link as it is now.
        session.refresh(link)
    if not links.is_live(link, offer):
        raise _closed()
    return link, offer


def _text(text: str, longest: int) -> str:
    return " ".join(storable(text).split())[:longest]


def _again(work: Callable[[], _T]) -> _T:
    """Do `work`; where somebody else changed the same records at that moment, once more: it has not happened."""
    for tried in range(_TRIES):
        try:
            return work()
        except AppError as overtaken:
            if overtaken.code != "conflict" or tried == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _follow_up(session: CrmSession, offer: Offer, decision: OfferDecision) -> None:
    """The activity that carries the opportunity on, its amount, and what the offer's owner has to do now.

    Where the pipeline does not allow the step the decision stands all the same, and a task says why.
    """
    language = session.actor.language
    answer: Answer = "accepted" if decision.decision == "accepted" else "declined"
    kind = ACTIVITY[answer]
    deal, refused = decisions.locked_opportunity(session, offer), None
    end = session.get_one(ActivityType, kind).moves_to
    if deal is not None and end is not None:
        try:
            pipeline.steps_carried(session, deal, end)
        except AppError as refusal:
            refused = refusal
    if deal is not None and answer == "accepted":
        decisions.set_amount(deal, offer, None, decision.net)
    reason = say(f"decline_{decision.reason}", language) if decision.reason else ""
    told = " – ".join(text for text in (reason, decision.comment) if text)
    activity = activities.record(
        session,
        offer.customer,
        kind,
        say(f"activity_{kind}", language, number=offer.number),
        opportunity=deal if refused is None else None,
        due=today(),
        done=True,
        assignee_id=offer.owner_id,
        note=say("decision_note", language, name=decision.name, text=told) if told else decision.name,
    )
    tasks: list[tuple[str, str | None]] = []
    if refused is not None and deal is not None:
        activity.opportunity_id = deal.id
        tasks.append(("task_pipeline_refused", refused.message(language)))
    if answer == "accepted":
        tasks.append(("task_start_delivery", None))
    for task, note in tasks:
        activities.record(
            session,
            offer.customer,
            "task",
            say(task, language, number=offer.number),
            opportunity=deal,
            due=next_workday(today()),
            assignee_id=offer.owner_id,
            note=note,
        )
