"""The stamped copy of an answered offer: its PDF, and a last page that says who answered what, when and from where."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from sqlalchemy import Engine, select

from core.errors import AppError, NotFound, say
from core.language import Language
from core.money import Currency, print_money, print_number
from core.settings import Settings
from crm.actor import SYSTEM
from crm.company import company
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import Offer, OfferDecision, OfferLine
from offers.currency import as_currency
from offers.documents import sha256_of
from offers.documents.files import whole_file
from offers.documents.view import clean
from offers.documents.words import TEMPLATES, labels, unit_word
from offers.mailed_copies import mail_copies
from offers.signature import as_svg
from offers.stamped_words import print_moment, words

_ONE_AT_A_TIME = Lock()


@lru_cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(TEMPLATES / "acceptance.typ", root=TEMPLATES, font_paths=typst.Fonts())


def _row(line: OfferLine, currency: Currency, language: Language) -> dict[str, str]:
    measure = clean(unit_word(line.unit, line.quantity, language))
    return {
        "position": f"{line.position}.",
        "name": clean(line.name),
        "quantity": f"{print_number(line.quantity, language)} {measure}",
        "net": print_money(line.net, currency, language),
    }


def page_values(seller: str, decision: OfferDecision) -> dict[str, object]:
    """What the page prints of `decision`, in the language of its version; `seller` is the company's name."""
    version, offer = decision.offer_version, decision.offer
    language, currency = as_language(version.language), as_currency(version.currency)
    said, accepted = words(language), decision.decision == "accepted"
    taken = {int(str(position)) for position in decision.taken}
    return {
        "words": said,
        "language": language,
        "accepted": accepted,
        "heading": said[decision.decision],
        "lead": said[f"{decision.decision}_lead"],
        "number": offer.number,
        "version": labels(language)["version"].format(n=version.ordinal),
        "seller": clean(seller),
        "buyer": clean(offer.customer.name),
        "name": clean(decision.name),
        "at": print_moment(decision.at, language),
        "address": clean(decision.address),
        "reason": say(f"decline_{decision.reason}", language) if decision.reason else "",
        "comment": clean(decision.comment),
        "code": decision.code,
        "sha256": decision.pdf_sha256,
        "taken": [_row(line, currency, language) for line in version.lines if line.position in taken],
        "left": [_row(line, currency, language) for line in version.lines if accepted and line.position not in taken],
        "net": print_money(decision.net, currency, language),
        "vat": print_money(decision.vat, currency, language),
        "gross": print_money(decision.gross, currency, language),
        "signature": as_svg(decision.signature) if decision.signature else "",
    }


def last_page(values: Mapping[str, object], moment: datetime) -> bytes:
    """The page of these values as a PDF made at `moment`. Raises `AppError("stamped_failed")`."""
    try:
        with _ONE_AT_A_TIME:
            whole = moment.replace(microsecond=0)
            made = _compiler().compile(format="pdf", sys_inputs={"answer": json.dumps(values)}, timestamp=whole)
    except typst.TypstError as fault:
        raise AppError("stamped_failed", 500, number=values["number"], fault=fault.message[:200]) from fault
    if not isinstance(made, bytes):
        raise AppError("stamped_failed", 500, number=values["number"], fault="no page")
    return made


def put_after(pdf: Path, page: bytes, target: Path) -> Path:
    """Write `pdf` with `page` after it to `target`, whole or not at all. Raises `AppError("stamped_failed")`."""
    try:
        writer = PdfWriter(clone_from=pdf)
        writer.append(PdfReader(BytesIO(page)))
        with whole_file(target) as draft, draft.open("wb") as file:
            writer.write(file)
    except (PyPdfError, OSError) as fault:
        raise AppError("stamped_failed", 500, number=pdf.stem, fault=type(fault).__name__) from fault
    return target


def put_stamped(engine: Engine, settings: Settings, code: str) -> None:
    """Make the stamped copy of the decision with this code, if it has none, note it, and queue the mails that carry it
    in the same unit of work: of two who do so at once one notes and mails it.

    Raises `NotFound`, `AppError("stamped_failed")`, and `offer_file_missing` where the offer's PDF is not the one that
    was answered.
    """
    home = settings.home.resolve()
    with unit(engine, SYSTEM, writes=False) as session:
        decision = _decision(session, code)
        if decision.stamped_path is not None:
            return
        document = next((d for d in decision.offer_version.documents if d.kind == "pdf"), None)
        values, moment = page_values(company(session).name, decision), decision.at
    pdf = home / document.path if document else None
    if pdf is None or not pdf.is_file() or sha256_of(pdf) != decision.pdf_sha256:
        raise AppError("offer_file_missing", 409)
    name = f"{values['number']}-{decision.decision}-{code}.pdf"
    target = put_after(pdf, last_page(values, moment), pdf.with_name(name))
    digest = sha256_of(target)
    with unit(engine, SYSTEM) as session:
        decision = _decision(session, code, locked=True)
        if decision.stamped_path is None:
            decision.stamped_path, decision.stamped_sha256 = str(target.relative_to(home)), digest
            # An answer taken back while its page was set has its copy, but is no news to anybody.
            if decision.undone_at is None:
                mail_copies(session, settings, decision, target)


def _decision(session: CrmSession, code: str, *, locked: bool = False) -> OfferDecision:
    query = select(OfferDecision).where(OfferDecision.code == code)
    if locked:
        # The offer before its decision, as all lock them who lock both: the mails refer to the offer.
        offer = select(OfferDecision.offer_id).where(OfferDecision.code == code)
        session.execute(select(Offer.id).where(Offer.id.in_(offer)).with_for_update())
        query = query.with_for_update(of=OfferDecision)
    found = session.scalar(query)
    if found is None:
        raise NotFound("decision", code)
    return found
