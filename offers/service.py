"""The offer chain as the doors call it: draft, make documents, issue. Each unit of work is short, and
none is open while a document is rendered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from core.errors import AppError, NotFound, say
from core.language import Language
from core.money import Currency
from core.settings import Settings
from crm import approvals, customers
from crm import offers as offer_records
from crm.actor import Actor
from crm.session import CrmSession, unit
from crm.tables import Offer, OfferVersion
from offers import editing
from offers.approving import approvable
from offers.clarify import Clarification, first_question
from offers.detail import OfferDetail, offer_detail
from offers.documents import read_back, render_docx, render_pdf, sha256_of, template_of
from offers.draft import OnScreen, screen_customer, store
from offers.editing import Said, unchanged_since
from offers.figures import Edit, Figures
from offers.issuing import write_back
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
        self,
        actor: Actor,
        prompt: str,
        understand: Understand,
        language: Language,
        on_screen: OnScreen | None = None,
        conversation: str | None = None,
    ) -> OfferView | Clarification:
        """Make a draft with its documents from `prompt`, or say what has to be asked, in `language`.

        `understand` looks the names up among those `actor` may see. Nothing is stored when something has
        to be asked. If the documents cannot be made the draft stays, with a warning that says why.
        Erasing `conversation` (its code) erases the prompt.
        """
        understood = self._read(actor, understand, language, on_screen)
        if isinstance(understood, Clarification):
            return understood
        with unit(self.engine, actor) as session:
            stored = store(session, understood, prompt, language, on_screen, conversation)
            if isinstance(stored, Clarification):
                return stored
            number = stored.number
        return self._with_documents(actor, number, language)

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
                raise _Previewed(offer_view(session, stored, language))
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

    def view(self, actor: Actor, number: str, language: Language | None = None) -> OfferView:
        """The offer `number` as `actor` may see it, its warnings in `language`, else the actor's. Raises `NotFound`."""
        with unit(self.engine, actor, writes=False) as session:
            return offer_view(session, offer_records.by_number(session, number), language)

    def detail(self, actor: Actor, number: str, ordinal: int | None = None) -> OfferDetail:
        """The offer whole, as a screen shows it, looked at in version `ordinal`, else its newest. Raises `NotFound`."""
        with unit(self.engine, actor, writes=False) as session:
            return offer_detail(session, offer_records.by_number(session, number), ordinal)

    def compute(self, actor: Actor, number: str, edit: Edit) -> Figures:
        """What the offer `number` would say after `edit`, with nothing stored; the same figures `revise` stores.

        Raises `NotFound`. What was typed wrongly is in the answer, line by line.
        """
        with unit(self.engine, actor, writes=False) as session:
            return editing.figures_of_revision(session, offer_records.by_number(session, number), edit)

    def compute_new(
        self,
        actor: Actor,
        customer: str,
        edit: Edit,
        currency: Currency | None = None,
        opportunity: str | None = None,
    ) -> Figures:
        """What a new offer to the customer with this code would say, with nothing stored; the same figures `create`
        stores. Raises `NotFound` for the customer; of an opportunity that is not theirs `create` tells."""
        with unit(self.engine, actor, writes=False) as session:
            firm = customers.by_code(session, customer)
            deal = editing.opportunity_shown(session, firm, opportunity)
            return editing.figures_of_new(session, firm, currency, edit, deal)

    def create(
        self,
        actor: Actor,
        customer: str,
        edit: Edit,
        opportunity: str | None = None,
        currency: Currency | None = None,
        said: Said | None = None,
    ) -> OfferView:
        """Make an offer from a form, or of another offer by words (`said`), at prices of today, with its documents.

        Raises `NotFound`, `Forbidden`, `AppError("offer_form_wrong")`. If the documents cannot be made the offer
        stays, with a warning that says why.
        """
        with unit(self.engine, actor) as session:
            firm = customers.by_code(session, customer)
            number = editing.store_new(session, firm, opportunity, currency, edit, said).number
        return self._with_documents(actor, number, said.language if said else actor.language)

    def revise(self, actor: Actor, number: str, version: int, edit: Edit, said: Said | None = None) -> OfferView:
        """Make the next version of an offer, at list prices of today, with its documents; it is a draft again, or
        awaits approval where a discount is over the actor's limit. What was issued before stays readable.

        `version` is the record's own when it was read (`OfferDetail.lock`): raises `AppError("conflict")` where it
        was changed since, and else like `create`.
        """
        with unit(self.engine, actor) as session:
            editing.store_revision(session, number, version, edit, said)
        return self._with_documents(actor, number, said.language if said else actor.language)

    def approve(self, actor: Actor, number: str, version: int | None = None, comment: str = "") -> OfferView:
        """Let an offer over the limit of its maker be issued: it becomes a draft, with documents that say so no more.

        Raises `NotFound`, `Forbidden` without the right, `AppError` for one's own offer or version, for one that
        does not await approval, has run out or is over the approver's own limits, `conflict` where it is no longer the
        offer that was looked at, and where its documents cannot be made.
        """
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            unchanged_since(offer, version)
            approvable(session, offer)
            sheet, looked_at = replace(offer_sheet(session, offer), awaiting_approval=False), offer.version
        with self._rendered(sheet) as made, unit(self.engine, actor) as session:
            offer = offer_records.by_number(session, number, locked=True)
            unchanged_since(offer, looked_at)
            approvable(session, offer)
            approvals.decide(session, offer, approved=True, comment=comment)
            for kind, (path, sha256) in self._put(sheet, made).items():
                offer_records.add_document(session, offer.latest, kind, path, sha256)
        return self.view(actor, number)

    def reject(self, actor: Actor, number: str, version: int | None, reason: str) -> OfferView:
        """Refuse what awaits approval, with the reason its maker is told. Raises like `approve`, and
        `AppError("rejection_needs_reason")`."""
        with unit(self.engine, actor) as session:
            offer = offer_records.by_number(session, number, locked=True)
            unchanged_since(offer, version)
            approvals.decide(session, offer, approved=False, comment=reason)
        return self.view(actor, number)

    def _with_documents(self, actor: Actor, number: str, language: Language) -> OfferView:
        try:
            self.ensure_documents(actor, number)
            return self.view(actor, number, language)
        except AppError as error:
            failed = say("documents_failed", language, reason=error.message(language))
            view = self.view(actor, number, language)
            return view.model_copy(update={"warnings": [*view.warnings, failed]})

    def ensure_documents(self, actor: Actor, number: str) -> OfferView:
        """Make those documents of the newest version that are missing or damaged, and check every figure in them.

        Raises `NotFound`, or `AppError` where rendering fails or a finished file says other figures.
        """
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            sheet = offer_sheet(session, offer)
            damaged = self._damaged(offer.latest)
            if damaged is None:
                return offer_view(session, offer)
            if offer.state in offer_records.OUT:
                # What was issued is not made anew from today's records: somebody has to look.
                raise AppError("issued_document_changed", 409, number=offer.number, kind=damaged)
        with self._rendered(sheet) as made, unit(self.engine, actor) as session:
            # Two may make the same files at once: the first to come here puts them in place, the other finds them.
            offer = offer_records.by_number(session, number, locked=True)
            still_wanted = offer.latest.ordinal == sheet.version and offer.state not in offer_records.OUT
            if still_wanted and self._damaged(offer.latest) is not None:
                for kind, (path, sha256) in self._put(sheet, made).items():
                    offer_records.add_document(session, offer.latest, kind, path, sha256)
        return self.view(actor, number)

    def document(self, actor: Actor, number: str, kind: str, ordinal: int | None = None) -> Path:
        """The file of one kind (`docx` or `pdf`), made if need be; of an earlier version only as it was made then.

        Raises `NotFound`, and `AppError` where an earlier file is missing or was changed.
        """
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            if ordinal is not None and ordinal != offer.latest.ordinal:
                return self._earlier(offer, ordinal, kind)
        view = self.ensure_documents(actor, number)
        found = next((d.path for d in view.documents if d.kind == kind), None)
        if found is None:
            raise NotFound("document", kind)
        return self.settings.home.resolve() / found

    def _earlier(self, offer: Offer, ordinal: int, kind: str) -> Path:
        version = next((v for v in offer.versions if v.ordinal == ordinal), None)
        found = next((d for d in version.documents if d.kind == kind), None) if version else None
        if found is None:
            raise NotFound("document", f"{offer.number} v{ordinal} {kind}")
        path = self.settings.home.resolve() / found.path
        if not path.is_file() or sha256_of(path) != found.sha256:
            raise AppError("issued_document_changed", 409, number=offer.number, kind=kind)
        return path

    def issue(self, actor: Actor, number: str, version: int | None = None, shown: int | None = None) -> OfferView:
        """Issue the offer: its activity, the pipeline's steps and the follow-up task, in one transaction.

        Raises `NotFound`, `Forbidden`, or `AppError` where the offer was issued already, awaits approval, has
        run out, has no intact documents, where the pipeline refuses the step, `conflict` where its record is no longer
        the one of `version`, if that is given, and `offer_revised` where its newest version is not the one `shown`
        (an ordinal) to the person who issues it, if that is given.
        """
        self._intact(actor, number)
        with unit(self.engine, actor) as session:
            return self._issue(session, number, version, shown)

    def try_issue(self, actor: Actor, number: str) -> None:
        """Raise what `issue` would raise now; nothing is stored either way: the very steps are taken and taken back."""
        try:
            self._intact(actor, number)
            with unit(self.engine, actor) as session:
                raise _Previewed(self._issue(session, number, None, None))
        except _Previewed:
            return

    def _intact(self, actor: Actor, number: str) -> None:
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            damaged = self._damaged(offer.latest)
            if offer.state == "draft" and damaged is not None:
                raise AppError("document_changed", 409, number=offer.number, kind=damaged)

    def _issue(self, session: CrmSession, number: str, version: int | None, shown: int | None) -> OfferView:
        offer = offer_records.by_number(session, number, locked=True)
        if offer.state in offer_records.OUT:
            raise AppError("offer_already_issued", 409, number=offer.number)
        unchanged_since(offer, version)
        newest = offer.latest.ordinal
        if shown is not None and newest != shown:
            raise AppError("offer_revised", 409, number=offer.number, shown=shown, newest=newest)
        write_back(session, offer)
        session.flush()
        return offer_view(session, offer)

    def _damaged(self, version: OfferVersion) -> str | None:
        """The first kind of document that is missing or not the one that was checked."""
        known = {d.kind: d for d in version.documents}
        for kind in ("docx", "pdf"):
            path = self.settings.home / known[kind].path if kind in known else None
            if path is None or not path.is_file() or sha256_of(path) != known[kind].sha256:
                return kind
        return None

    @contextmanager
    def _rendered(self, sheet: OfferSheet) -> Iterator[dict[str, Path]]:
        """The files of `sheet`, made and checked, in a folder of their own that is gone after the block."""
        folder = document_folder(self.settings, sheet.number, sheet.version)
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".new-") as own:
            template = template_of(self.settings, sheet)
            docx = render_docx(sheet, Path(own) / f"{sheet.number}.docx", template)
            read_back(docx, sheet, custom_template=template is not None)
            pdf = render_pdf(sheet, docx, Path(own) / f"{sheet.number}.pdf", custom_template=template is not None)
            read_back(pdf, sheet, custom_template=template is not None)
            yield {"docx": docx, "pdf": pdf}

    def _put(self, sheet: OfferSheet, made: dict[str, Path]) -> dict[str, tuple[str, str]]:
        """Put finished files where the version's documents lie; their paths within the home and SHA-256 by kind."""
        folder = document_folder(self.settings, sheet.number, sheet.version)
        places = {kind: path.replace(folder / path.name) for kind, path in made.items()}
        home = self.settings.home.resolve()
        return {kind: (str(path.relative_to(home)), sha256_of(path)) for kind, path in places.items()}
