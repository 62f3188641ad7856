"""What an offer said stays as it was: versions, lines and documents cannot be changed or moved, by whatever way."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import today
from core.errors import Forbidden
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import CrmSession, acting, unit
from crm.tables import Offer, OfferDocument, OfferLine, OfferVersion, Price
from offers import service
from offers.figures import Edit, EditedLine
from offers.service import Offers

People = Callable[[str], Actor]


@pytest.fixture
def two(parts: Parts, people: People) -> tuple[str, str]:
    """A manager's two drafts with documents, to customers in reach."""
    edit = Edit((EditedLine("TOLL", Decimal(3)),), today() + timedelta(days=9), 8)
    first, second = (parts.offers.create(people("mate"), code, edit).number for code in ("C0001", "C0003"))
    return first, second


Change = Callable[[Offer, Offer], object]


def _move_version(a: Offer, b: Offer) -> None:
    a.latest.offer_id = b.id
    a.latest.ordinal = 2


def _move_version_by_link(a: Offer, b: Offer) -> None:
    a.latest.ordinal = 2
    a.latest.offer = b


def _move_line(a: Offer, b: Offer) -> None:
    a.latest.lines[0].offer_version_id = b.latest.id
    a.latest.lines[0].position = 2


def _take_line_away(a: Offer, b: Offer) -> None:
    a.latest.lines.clear()


def _move_document(a: Offer, b: Offer) -> None:
    a.latest.documents[0].offer_version_id = b.latest.id
    a.latest.documents[0].kind = "other"


def _cheapen(a: Offer, b: Offer) -> None:
    a.latest.lines[0].net = Decimal(1)


def _prolong(a: Offer, b: Offer) -> None:
    a.latest.valid_until = today() + timedelta(days=99)


CHANGES: list[Change] = [
    _move_version,
    _move_version_by_link,
    _move_line,
    _take_line_away,
    _move_document,
    _cheapen,
    _prolong,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("action", [None, "issue", "approve"])
def test_what_was_offered_cannot_be_changed_or_moved(
    engine: Engine, people: People, two: tuple[str, str], change: Change, action: str | None
) -> None:
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        a, b = (offer_records.by_number(session, number) for number in two)
        if action is None:
            change(a, b)
        else:
            with acting(session, action):
                change(a, b)
    with unit(engine, SYSTEM, writes=False) as session:
        kept = offer_records.by_number(session, two[0])
        assert (len(kept.versions), len(kept.latest.lines), len(kept.latest.documents)) == (1, 1, 2)
        assert kept.latest.lines[0].net == 36000


@pytest.mark.parametrize("entity", [OfferVersion, OfferLine, OfferDocument])
def test_nothing_of_an_offer_can_be_removed(
    engine: Engine, people: People, two: tuple[str, str], entity: type[OfferVersion | OfferLine | OfferDocument]
) -> None:
    with pytest.raises(Forbidden), unit(engine, people("ada")) as session:
        session.delete(session.scalars(select(entity)).first())


def _line_for(version: OfferVersion) -> OfferLine:
    own = version.lines[0]
    copied = ("product_id", "price_id", "sku", "name", "quantity", "unit", "unit_price", "discount_percent", "net")
    return OfferLine(**{n: getattr(own, n) for n in copied}, vat_percent=own.vat_percent, position=2)


def test_a_line_cannot_be_slipped_into_a_version_there_is(engine: Engine, people: People, two: tuple[str, str]) -> None:
    def by_collection(session: CrmSession, version: OfferVersion) -> None:
        version.lines.append(_line_for(version))

    def by_key(session: CrmSession, version: OfferVersion) -> None:
        line = _line_for(version)
        line.offer_version_id = version.id
        session.add(line)

    for way in (by_collection, by_key):
        with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
            way(session, offer_records.by_number(session, two[0]).latest)


def test_an_issued_offer_takes_no_other_version_state_or_document(
    engine: Engine, people: People, parts: Parts, two: tuple[str, str]
) -> None:
    parts.offers.issue(people("mate"), two[0])

    def new_version(offer: Offer) -> None:
        old = offer.latest
        copied = ("currency", "language", "made_on", "valid_until", "payment_days", "net", "vat", "gross", "warnings")
        offer.versions.append(OfferVersion(**{n: getattr(old, n) for n in copied}, ordinal=2))

    def reopened(offer: Offer) -> None:
        offer.state = "draft"

    def reopened_by_number(offer: Offer) -> None:
        offer.state, offer.latest_version = "draft", 2

    def other_file(offer: Offer) -> None:
        offer.latest.documents[0].sha256 = "0" * 64

    for change in (new_version, reopened, reopened_by_number, other_file):
        with pytest.raises(Forbidden), unit(engine, people("ada")) as session:
            change(offer_records.by_number(session, two[0]))


def test_nobody_approves_their_own_offer_by_setting_its_state(engine: Engine, people: People, parts: Parts) -> None:
    edit = Edit((EditedLine("TOLL", Decimal(3), Decimal(90)),), today(), 8)
    number = parts.offers.create(people("mate"), "C0001", edit).number
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        offer = offer_records.by_number(session, number)
        with acting(session, "approve"):
            offer.state = "draft"


def test_a_price_something_was_offered_at_keeps_its_figures(
    engine: Engine, people: People, two: tuple[str, str]
) -> None:
    with unit(engine, SYSTEM, writes=False) as session:
        used = session.scalars(select(OfferLine.price_id)).first()
    for name, value in (("unit_price", Decimal(1)), ("valid_from", today()), ("currency", "PLN")):
        with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
            setattr(session.get_one(Price, used), name, value)
    with unit(engine, people("mate")) as session:
        session.get_one(Price, used).valid_to = today()


def test_two_who_fetch_the_documents_for_the_first_time_at_once_get_the_same(
    engine: Engine, people: People, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = people("mate")
    edit = Edit((EditedLine("TOLL", Decimal(3)),), today(), 8)
    with monkeypatch.context() as without:
        without.setattr(Offers, "ensure_documents", lambda self, actor, number: self.view(actor, number))
        number = parts.offers.create(actor, "C0001", edit).number
    together, failed = threading.Barrier(2, timeout=60), []
    calls = threading.local()

    def wait_for_the_other(path: object, sheet: object, *, custom_template: bool) -> None:
        calls.count = getattr(calls, "count", 0) + 1
        if calls.count == 2:
            together.wait()

    monkeypatch.setattr(service, "read_back", wait_for_the_other)

    def fetch() -> None:
        try:
            parts.offers.document(actor, number, "pdf")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert failed == []
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(offer_records.by_number(session, number).latest.documents) == 2
    assert parts.offers.issue(actor, number).state == "issued"
    assert parts.offers.document(actor, number, "docx").is_file()
