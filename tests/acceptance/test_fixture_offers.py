"""The main chain on a company's imported data: exact offers, honest questions, nothing out of scope."""

import asyncio
import csv
import io
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from assistant.ask import Ask
from assistant.context import Parts
from assistant.evaluate import OfferCase, evaluate_offers, load_cases
from assistant.reply import Reply
from assistant.scoring.offer_runs import run
from assistant.turn import reply_to
from core.settings import Settings
from crm import engine as crm_engine
from crm.imports import run_import
from crm.people import actor_for
from knowledge.pages import help_pages
from offers.service import Offers
from offers.view import OfferView
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder

pytestmark = pytest.mark.acceptance

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
CASES = Path(__file__).with_name("fixture_offers.jsonl")
KINDS = ("users", "products", "customers", "contacts", "activities", "opportunities")
MINOR = {"HUF": Decimal(1), "EUR": Decimal("0.01"), "PLN": Decimal("0.01")}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The six fixtures imported into an empty home."""
    settings = Settings(home=tmp_path_factory.mktemp("fixtures"))
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    for kind in KINDS:
        report = run_import(engine, kind, FIXTURES / f"{kind}.xlsx")
        assert report.created > 0 and report.rejected == []
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync(help_pages()[:5])
    yield Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()
    engine.dispose()


@pytest.fixture
def say_as(parts: Parts) -> Callable[[str, str], Reply]:
    """One turn of a user."""
    return lambda login, text: asyncio.run(reply_to(parts, actor_for(parts.engine, login), Ask(text)))


def test_annas_prompt_gives_the_exact_offer_and_two_files_that_say_the_same(
    parts: Parts, say_as: Callable[[str, str], Reply]
) -> None:
    reply = say_as(
        "anna", "Készíts ajánlatot a Kovács Kft.-nek 10 db Prémium licencre 5% kedvezménnyel, 30 napig legyen érvényes."
    )
    offer = reply.offer
    assert offer is not None
    assert (offer.lines[0].sku, offer.lines[0].quantity, offer.currency) == ("LIC-PREM", "10", "HUF")
    assert (offer.totals.net, offer.totals.vat, offer.totals.gross) == ("569050", "153644", "722694")
    actor = actor_for(parts.engine, "anna")
    word = Document(io.BytesIO(parts.offers.document(actor, offer.number, "docx").read_bytes()))
    # The totals stand in a table within a table, so the text nodes are read as they come.
    said = "\n".join(str(node.text) for node in word.element.body.iter() if str(node.tag).endswith("}t"))
    pdf = PdfReader(parts.offers.document(actor, offer.number, "pdf"))
    page = "\n".join(p.extract_text() for p in pdf.pages)
    for text in (said, page):
        plain = text.replace("\u00a0", " ").replace("\u202f", " ")
        assert all(figure in plain for figure in ("569 050", "153 644", "722 694"))


def test_three_kovacs_firms_are_asked_about(say_as: Callable[[str, str], Reply]) -> None:
    asked = say_as("anna", "Kovácséknak kell egy ajánlat 2 notebookra").clarification
    assert asked is not None and asked.field == "customer" and len(asked.choices) == 3


@pytest.mark.parametrize(
    ("login", "prompt", "currency", "language"),
    [
        ("dorota", "Proszę o ofertę dla Kowalski Sp. z o.o. na 5 licencji premium", "PLN", "pl"),
        ("greg", "Please make an offer for Northwind Traders: five premium licences", "EUR", "en"),
    ],
)
def test_an_offer_is_in_the_customers_currency_and_language(
    say_as: Callable[[str, str], Reply], login: str, prompt: str, currency: str, language: str
) -> None:
    reply = say_as(login, prompt)
    assert reply.offer is not None
    assert (reply.offer.currency, reply.offer.language, reply.language) == (currency, language, language)


def test_a_restricted_user_is_told_that_no_such_customer_is_known(say_as: Callable[[str, str], Reply]) -> None:
    hidden = say_as("fanni", "Készíts ajánlatot a Pannon Üveggyár Zrt.-nek 2 monitorra")
    unknown = say_as("fanni", "Készíts ajánlatot a Tatai Üveggyár Zrt.-nek 2 monitorra")
    assert hidden.offer is None and hidden.kind == "clarification"
    assert hidden.text.replace("Pannon", "Tatai") == unknown.text


def expected_total(offer: OfferView, case: OfferCase) -> tuple[Decimal, Decimal]:
    """Net and gross by arithmetic of the test's own, from the price list in the file."""
    with (FIXTURES / "products.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["sku"]: row for row in csv.DictReader(file)}
    unit = MINOR[offer.currency]
    nets: dict[str, Decimal] = {}
    for line in case.expect.lines or []:
        row = rows[line.sku]
        exact = line.quantity * Decimal(row[f"price_{offer.currency.lower()}"]) * (100 - line.discount) / 100
        rate = row["vat_percent"]
        nets[rate] = nets.get(rate, Decimal(0)) + exact.quantize(unit, ROUND_HALF_UP)
    vat = sum(((net * Decimal(rate) / 100).quantize(unit, ROUND_HALF_UP) for rate, net in nets.items()), Decimal(0))
    net = sum(nets.values(), Decimal(0))
    return net, net + vat


def test_every_prompt_of_the_case_file_comes_to_the_right_offer_or_question(parts: Parts) -> None:
    cases = load_cases(CASES)
    score = evaluate_offers(parts, cases)
    assert len(cases) > 200
    assert score.wrong == []


def test_every_offer_of_the_case_file_has_the_sums_of_an_independent_calculation(parts: Parts) -> None:
    offers = 0
    for case in load_cases(CASES):
        if case.expect.kind == "offer" and case.expect.lines:
            came = run(parts, case)[1].offer
            assert isinstance(came, OfferView)
            assert (Decimal(came.totals.net), Decimal(came.totals.gross)) == expected_total(came, case), case.prompt
            offers += 1
    assert offers > 150
