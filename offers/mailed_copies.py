"""The mails that carry a stamped copy to both sides: queued like every mail, in the unit of work of the copy's note."""

import hashlib
import json
from pathlib import Path

from sqlalchemy import select

from core.language import Language
from core.settings import Settings
from crm import mails
from crm.company import company
from crm.customers import main_contact
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferDecision, OfferMail
from offers.documents import sha256_of
from offers.mail_addresses import domain_of, sender_of, written
from offers.stamped_words import print_moment, words

PURPOSE = "accepted_copy"


def mail_copies(session: CrmSession, settings: Settings, decision: OfferDecision, copy: Path) -> None:
    """Queue two mails with the stamped `copy`: to those the offer was mailed to, else the customer's main contact, in
    the language of the offer; and to the offer's owner in theirs. A side without an address gets none."""
    offer = decision.offer
    theirs, owners = as_language(decision.offer_version.language), as_language(offer.owner.language)
    for people, language in ((_customers(session, offer), theirs), ([offer.owner.email], owners)):
        known = [address for address in people if address]
        if known:
            _queue(session, settings, decision, copy, known, language)


def _customers(session: CrmSession, offer: Offer) -> list[str]:
    query = select(OfferMail).where(
        OfferMail.offer_id == offer.id, OfferMail.purpose == "offer", OfferMail.state.in_(("sent", "transmitting"))
    )
    last = session.scalars(query.order_by(OfferMail.id.desc()).limit(1)).first()
    if last is not None:
        return [str(address) for address in last.recipients]
    contact = main_contact(session, offer.customer)
    return [contact.email] if contact is not None and contact.email else []


def _queue(
    session: CrmSession,
    settings: Settings,
    decision: OfferDecision,
    copy: Path,
    recipients: list[str],
    language: Language,
) -> None:
    seller, said, offer = company(session), words(language), decision.offer
    sender = sender_of(settings.smtp_from, seller.name, seller.email)
    file = {
        "name": copy.name,
        "path": str(copy.relative_to(settings.home.resolve())),
        "sha256": sha256_of(copy),
        "size": copy.stat().st_size,
        "media_type": "application/pdf",
    }
    subject = said[f"subject_{decision.decision}"].format(number=offer.number)
    body = said[f"body_{decision.decision}"].format(
        name=decision.name, number=offer.number, at=print_moment(decision.at, language), seller=seller.name
    )
    content = json.dumps([recipients, subject, body, file], sort_keys=True, ensure_ascii=False)
    mails.put(
        session,
        decision.offer_version,
        mails.NewMail(
            sender=written(sender),
            domain=domain_of(sender.addr_spec),
            recipients=recipients,
            subject=subject,
            body=body,
            files=[file],
            digest=hashlib.sha256(content.encode()).hexdigest(),
            purpose=PURPOSE,
        ),
    )
