"""From a sentence to the merged, stamped pack, against rendering the same offer's documents alone; and many in a row.

python -m benchmarks prompt_to_pack          one after the other, as a ratio
python -m benchmarks.prompt_to_pack          100 offers in a row: time and memory every ten
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from benchmarks.figures import Figure, figure, milliseconds
from benchmarks.prompt_to_documents import PROMPTS, draft, render, without_libreoffice
from core.language import Language
from core.settings import Settings
from crm import engine as crm_engine
from crm import offers as offer_records
from crm.actor import Actor
from crm.people import actor_for
from crm.session import unit
from demo.library import load_library
from demo.load import load
from offers.documents import pdf_engine
from offers.packing import SendFile, pack
from offers.service import Offers
from offers.to_sheet import offer_sheet

NAME = "prompt_to_pack"
_STATM = Path("/proc/self/statm")


@contextmanager
def _company() -> Iterator[tuple[Engine, Settings]]:
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        settings = Settings(home=Path(folder), database_url=None)
        engine = crm_engine.connect(settings)
        crm_engine.migrate(engine)
        load(engine)
        load_library(engine, settings.home.resolve())
        try:
            yield engine, settings
        finally:
            engine.dispose()


def _packed(chain: Offers, actor: Actor, language: Language, prompt: str) -> tuple[str, SendFile]:
    number = draft(chain, actor, language, prompt)
    return number, pack(chain.engine, chain.settings, actor, number)


def _measure(engine: Engine, settings: Settings, samples: int) -> Figure:
    chain, actor = Offers(engine, settings), actor_for(engine, "vera")
    pairs: list[tuple[float, float]] = []
    made: list[str] = []

    def product(language: Language, prompt: str) -> None:
        made.append(_packed(chain, actor, language, prompt)[0])

    with tempfile.TemporaryDirectory(prefix="robo-bench-") as name:
        product(*PROMPTS[0])
        for turn in range(samples):
            spent = milliseconds(partial(product, *PROMPTS[turn % len(PROMPTS)]))
            with unit(engine, actor, writes=False) as session:
                sheet = offer_sheet(session, offer_records.by_number(session, made[-1]))
            pairs.append((spent, milliseconds(partial(render, sheet, Path(name)))))
    return figure(NAME, f"PDF by {pdf_engine()}", "render_docx + render_pdf of the same sheet", pairs)


def run(*, quick: bool) -> list[Figure]:
    """20 packs of the demo company with typst, and with LibreOffice too where it is installed (quick: 2, typst)."""
    with _company() as (engine, settings):
        with without_libreoffice():
            figures = [_measure(engine, settings, 2 if quick else 20)]
        if not quick and pdf_engine() == "libreoffice":
            figures.append(_measure(engine, settings, 10))
        return figures


@dataclass(frozen=True)
class Ten:
    """After so many offers: the milliseconds each of the last ten took, the process's memory in MB, the pack's size."""

    offers: int
    milliseconds: float
    resident_mb: float
    pack_kb: float


def many(count: int) -> list[Ten]:
    """`count` packs in a row in one process, with the built-in engine; a row every ten."""
    rows: list[Ten] = []
    with _company() as (engine, settings), without_libreoffice():
        chain, actor = Offers(engine, settings), actor_for(engine, "vera")
        started = time.perf_counter()
        for turn in range(1, count + 1):
            _, file = _packed(chain, actor, *PROMPTS[turn % len(PROMPTS)])
            if turn % 10 == 0:
                now = time.perf_counter()
                rows.append(Ten(turn, (now - started) * 100, _resident(), file.size / 1024))
                started = now
    return rows


def _resident() -> float:
    """The memory this process has in use now, in MB."""
    pages = int(_STATM.read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Many offers in a row, as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prompt_to_pack")
    parser.add_argument("--offers", type=int, default=100)
    table = Table(title="Packs in a row")
    for heading in ("offers", "ms each", "memory MB", "pack kB"):
        table.add_column(heading, justify="right")
    for row in many(parser.parse_args(arguments).offers):
        table.add_row(str(row.offers), f"{row.milliseconds:.0f}", f"{row.resident_mb:.0f}", f"{row.pack_kb:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
