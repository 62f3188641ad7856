"""Sending an offer: the letter is written, shown exactly as it would go, and confirmed once."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from offers.mail_views import MailDraft, MailPreview, MailTyped
from offers.mailing import Mailing

router = APIRouter(include_in_schema=False)
_BETWEEN = re.compile(r"[,;\s]+")


async def _form(request: Request) -> FormData:
    return await request.form()


FormDep = Annotated[FormData, Depends(_form)]


def _mailing(visit: Visit) -> Mailing:
    return Mailing(visit.parts.engine, visit.parts.settings)


def _typed(form: FormData) -> MailTyped:
    """The form as it was sent. What stands in the fields for other addresses was typed by the person."""

    def several(name: str) -> list[str]:
        return [str(each)[:300] for each in form.getlist(name)][:50]

    def text(name: str, most: int) -> str:
        return str(form.get(name) or "")[:most]

    other = [each for each in _BETWEEN.split(text("other", 5_000)) if each][:50]
    return MailTyped(
        to=[*several("to"), *other],
        copies=several("copies"),
        typed=other,
        subject=text("subject", 1_000),
        body=text("body", 100_000),
        as_pack=form.get("files") != "separate",
    )


@router.get("/offers/{number}/send")
def compose(visit: VisitDep, number: str) -> HTMLResponse:
    """The letter as it is proposed."""
    draft = _mailing(visit).compose(visit.actor, number)
    proposed = [contact.address for contact in draft.contacts if contact.proposed]
    typed = MailTyped(to=proposed, subject=draft.subject, body=draft.body)
    return _compose(visit, draft, typed)


@router.post("/offers/{number}/send")
def go_on(visit: VisitDep, number: str, form: FormDep) -> Response:
    """Look at what was written, change it, or send what was looked at."""
    mailing, typed = _mailing(visit), _typed(form)
    step = str(form.get("do") or "preview")
    try:
        if step == "confirm":
            code = mailing.confirm(visit.actor, number, typed, str(form.get("digest") or ""))
            notice = visit.words("The mail is on its way: %(code)s.", code=code)
            return visit.go(f"/offers/{number}", notice)
        if step == "preview":
            return _preview(visit, mailing.preview(visit.actor, number, typed), typed)
    except AppError as refused:
        if refused.status in (403, 404):
            raise
        return _compose(visit, mailing.compose(visit.actor, number, as_pack=typed.as_pack), typed, refused)
    return _compose(visit, mailing.compose(visit.actor, number, as_pack=typed.as_pack), typed)


def _compose(visit: Visit, draft: MailDraft, typed: MailTyped, refused: AppError | None = None) -> HTMLResponse:
    words = visit.words
    look = Control("preview", words("See what would go"))
    told = Screen(
        "offer_send",
        ("offer", draft.number),
        fields={words("Customer"): draft.customer, words("Subject"): typed.subject},
        errors={"": visit.refused(refused)} if refused else {},
        controls=(look,),
    )
    known = {contact.address for contact in draft.contacts}
    return visit.page(
        "mails/compose.html",
        told,
        refused.status if refused else 200,
        draft=draft,
        typed=typed,
        other=", ".join(each for each in typed.to if each not in known),
        look=look,
        refused=visit.refused(refused) if refused else None,
    )


def _preview(visit: Visit, seen: MailPreview, typed: MailTyped) -> HTMLResponse:
    words = visit.words
    send = Control("confirm", words("Send now"))
    told = Screen(
        "offer_send",
        ("offer", seen.number),
        fields={
            words("Recipients"): ", ".join(seen.recipients),
            words("Subject"): seen.subject,
            words("Files"): ", ".join(each.name for each in seen.files),
        },
        controls=(send, Control("edit", words("Change something"))),
    )
    return visit.page("mails/preview.html", told, seen=seen, typed=typed, send=send)
