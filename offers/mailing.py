"""Sending an offer: what is proposed, what exactly would go, and the one confirmation that is bound to it."""

from dataclasses import dataclass
from email.headerregistry import Address

from sqlalchemy import Engine, select

from core.errors import AppError
from core.language import Language
from core.settings import Settings
from crm import contacts, mails
from crm import offers as offer_records
from crm.actor import Actor
from crm.mails import NewMail
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import Offer, OfferMail, User
from offers import jobs, mail_addresses
from offers.accepting import make_link
from offers.issuing import write_back
from offers.letters import letter
from offers.mail_views import LINK, Enclosed, MailDraft, MailPreview, MailTyped, Proposed, digest_of
from offers.packing import files_to_send

MOST_RECIPIENTS = 20
LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
# What common servers take, the third that Base64 adds counted.
_MOST_BYTES = 20_000_000
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Mailing:
    """Sending the offers of one home."""

    engine: Engine
    settings: Settings

    def compose(
        self, actor: Actor, number: str, language: Language | None = None, *, as_pack: bool = True
    ) -> MailDraft:
        """What is proposed to be sent: to the customer's first contact, in the offer's language unless another is
        asked for, with the offer's files.

        Raises `NotFound`, `Forbidden` without the right to issue, and `AppError` where the offer cannot go out now.
        """
        files = self._files(actor, number, as_pack=as_pack)
        with unit(self.engine, actor, writes=False) as session:
            offer = offer_records.by_number(session, number)
            mails.sendable(session, offer)
            known = [c for c in contacts.of(session, offer.customer) if c.email]
            tongue = language or as_language(offer.latest.language)
            drafted = letter(session, offer, tongue)
            if offer.state in ("accepted", "declined"):
                # Nothing is left to answer.
                drafted = drafted.without_link()
            return MailDraft(
                number=offer.number,
                version=offer.latest.ordinal,
                customer=offer.customer.name,
                language=tongue,
                sender=mail_addresses.written(self._sender(_person(session), offer)),
                own_address=_person(session).email,
                contacts=[
                    Proposed(
                        name=f"{c.family_name} {c.given_name}"
                        if actor.language == "hu"
                        else f"{c.given_name} {c.family_name}",
                        position=c.position,
                        address=str(c.email),
                        proposed=c is known[0],
                    )
                    for c in known
                ],
                subject=drafted.subject,
                body=drafted.body,
                files=[file.shown for file in files],
            )

    def preview(self, actor: Actor, number: str, typed: MailTyped) -> MailPreview:
        """Exactly what would go, with the digest that `confirm` wants back. Nothing is stored.

        Raises as `compose`, and `AppError` for an address, subject or text that cannot be sent.
        """
        files = self._files(actor, number, as_pack=typed.as_pack)
        with unit(self.engine, actor, writes=False) as session:
            return self._preview(session, offer_records.by_number(session, number), typed, files)

    def confirm(self, actor: Actor, number: str, typed: MailTyped, digest: str) -> str:
        """Send what was previewed: issues the offer if it is a draft, and puts the mail into the outbox, both or
        neither; its code. Raises as `preview`, and `AppError("mail_changed")` where it is no longer what was seen, or
        was sent already."""
        files = self._files(actor, number, as_pack=typed.as_pack)
        with unit(self.engine, actor) as session:
            offer = offer_records.by_number(session, number, locked=True)
            seen = self._preview(session, offer, typed, files)
            if seen.digest != digest:
                raise AppError("mail_changed", 409)
            if seen.issues:
                write_back(session, offer)
                session.flush()
            body = seen.body
            if LINK in body:
                body = body.replace(LINK, self.settings.public_address + make_link(session, offer))
            sender = self._sender(_person(session), offer)
            mail = mails.put(
                session,
                offer.latest,
                NewMail(
                    sender=mail_addresses.written(sender),
                    domain=sender.domain,
                    recipients=seen.recipients,
                    copies=seen.copies,
                    subject=seen.subject,
                    body=body,
                    files=[file.kept(self.settings.home) for file in files],
                    digest=digest,
                ),
            )
            code = mail.code
        jobs.wake(self.settings, code)
        return code

    def _files(self, actor: Actor, number: str, *, as_pack: bool) -> tuple[Enclosed, ...]:
        """The files that would go, made now where they are missing."""
        files = files_to_send(self.engine, self.settings, actor, number, as_pack=as_pack)
        return tuple(Enclosed.of(file) for file in files)

    def _sender(self, person: User, offer: Offer) -> Address:
        name = person.display_name(as_language(offer.latest.language))
        return mail_addresses.sender_of(self.settings.smtp_from, name, person.email)

    def _preview(self, session: CrmSession, offer: Offer, typed: MailTyped, files: tuple[Enclosed, ...]) -> MailPreview:
        mails.sendable(session, offer)
        person = _person(session)
        own = _plain(person.email)
        known = {_plain(c.email) for c in contacts.of(session, offer.customer) if c.email} | {own}
        mine = {mail_addresses.checked_address(each) for each in typed.typed}
        recipients = [_allowed(each, known | mine) for each in typed.to if each.strip()]
        copies = [_allowed(each, known | mine) for each in typed.copies if each.strip()]
        recipients = _once(recipients)
        copies = _once([*recipients, *copies])[len(recipients) :]
        if not recipients:
            raise AppError("mail_no_recipient", 422)
        if len(recipients) + len(copies) > MOST_RECIPIENTS:
            raise AppError("mail_too_many", 422, most=MOST_RECIPIENTS)
        subject, body = typed.subject.strip(), typed.body.replace("\r\n", "\n").strip()
        if not subject or len(subject) > LONGEST_SUBJECT or mail_addresses.has_control(subject):
            raise AppError("mail_subject_wrong", 422, most=LONGEST_SUBJECT)
        if not body or len(body) > LONGEST_BODY:
            raise AppError("mail_body_wrong", 422, most=LONGEST_BODY)
        size = sum(file.shown.size for file in files)
        if size > _MOST_BYTES:
            raise AppError("mail_files_too_large", 422, size=f"{size / _MEGABYTE:.1f}", most=_MOST_BYTES // _MEGABYTE)
        sender = self._sender(person, offer)
        seen = MailPreview(
            number=offer.number,
            version=offer.latest.ordinal,
            sender=mail_addresses.written(sender),
            reply_to=own if own != sender.addr_spec else None,
            recipients=recipients,
            copies=copies,
            subject=subject,
            body=body,
            files=[file.shown for file in files],
            issues=offer.state not in offer_records.OUT,
            folder=self.settings.smtp_host is None,
            earlier=_earlier(session, offer),
            digest="",
        )
        return seen.model_copy(update={"digest": digest_of(seen)})


def _person(session: CrmSession) -> User:
    return session.get_one(User, session.actor.user_id)


def _plain(address: str) -> str | None:
    """A known address as it goes on the wire; None for one nothing can be sent to."""
    try:
        return mail_addresses.checked_address(address)
    except AppError:
        return None


def _allowed(address: str, known: set[str | None]) -> str:
    plain = mail_addresses.checked_address(address)
    if plain not in known and plain.lower() not in {each.lower() for each in known if each}:
        raise AppError("mail_address_unknown", 422, address=plain)
    return plain


def _once(addresses: list[str]) -> list[str]:
    """Each mailbox once, as it was written first: no server in use tells small letters from capital ones."""
    found: dict[str, str] = {}
    for each in addresses:
        found.setdefault(each.lower(), each)
    return list(found.values())


def _earlier(session: CrmSession, offer: Offer) -> int:
    """How many mails were confirmed with this offer: with one more, what was previewed before is not sent again."""
    return len(session.scalars(select(OfferMail.id).where(OfferMail.offer_id == offer.id)).all())
