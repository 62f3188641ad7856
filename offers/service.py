"""The offer chain as the doors call it: draft, make documents, issue. Each unit of work is short, and
none is open while a document is rendered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from core.clock import today
from core.errors import AppError, say
from core.language import Language
from core.settings import Settings
from crm import activities, opportunities
from crm import offers as offer_records
from crm.actor import Actor
from crm.company import company
from crm.session import CrmSession, unit
from crm.tables import Offer
from offers.clarify import Clarification, first_question
from offers.documents import read_back, render_docx, render_pdf, sha256_of
from offers.draft import OnScreen, screen_customer, store
from offers.names import VisibleNames, customer_name
from offers.request import Understood
from offers.sheet import OfferSheet
from offers.to_sheet import offer_sheet
from offers.view import OfferView, offer_view

Understand = Callable[[VisibleNames], Understood]


def document_folder(settings: Settings, number: str, version: int) -> Path:
    """Where the files of one version of an offer lie."""
    return settings.home.resolve() / "documents" / number / f"v{version}"


class _Previewed(Exception):
    """Carries a view out of a unit of work that is thereby rolled back."""

    def __init__(self, view: OfferView) -> None:
        super().__init__()
        self.view = view


@dataclass(frozen=True)
class Offers:
    """The offer chain of one home."""

    engine: Engine
    settings: Settings

    def draft(
        self, actor: Actor, prompt: str, understand: Understand, language: Language, on_screen: OnScreen | None = None
    ) -> OfferView | Clarification:
        """Make a draft with its documents from `prompt`, or say what has to be asked, in `language`.

        `understand` looks the names up among those `actor` may see. Nothing is stored when something has
        to be asked. If the documents cannot be made the draft stays, with a warning that says why.
        """
        understood = self._read(actor, understand, language, on_screen)
        if isinstance(understood, Clarification):
            return understood
        with unit(self.engine, actor) as session:
            stored = store(session, understood, prompt, language, on_screen)
            if isinstance(stored, Clarification):
                return stored
            number = stored.number
        try:
            return self.ensure_documents(actor, number)
        except AppError as error:
            failed = say("documents_failed", language, reason=error.message(language))
            view = self.view(actor, number)
            return view.model_copy(update={"warnings": [*view.warnings, failed]})

    def preview(
        self, actor: Actor, prompt: str, understand: Understand, language: Language, on_screen: OnScreen | None = None
    ) -> OfferView | Clarification:
        """What `draft` would answer, with nothing stored and no document made."""
        understood = self._read(actor, understand, language, on_screen)
        if isinstance(understood, Clarification):
            return understood
        try:
            with unit(self.engine, actor) as session:
                stored = store(session, understood, prompt, language, on_screen)
                if isinstance(stored, Clarification):
                    return stored
                raise _Previewed(offer_view(session, stored))
        except _Previewed as previewed:
            return previewed.view

    def _read(
        self, actor: Actor, understand: Understand, language: Language, on_screen: OnScreen | None
    ) -> Understood | Clarification:
        with unit(self.engine, actor, writes=False) as session:
            understood = understand(VisibleNames(session))
            shown = screen_customer(session, on_screen)
            if understood.request.customer is None and not understood.customers and shown is not None:
                understood = replace(understood, customers=(customer_name(shown),))
        return first_question(understood, language) or understood

    def view(self, actor: Actor, number: str) -> OfferView:
        """The offer `number` as `actor` may see it. Raises `NotFound`."""
        with unit(self.engine, actor, writes=False) as session:
            return offer_view(session, offer_records.by_number(session, number))

    def ensure_documents(self, actor: Actor, number: str) -> OfferView:
        """Make those documents of the newest version that are missing or damaged, and check every figure in them.

        Raises `NotFound`, or `AppError` where rendering fails or a finished file says other figures.
        """
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            sheet = offer_sheet(session, offer)
            damaged = self._damaged(offer)
            if damaged is None:
                return offer_view(session, offer)
            if offer.state == "issued":
                # What was issued is not made anew from today's records: somebody has to look.
                raise AppError("issued_document_changed", 409, number=offer.number, kind=damaged)
        made = self._render(sheet)
        with unit(self.engine, actor) as session:
            version = offer_records.by_number(session, number).latest
            for kind, path in made.items():
                relative = str(path.relative_to(self.settings.home.resolve()))
                offer_records.add_document(session, version, kind, relative, sha256_of(path))
        return self.view(actor, number)

    def document(self, actor: Actor, number: str, kind: str) -> Path:
        """The file of one kind (`docx` or `pdf`), made if need be. Raises `NotFound`."""
        view = self.ensure_documents(actor, number)
        found = next(d.path for d in view.documents if d.kind == kind)
        return self.settings.home.resolve() / str(found)

    def issue(self, actor: Actor, number: str) -> OfferView:
        """Issue the offer: its activity, the pipeline's steps and the follow-up task, in one transaction.

        Raises `NotFound`, `Forbidden`, or `AppError` where the offer was issued already, awaits approval, has
        run out, has no intact documents, or where the pipeline refuses the step.
        """
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            damaged = self._damaged(offer)
            if offer.state == "draft" and damaged is not None:
                raise AppError("document_changed", 409, number=offer.number, kind=damaged)
        with unit(self.engine, actor) as session:
            offer = offer_records.by_number(session, number)
            if offer.state == "issued":
                raise AppError("offer_already_issued", 409, number=offer.number)
            _write_back(session, offer)
            return offer_view(session, offer)

    def _damaged(self, offer: Offer) -> str | None:
        """The first kind of document that is missing or not the one that was checked."""
        known = {d.kind: d for d in offer.latest.documents}
        for kind in ("docx", "pdf"):
            path = self.settings.home / known[kind].path if kind in known else None
            if path is None or not path.is_file() or sha256_of(path) != known[kind].sha256:
                return kind
        return None

    def _render(self, sheet: OfferSheet) -> dict[str, Path]:
        folder = document_folder(self.settings, sheet.number, sheet.version)
        folder.mkdir(parents=True, exist_ok=True)
        docx = render_docx(sheet, folder / f"{sheet.number}.docx")
        read_back(docx, sheet)
        pdf = render_pdf(sheet, docx, folder / f"{sheet.number}.pdf")
        read_back(pdf, sheet)
        return {"docx": docx, "pdf": pdf}


def _write_back(session: CrmSession, offer: Offer) -> None:
    """Mark issued, record the activity that carries the pipeline's move, and set the follow-up task."""
    language = session.actor.language
    offer_records.mark_issued(session, offer)
    version = offer.latest
    if offer.opportunity is None:
        found = opportunities.newest_open(session, offer.customer) or opportunities.open_new(
            session, offer.customer, say("offer_title", language, number=offer.number), "direct", amount=version.net
        )
        offer.opportunity, offer.opportunity_id = found, found.id
    activities.record(
        session,
        offer.customer,
        "offer_sent",
        say("activity_offer_sent", language, number=offer.number),
        opportunity=offer.opportunity,
        due=today(),
        done=True,
        assignee_id=session.actor.user_id,
    )
    activities.record(
        session,
        offer.customer,
        "task",
        say("task_follow_up", language, number=offer.number),
        opportunity=offer.opportunity,
        due=today() + timedelta(days=company(session).follow_up_days),
        assignee_id=session.actor.user_id,
    )
