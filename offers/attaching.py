"""What goes with an offer: chosen by the rules of the library, named in words, or picked by a person."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from core.errors import AppError, NotFound
from core.text import fold
from crm import guard, library
from crm.offers import OUT
from crm.session import CrmSession
from crm.tables import Attachment, Offer, OfferAttachment, OfferVersion, Product
from offers.naming_attachments import resolve

RULE, PROMPT, PERSON = "rule", "prompt", "person"
__all__ = ["PERSON", "PROMPT", "RULE", "attach", "attach_to", "attached", "chosen", "detach", "resolve"]


def chosen(session: CrmSession, version: OfferVersion) -> list[tuple[Attachment, str]]:
    """The files that go with `version` by rule, in the order of the library, each with `rule`.

    All conditions of a file that are not empty have to hold: the document's language, the customer's segment, and the
    category or the SKU of any line. One that is switched off is never chosen.
    """
    skus = {line.sku for line in version.lines}
    rows = session.scalars(select(Product.category).where(Product.sku.in_(skus))) if skus else ()
    categories = {fold(category) for category in rows if category}
    segment = {fold(version.offer.customer.segment)} if version.offer.customer.segment else set()
    found = []
    for each in library.listed(session, switched_off=False):
        held = (
            _holds(each.languages, {version.language})
            and _holds(each.segments, segment)
            and _holds(each.categories, categories)
            and _holds(each.skus, {fold(sku) for sku in skus})
        )
        if each.automatic and held:
            found.append((each, RULE))
    return found


def _holds(conditions: Iterable[object], values: set[str]) -> bool:
    wanted = {fold(str(condition)) for condition in conditions}
    return not wanted or bool(wanted & values)


def attached(version: OfferVersion) -> list[OfferAttachment]:
    """What goes with `version`, in its order."""
    return sorted(version.attachments, key=lambda each: each.position)


def attach(
    session: CrmSession, version: OfferVersion, attachments: Sequence[tuple[Attachment, str]]
) -> list[OfferAttachment]:
    """Have these files go with `version`, each as it is now; those that do already are left out of the answer.

    Raises `AppError("attachments_closed")` (409) where the customer has the offer, `AppError("attachment_off")` (409),
    `Forbidden`.
    """
    _open(session, version)
    known = {each.attachment_id for each in version.attachments}
    position = max((each.position for each in version.attachments), default=0)
    made = []
    for attachment, why in attachments:
        if attachment.id in known:
            continue
        if not attachment.active:
            raise AppError("attachment_off", 409, title=attachment.title, code=attachment.code)
        known.add(attachment.id)
        position += 1
        made.append(_frozen(version, attachment, position, why))
    session.add_all(made)
    session.flush()
    return made


def _frozen(version: OfferVersion, attachment: Attachment, position: int, why: str) -> OfferAttachment:
    return OfferAttachment(
        offer_version=version,
        attachment=attachment,
        attachment_id=attachment.id,
        position=position,
        title=attachment.title,
        filename=attachment.filename,
        media_type=attachment.media_type,
        sha256=attachment.sha256,
        path=attachment.path,
        why=why,
    )


def detach(session: CrmSession, version: OfferVersion, code: str) -> OfferAttachment:
    """Take a file off `version`; what it was. Raises as `attach`, and `NotFound` for one that is not attached."""
    _open(session, version)
    found = next((each for each in version.attachments if each.attachment.code == code.strip().upper()), None)
    if found is None:
        raise NotFound(library.RESOURCE, code)
    version.attachments.remove(found)
    session.delete(found)
    session.flush()
    return found


def _open(session: CrmSession, version: OfferVersion) -> None:
    offer = version.offer
    guard.check(session, session.actor, offer, "update")
    if offer.state in OUT or version.ordinal != offer.latest_version:
        raise AppError("attachments_closed", 409, number=offer.number)


def attach_to(session: CrmSession, offer: Offer, codes: Sequence[str] = ()) -> Offer:
    """Give the newest version of `offer`, which is returned, what goes with it: the files with these `codes` (asked for
    in words), what a person attached to the version before, and those the rules choose.

    A file chosen by rule that somebody took off the version before stays off, unless its record was changed since.
    Raises `NotFound` for a code that is not in the library, and as `attach`.
    """
    session.flush()
    versions = sorted(offer.versions, key=lambda version: version.ordinal)
    newest, before = versions[-1], versions[-2] if len(versions) > 1 else None
    wanted: list[tuple[Attachment, str]] = [(library.by_code(session, code), PROMPT) for code in codes]
    by_rule = chosen(session, newest)
    if before is not None:
        had = {each.attachment_id for each in before.attachments}
        wanted += [(each.attachment, each.why) for each in attached(before) if each.why != RULE]
        refused = {
            each.id for each, _ in chosen(session, before) if each.id not in had and each.updated_at < before.made_at
        }
        by_rule = [pair for pair in by_rule if pair[0].id not in refused]
    attach(session, newest, [*by_rule, *((each, why) for each, why in wanted if each.active)])
    return offer
