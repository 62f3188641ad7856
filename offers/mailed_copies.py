"""The mails that carry a stamped copy to both sides: queued like every mail, in the unit of work of the copy's note."""

import hashlib
import json
import logging
from contextlib import suppress
from email.headerregistry import Address
from pathlib import Path

from sqlalchemy import select

from core.errors import AppError
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

_log = logging.getLogger(__name__)
PURPOSE = "accepted_copy"
_MAY_HAVE_ARRIVED = ("sent", "transmitting", "uncertain", "bounced")


def mail_copies(session: CrmSession, settings: Settings, decision: OfferDecision, copy: Path) -> None:
    """Queue two mails with the stamped `copy`: to those who were mailed the link that was answered, else those the
    offer was mailed to last, else the customer's main contact, in the language of the offer; and to the offer's owner
    in theirs. A side without an address gets none; nobody does where there is no address to send from."""
    offer, sender = decision.offer, _sender(session, settings, decision.offer)
    if sender is None:
        _log.warning("no mail with the stamped copy of decision %s: there is no sender", decision.code)
        return
    theirs, owners = as_language(decision.offer_version.language), as_language(offer.owner.language)
    for people, language in ((_customers(session, decision), theirs), ([offer.owner.email], owners)):
        known = [address for address in people if address]
        if known:
            _queue(session, settings, sender, decision, copy, known, language)


def _sender(session: CrmSession, settings: Settings, offer: Offer) -> Address | None:
    """The address of the settings, else the company's, else the owner's: the first that can be sent from."""
    seller = company(session)
    for setting, own in ((settings.smtp_from, seller.email), (None, offer.owner.email)):
        with suppress(AppError):
            return sender_of(setting, seller.name, own)
    return None


def _customers(session: CrmSession, decision: OfferDecision) -> list[str]:
    query = select(OfferMail).where(OfferMail.offer_id == decision.offer_id, OfferMail.purpose == "offer")
    every = session.scalars(query.order_by(OfferMail.id.desc())).all()
    link = decision.link.token_sha256 if decision.link is not None else ""
    # Whoever answered by its link has got it, whatever is known of the mail.
    gone = [mail for mail in every if mail.state in _MAY_HAVE_ARRIVED and mails.carries(mail, link)]
    gone += [mail for mail in every if mail.state in ("sent", "transmitting")]
    if gone:
        return [str(address) for address in gone[0].recipients]
    contact = main_contact(session, decision.offer.customer)
    return [contact.email] if contact is not None and contact.email else []


def _queue(
    session: CrmSession,
    settings: Settings,
    sender: Address,
    decision: OfferDecision,
    copy: Path,
    recipients: list[str],
    language: Language,
) -> None:
    seller, said, offer = company(session), words(language), decision.offer
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
