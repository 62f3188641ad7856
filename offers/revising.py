"""Offers changed by words, repriced, taken back and copied: always a new version or offer, nothing overwritten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.clock import today
from core.errors import AppError
from core.language import Language
from crm import customers
from crm import offers as offer_records
from crm.actor import Actor
from crm.company import company
from crm.session import CrmSession, unit
from crm.tables import Offer, OfferVersion
from offers import editing
from offers.changing import Question, change, customer_meant, edit_of_version, renewed
from offers.detail import VersionDetail, version_detail
from offers.editing import Said
from offers.figures import Edit, Figures
from offers.names import VisibleNames
from offers.service import Offers
from offers.view import OfferView
from offers.wishes import CopyFor, Reprice, Undo, Wish

__all__ = ["Question", "Revised", "Revising"]
_MADE_FROM = re.compile(r"offer (?P<number>\S+) v(?P<ordinal>\d+)")


@dataclass(frozen=True)
class Revised:
    """A version that was made, and the one it was made of. `number` is that of the offer of `before`, whose `state` was
    that; `offer` has another number where it is a copy."""

    offer: OfferView
    number: str
    state: str
    before: VersionDetail
    after: VersionDetail

    @property
    def copied(self) -> bool:
        """Whether it is an offer of its own."""
        return self.offer.number != self.number


@dataclass(frozen=True)
class _Planned:
    number: str
    lock: int
    state: str
    before: VersionDetail
    edit: Edit


@dataclass(frozen=True)
class Revising:
    """Changes of the offers of one home."""

    offers: Offers

    def change(
        self,
        actor: Actor,
        number: str,
        wishes: Sequence[Wish],
        said: Said,
        read_in: Language,
        ordinal: int | None = None,
    ) -> Revised:
        """Do `wishes`, read in words of `read_in`, to the newest version of the offer `number`; `ordinal` is the
        version that places in them were counted in, where they were.

        Raises `Question` for what is not clear, and nothing is changed then; `NotFound`, `Forbidden`; `AppError` for an
        offer that was accepted or revised meanwhile, for wishes that change nothing, and for what the figures refuse.
        """
        copied = next((wish for wish in wishes if isinstance(wish, CopyFor)), None)
        rest = [wish for wish in wishes if not isinstance(wish, CopyFor)]
        if copied is not None:
            return self._copy_meant(actor, number, wishes, copied, said, read_in)
        if any(isinstance(wish, Undo) for wish in wishes):
            return self.undo(actor, number, said)
        with unit(self.offers.engine, actor, writes=False) as session:
            offer = _revisable(session, number)
            newest = offer.latest
            if ordinal is not None and newest.ordinal != ordinal:
                raise AppError("offer_revised", 409, number=offer.number, shown=ordinal, newest=newest.ordinal)
            edit = change(newest, rest, VisibleNames(session), read_in, said.language)
            if not edit.lines:
                raise AppError("offer_would_be_empty", 422, number=offer.number)
            figures = editing.figures_of_revision(session, offer, edit)
            _possible(figures)
            if _says_the_same(figures, edit, newest):
                alike = "offer_prices_same" if all(isinstance(w, Reprice) for w in wishes) else "offer_change_nothing"
                raise AppError(alike, 409, number=offer.number)
            plan = _plan(offer, edit, actor)
        return self._revise(actor, plan, said)

    def reprice(self, actor: Actor, number: str, said: Said | None = None) -> Revised:
        """The same at the prices of today, its validity begun anew where it was over. Raises as `change`;
        `AppError("offer_prices_same")` where no price is another."""
        with unit(self.offers.engine, actor, writes=False) as session:
            offer = _revisable(session, number)
            edit = replace(renewed(edit_of_version(offer.latest), offer.latest), made_from=_made_from(offer))
            figures = editing.figures_of_revision(session, offer, edit)
            _possible(figures)
            if _says_the_same(figures, edit, offer.latest):
                raise AppError("offer_prices_same", 409, number=offer.number)
            plan = _plan(offer, edit, actor)
        return self._revise(actor, plan, said)

    def undo(self, actor: Actor, number: str, said: Said | None = None) -> Revised:
        """The version before the newest, made anew as the newest: of an undoing, the one before that which it went back
        to. Raises as `change`; `AppError("offer_nothing_to_undo")` for a first version."""
        with unit(self.offers.engine, actor, writes=False) as session:
            offer = _revisable(session, number)
            back = _MADE_FROM.fullmatch(offer.latest.made_from)
            own = back is not None and back["number"] == offer.number and int(back["ordinal"]) < offer.latest.ordinal
            stands_for = int(back["ordinal"]) if back is not None and own else offer.latest.ordinal
            earlier = next((v for v in offer.versions if v.ordinal == stands_for - 1), None)
            if earlier is None:
                raise AppError("offer_nothing_to_undo", 409, number=offer.number)
            edit = renewed(edit_of_version(earlier), earlier)
            edit = replace(edit, made_from=f"offer {offer.number} v{earlier.ordinal}")
            _possible(editing.figures_of_revision(session, offer, edit))
            plan = _plan(offer, edit, actor)
        return self._revise(actor, plan, said)

    def copy(self, actor: Actor, number: str, customer: str, said: Said | None = None) -> Revised:
        """The same lines as a new offer for the customer with this code: in their currency and language, at their
        prices of today and terms of payment, valid as long as new offers are.

        Raises `NotFound`, `Forbidden`, `AppError` for what the figures refuse.
        """
        with unit(self.offers.engine, actor, writes=False) as session:
            edit = edit_of_version(offer_records.by_number(session, number).latest)
        return self._copied(actor, number, customer, edit, said)

    def _copy_meant(
        self, actor: Actor, number: str, wishes: Sequence[Wish], copied: CopyFor, said: Said, read_in: Language
    ) -> Revised:
        """A copy, with the other wishes done to it."""
        others = [wish for wish in wishes if wish is not copied]
        with unit(self.offers.engine, actor, writes=False) as session:
            names = VisibleNames(session)
            customer = customer_meant(wishes.index(copied), copied.customer, names, said.language)
            version = offer_records.by_number(session, number).latest
            edit = change(version, others, names, read_in, said.language)
        return self._copied(actor, number, customer, edit, said, wished=others)

    def _copied(
        self, actor: Actor, number: str, customer: str, edit: Edit, said: Said | None, wished: Sequence[Wish] = ()
    ) -> Revised:
        asked = {wish.kind for wish in wished}
        with unit(self.offers.engine, actor, writes=False) as session:
            offer, firm = offer_records.by_number(session, number), customers.by_code(session, customer)
            edit = replace(
                edit,
                made_from=_made_from(offer),
                currency=edit.currency if "currency" in asked else None,
                language=edit.language if "language" in asked else None,
                payment_days=edit.payment_days if "payment" in asked else firm.payment_days,
                valid_until=edit.valid_until
                if "validity" in asked
                else today() + timedelta(days=company(session).offer_valid_days),
            )
            _possible(editing.figures_of_new(session, firm, None, edit))
            plan = _plan(offer, edit, actor)
        made = self.offers.create(actor, firm.code, edit, said=said)
        return self._done(actor, plan, made)

    def _revise(self, actor: Actor, plan: _Planned, said: Said | None) -> Revised:
        made = self.offers.revise(actor, plan.number, plan.lock, plan.edit, said)
        return self._done(actor, plan, made)

    def _done(self, actor: Actor, plan: _Planned, made: OfferView) -> Revised:
        after = self.offers.detail(actor, made.number, made.version).shown
        return Revised(made, plan.number, plan.state, plan.before, after)


def _revisable(session: CrmSession, number: str) -> Offer:
    offer = offer_records.by_number(session, number)
    offer_records.revisable(session, offer)
    return offer


def _plan(offer: Offer, edit: Edit, actor: Actor) -> _Planned:
    return _Planned(offer.number, offer.version, offer.state, version_detail(offer.latest, actor.language), edit)


def _made_from(offer: Offer) -> str:
    return f"offer {offer.number} v{offer.latest.ordinal}"


def _possible(figures: Figures) -> None:
    """Raise the first thing that the figures refuse."""
    wrong = [*figures.errors.values(), *(line.error for line in figures.lines if line.error is not None)]
    if wrong:
        raise wrong[0]


def _says_the_same(figures: Figures, edit: Edit, version: OfferVersion) -> bool:
    """Whether the version to be would tell the customer what `version` does."""
    new = [
        (n.product.sku, n.quantity, n.unit_price, n.discount_percent, n.net, n.optional, n.option_group, n.text)
        for line in figures.lines
        if (n := line.new) is not None
    ]
    old = [
        (o.sku, o.quantity, o.unit_price, o.discount_percent, o.net, o.optional, o.option_group, o.text)
        for o in version.lines
    ]
    terms = (figures.currency, figures.language, edit.valid_until, edit.payment_days, edit.title or None)
    had = (version.currency, version.language, version.valid_until, version.payment_days, version.title or None)
    texts = (edit.notes, edit.delivery, edit.warranty, sorted(edit.attach))
    written = (version.notes, version.delivery, version.warranty, sorted(edit_of_version(version).attach))
    rates = [line.new.vat_percent for line in figures.lines if line.new is not None]
    vat = (figures.vat_rule, rates) == (version.vat_rule, [line.vat_percent for line in version.lines])
    return new == old and vat and terms == had and texts == written
