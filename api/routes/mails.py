"""Sending offers: what would go, the one confirmation, and what became of it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import ActorDep, PartsDep
from core.language import Language
from crm import mails
from crm.lists import found
from crm.mails import Decision, MailFilters, MailState
from crm.session import CrmSession, unit
from crm.tables import OfferMail
from offers import jobs
from offers.mail_views import MailDraft, MailPreview, MailTyped
from offers.mailing import Mailing

router = APIRouter(prefix="/api/v1", tags=["mails"])


class MailConfirmed(BaseModel):
    """What is sent, and the digest of the preview that the person saw."""

    model_config = ConfigDict(extra="forbid")

    mail: MailTyped
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class MailView(BaseModel):
    """A mail with an offer and its state. `fault` is why it is not `sent`, in the reader's language or the server's
    words; addresses are masked for those who do not see them. `decisions` are those open to a person."""

    code: str
    offer: str
    version: int
    state: str
    recipients: list[str]
    subject: str
    confirmed_at: datetime
    sent_at: datetime | None
    attempts: int
    fault: str
    decisions: list[Decision]


class MailList(BaseModel):
    """One page of mails, those that need a person's look first, out of `total`."""

    total: int
    mails: list[MailView]


def _view(session: CrmSession, mail: OfferMail) -> MailView:
    return MailView(
        code=mail.code,
        offer=mail.offer.number,
        version=mail.offer_version.ordinal,
        state=mail.state,
        recipients=list(mails.addresses(session, mail)),
        subject=mail.subject,
        confirmed_at=mail.confirmed_at,
        sent_at=mail.sent_at,
        attempts=mail.attempts,
        fault=mails.told(session, mail),
        decisions=list(mails.DECISIONS.get(mail.state, ())),
    )


@router.get("/offers/{number}/mail/preview")
def propose(
    actor: ActorDep, parts: PartsDep, number: str, language: Language | None = None, as_pack: bool = True
) -> MailDraft:
    """The letter as it is proposed: contacts, subject, text, files. 409 where the offer cannot go out now."""
    return Mailing(parts.engine, parts.settings).compose(actor, number, language, as_pack=as_pack)


@router.post("/offers/{number}/mail/preview")
def preview(actor: ActorDep, parts: PartsDep, number: str, mail: MailTyped) -> MailPreview:
    """Exactly what would go, and its digest. 422 for an address, subject or text that cannot be sent."""
    return Mailing(parts.engine, parts.settings).preview(actor, number, mail)


@router.post("/offers/{number}/mail", status_code=202)
def confirm(actor: ActorDep, parts: PartsDep, number: str, confirmed: MailConfirmed) -> MailView:
    """Send what was previewed, which issues the offer if it is a draft. 409 `mail_changed` where the digest is not that
    of what would go now, or it went already: then nothing was done."""
    code = Mailing(parts.engine, parts.settings).confirm(actor, number, confirmed.mail, confirmed.digest)
    with unit(parts.engine, actor, writes=False) as session:
        return _view(session, mails.by_code(session, code))


@router.get("/mails")
def every(
    actor: ActorDep,
    parts: PartsDep,
    state: MailState | None = None,
    offset: Annotated[int, Query(ge=0)] = 0,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MailList:
    """The mails with offers the user sees; uncertain ones first."""
    with unit(parts.engine, actor, writes=False) as session:
        rows = found(session, mails.query_for(MailFilters(state or "")), OfferMail.id, offset, size)
        return MailList(total=rows.total, mails=[_view(session, mail) for mail in rows.rows])


@router.get("/mails/{code}")
def one(actor: ActorDep, parts: PartsDep, code: str) -> MailView:
    """One mail as it stands now."""
    with unit(parts.engine, actor, writes=False) as session:
        return _view(session, mails.by_code(session, code))


@router.post("/mails/{code}/{decision}")
def decide(actor: ActorDep, parts: PartsDep, code: str, decision: Decision) -> MailView:
    """Settle a mail: it `arrived`, send it `again`, or `cancel` it. 409 where its state leaves no such choice."""
    with unit(parts.engine, actor) as session:
        view = _view(session, mails.decide(session, code, decision))
    if decision == "again":
        jobs.wake(parts.settings, view.code)
    return view
