"""Outgoing mail: the list, one mail, and deciding about those whose fate nobody knows."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.console.addresses import ListUrl
from api.console.screens import Control, Screen, filters_told
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.errors import AppError, Forbidden, NotFound
from crm import guard, mails
from crm import offers as offer_records
from crm.lists import found
from crm.mails import Decision, MailFilters
from crm.session import CrmSession
from crm.tables import OfferMail
from offers import jobs

router = APIRouter(include_in_schema=False)
PATH = "/mails"
STATES = {
    "queued": N_("Waiting to go"),
    "claimed": N_("Being sent"),
    "transmitting": N_("On its way to the server"),
    "sent": N_("Sent"),
    "failed": N_("Not sent"),
    "uncertain": N_("Nobody knows"),
    "bounced": N_("Came back"),
    "cancelled": N_("Cancelled"),
}
TONES = {
    "queued": "plain",
    "claimed": "accent",
    "transmitting": "accent",
    "sent": "good",
    "failed": "bad",
    "uncertain": "warn",
    "bounced": "bad",
    "cancelled": "plain",
}
_DECISIONS: dict[Decision, str] = {
    "arrived": N_("It arrived"),
    "again": N_("Send again"),
    "cancel": N_("Do not send"),
}
_DONE: dict[Decision, str] = {
    "arrived": N_("Noted: the mail arrived."),
    "again": N_("The mail is sent again."),
    "cancel": N_("The mail is cancelled."),
}


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list of mails, uncertain ones first."""
    url = ListUrl.of(PATH, visit.request.query_params, ("state",), "", ())
    words = visit.words
    choices = [
        ("", words("Every state")),
        ("troubled", words("Needs a look")),
        *((state, words(label)) for state, label in STATES.items()),
    ]
    with visit.reading() as session:
        rows = found(session, mails.query_for(MailFilters(url["state"])), OfferMail.id, url.offset)
        told = Screen(
            "mails",
            fields={words("Mails"): rows.total, words("Needs a look"): mails.troubled(session)},
            filters=filters_told(words, url.filters, {"state": choices}),
        )
        return visit.page(
            "mails/list.html",
            told,
            rows=rows,
            url=url,
            choices=choices,
            faults={mail.code: mails.told(session, mail) for mail in rows.rows},
            to={mail.code: mails.addresses(session, mail) for mail in rows.rows},
            states=STATES,
            tones=TONES,
        )


def controls_of(visit: Visit, session: CrmSession, mail: OfferMail) -> dict[Decision, Control]:
    """The decisions the user can take about a mail; none without the right to issue its offer."""
    try:
        guard.check(session, session.actor, mail.offer, "issue")
    except (Forbidden, NotFound):
        return {}
    return {name: Control(name, visit.words(_DECISIONS[name])) for name in mails.DECISIONS.get(mail.state, ())}


@router.get("/offers/{number}/mails")
def of_offer(visit: VisitDep, number: str) -> HTMLResponse:
    """The part of an offer's screen about its mails."""
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        every = mails.of_offer(session, offer)
        return visit.fragment(
            "mails/_of_offer.html",
            offer=offer,
            mails=every,
            controls={mail.code: controls_of(visit, session, mail) for mail in every},
            faults={mail.code: mails.told(session, mail) for mail in every},
            to={mail.code: mails.addresses(session, mail) for mail in every},
            states=STATES,
            tones=TONES,
        )


@router.get(PATH + "/{code}")
def one(visit: VisitDep, code: str) -> HTMLResponse:
    """One mail: what it says, whom it goes to, what became of it."""
    return _sheet(visit, code)


def _sheet(visit: Visit, code: str, refused: AppError | None = None) -> HTMLResponse:
    words = visit.words
    with visit.reading() as session:
        mail = mails.by_code(session, code)
        controls = controls_of(visit, session, mail)
        fault = mails.told(session, mail)
        told = Screen(
            "mail",
            ("offer", mail.offer.number),
            fields={words("Mail"): mail.code, words("State"): words(STATES[mail.state]), words("Fault"): fault},
            errors={"": visit.refused(refused)} if refused else {},
            controls=tuple(controls.values()),
        )
        return visit.page(
            "mails/sheet.html",
            told,
            refused.status if refused else 200,
            mail=mail,
            to=mails.addresses(session, mail),
            body=mails.shown_body(mail),
            controls=controls,
            fault=fault,
            refused=visit.refused(refused) if refused else None,
            by=mail.confirmed_by.display_name(visit.language) if mail.confirmed_by else "",
            own_file=_own_file(visit, mail) is not None,
            states=STATES,
            tones=TONES,
        )


def _own_file(visit: Visit, mail: OfferMail) -> str | None:
    """The file a mail was written to, for the one who sent it: it holds the customer's link."""
    path = visit.parts.settings.sent_folder / f"{mail.code}.eml"
    mine = mail.confirmed_by_id == visit.actor.user_id
    return str(path) if mine and path.is_file() else None


@router.get(PATH + "/{code}/file")
def file(visit: VisitDep, code: str) -> FileResponse:
    """The mail as it was written into the folder, for the one who sent it."""
    with visit.reading() as session:
        mail = mails.by_code(session, code)
        path = _own_file(visit, mail)
        if path is None:
            raise NotFound("mail", code[:60])
        return FileResponse(path, media_type="message/rfc822", filename=f"{mail.code}.eml")


@router.post(PATH + "/{code}/{decision}")
def decide(visit: VisitDep, code: str, decision: Decision) -> Response:
    """What a person decided about a mail."""
    try:
        with visit.writing() as session:
            mail = mails.decide(session, code, decision)
            number = mail.offer.number
    except AppError as refused:
        if refused.status == 404:
            raise
        return _sheet(visit, code, refused)
    if decision == "again":
        jobs.wake(visit.parts.settings, code)
    return visit.go(f"/offers/{number}", visit.words(_DONE[decision]))
