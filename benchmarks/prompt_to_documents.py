"""From a sentence to the finished Word and PDF files, against rendering the same offer alone."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

import offers.service
from benchmarks.figures import Figure, Parts, figure, milliseconds
from core.clock import today
from core.language import Language
from core.settings import Settings
from crm import engine as crm_engine
from crm import offers as offer_records
from crm.actor import Actor
from crm.people import actor_for
from crm.session import unit
from demo.load import load
from offers.clarify import Clarification
from offers.documents import pdf_engine, render_docx, render_pdf
from offers.names import VisibleNames
from offers.request import Understood
from offers.service import Offers
from offers.sheet import OfferSheet
from offers.to_sheet import offer_sheet
from offers.understand import understand

NAME = "prompt_to_documents"
# Several lines, discounts, dates; no discount that would only add a warning.
PROMPTS: tuple[tuple[Language, str], ...] = (
    ("hu", "Készíts ajánlatot a Hegyaljai Borászatnak 3 prémium licencre és egy felhasználói oktatásra"),
    ("hu", "Kérek egy ajánlatot a Vízimalom Pékség Kft. részére: 10 db 24 hüvelykes monitor, 5% kedvezménnyel"),
    ("hu", "Ajánlat kell a Tiszavirág Hajózásinak 2 db 15 hüvelykes notebookra és 2 dokkolóállomásra"),
    ("hu", "Adj ajánlatot a Cserépkályha Kft.-nek 4 forgószékre, 20 napig legyen érvényes"),
    ("pl", "Przygotuj ofertę dla Nowak Transport na 5 licencji premium i 1 szkolenie użytkowników"),
    ("pl", "Proszę o ofertę dla Bursztynowa Zatoka: 3 monitory 24 cale i 3 stacje dokujące"),
    ("pl", "Zrób ofertę dla Nowak Transport na 10 słuchawek z redukcją szumów, rabat 5%"),
    ("en", "Make an offer for Hegyaljai Borászat for 6 swivel chairs and delivery"),
    ("en", "Offer for Bodza Kertészet: 2 premium licences and data migration"),
    ("en", "Please quote Sólyomszem Drón for 12 basic licences with 5% discount"),
)
_PARTS = (
    ("_read", Offers, "understand"),
    ("store", offers.service, "price and store"),
    ("render_docx", offers.service, "Word"),
    ("render_pdf", offers.service, "PDF"),
    ("read_back", offers.service, "read back"),
)


@contextmanager
def without_libreoffice() -> Iterator[None]:
    """As on a machine where LibreOffice is not installed: no program is found on the search path."""
    path = os.environ.get("PATH")
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as empty:
        os.environ["PATH"] = empty
        try:
            yield
        finally:
            if path is None:
                del os.environ["PATH"]
            else:
                os.environ["PATH"] = path


def draft(chain: Offers, actor: Actor, language: Language, prompt: str) -> str:
    """The number of the offer drafted from `prompt`."""

    def read(names: VisibleNames) -> Understood:
        return understand(prompt, names, language=language, today=today())

    made = chain.draft(actor, prompt, read, language)
    if isinstance(made, Clarification):
        raise AssertionError(f"{prompt!r} was answered with a question: {made.question}")
    if {document.kind for document in made.documents} != {"docx", "pdf"}:
        raise AssertionError(f"{prompt!r} made no documents: {made.warnings}")
    return made.number


def render(sheet: OfferSheet, folder: Path) -> None:
    docx = render_docx(sheet, folder / "offer.docx")
    render_pdf(sheet, docx, folder / "offer.pdf")


def _measure(engine: Engine, settings: Settings, samples: int) -> Figure:
    chain, actor = Offers(engine, settings), actor_for(engine, "vera")
    pairs: list[tuple[float, float]] = []
    numbers: list[str] = []

    def one(language: Language, prompt: str) -> None:
        numbers.append(draft(chain, actor, language, prompt))

    with tempfile.TemporaryDirectory(prefix="robo-bench-") as name:
        folder = Path(name)
        # Fonts, templates and the office profile are loaded by the first one.
        one(*PROMPTS[0])
        for turn in range(samples):
            language, prompt = PROMPTS[turn % len(PROMPTS)]
            spent = milliseconds(partial(one, language, prompt))
            with unit(engine, actor, writes=False) as session:
                sheet = offer_sheet(session, offer_records.by_number(session, numbers[-1]))
            pairs.append((spent, milliseconds(partial(render, sheet, folder))))
        parts = Parts()
        with ExitStack() as stack:
            for function, owner, part in _PARTS:
                stack.enter_context(parts.around(owner, function, part))
            for turn in range(max(2, samples // 2)):
                parts.new_sample()
                one(*PROMPTS[turn % len(PROMPTS)])
    return figure(NAME, f"PDF by {pdf_engine()}", "render_docx + render_pdf of the same sheet", pairs, parts)


def run(*, quick: bool) -> list[Figure]:
    """20 offers of the demo company with typst, and with LibreOffice too where it is installed (quick: 2, typst)."""
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        settings = Settings(home=Path(folder), database_url=None)
        engine = crm_engine.connect(settings)
        crm_engine.migrate(engine)
        load(engine)
        try:
            with without_libreoffice():
                figures = [_measure(engine, settings, 2 if quick else 20)]
            if not quick and pdf_engine() == "libreoffice":
                figures.append(_measure(engine, settings, 16))
            return figures
        finally:
            engine.dispose()
