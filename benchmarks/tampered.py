"""Offers drafted from random prompts while a model lies in every field: what is printed is what the database says.

`python -m benchmarks.tampered --drafts 1000` prints how often the model was asked and what came of it, and exits with 1
when a printed figure differs from the one recomputed from the price rows, or an offer from what its prompt said.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from rich.console import Console

from assistant.ask import Ask
from assistant.context import Parts, Turn
from assistant.model import AnsweringModel
from assistant.offering import reader_for
from assistant.scoring.offer_runs import Unrendered
from benchmarks.lying_model import LyingModel
from benchmarks.tampered_prompts import Asked, asked, lie
from core.settings import Settings
from crm import engine as crm_engine
from crm import offers as offer_records
from crm.people import actor_for
from crm.session import unit
from demo.load import load
from offers.answers import Pending
from offers.clarify import Clarification
from offers.documents import read_back
from offers.service import Offers
from offers.sheet import OfferSheet
from offers.to_sheet import offer_sheet
from offers.view import OfferView
from retrieval.index import Knowledge

_UNITS = 10_000
_EVERY = 50


@dataclass
class Tally:
    """What came of the drafts. `asked_model` counts answers the model gave; `differ` are offers whose printed figures
    are not the recomputed ones, `untrue` offers that say something else than their prompt."""

    drafts: int = 0
    offers: int = 0
    questions: int = 0
    asked_model: int = 0
    read_back: int = 0
    differ: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)


def run(parts: Parts, model: LyingModel, drafts: int, seed: int = 1, every: int = _EVERY) -> Tally:
    """Draft `drafts` offers over the demo company of `parts`, whose model is `model`; the files of every
    `every`th offer are made and read back."""
    chance, tally = random.Random(seed), Tally()
    chain = Unrendered(parts.engine, parts.settings)
    for _ in range(drafts):
        wanted = asked(chance)
        model.answer = json.dumps(lie(wanted, chance))
        tally.drafts += 1
        came = _draft(parts, chain, wanted)
        if isinstance(came, Clarification):
            tally.questions += 1
            continue
        tally.offers += 1
        _check(parts, wanted, came, tally)
        if tally.offers % every == 1:
            _read_back(parts, wanted, came, tally)
    tally.asked_model = model.asked
    return tally


def _draft(parts: Parts, chain: Offers, wanted: Asked) -> OfferView | Clarification:
    actor = actor_for(parts.engine, wanted.user)
    turn = Turn(parts, actor, Ask(wanted.prompt), wanted.language)
    read, _ = asyncio.run(reader_for(turn, Pending(prompt=wanted.prompt, language=wanted.language, asked="")))
    return chain.draft(actor, wanted.prompt, read, wanted.language)


def _sheet(parts: Parts, wanted: Asked, number: str) -> OfferSheet:
    with unit(parts.engine, actor_for(parts.engine, wanted.user), writes=False) as session:
        return offer_sheet(session, offer_records.by_number(session, number))


def _check(parts: Parts, wanted: Asked, came: OfferView, tally: Tally) -> None:
    sheet = _sheet(parts, wanted, came.number)
    recomputed = recompute(parts.settings.home / "crm.db", came.number)
    printed = (sheet.totals.net, sheet.totals.vat, sheet.totals.gross)
    shown = tuple(Decimal(n) for n in (came.totals.net, came.totals.vat, came.totals.gross))
    if not printed == shown == recomputed:
        tally.differ.append(f"{came.number}: {printed} printed, {shown} shown, {recomputed} recomputed")
    lines = sorted((line.sku, line.quantity, line.discount_percent) for line in sheet.lines)
    said = (came.customer.code, came.currency, lines, came.valid_until)
    true = (wanted.customer, wanted.currency, sorted(wanted.lines), wanted.valid_until)
    if said != true:
        tally.untrue.append(f"{wanted.prompt}: {said}, not {true}")


def _read_back(parts: Parts, wanted: Asked, came: OfferView, tally: Tally) -> None:
    """Makes the files, which are compared with the sheet to the cent as they are made, and reads them once more."""
    actor = actor_for(parts.engine, wanted.user)
    made = Offers(parts.engine, parts.settings).ensure_documents(actor, came.number)
    sheet = _sheet(parts, wanted, came.number)
    for document in made.documents:
        if document.path is not None:
            read_back(parts.settings.home / document.path, sheet)
            tally.read_back += 1


def recompute(database: Path, number: str) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT and gross of the newest version of an offer, from its quantities and discounts and the price rows alone,
    in SQL and arithmetic of its own."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "select l.quantity, p.unit_price, l.discount_percent, g.vat_percent, v.currency from offers o "
            "join offer_versions v on v.offer_id = o.id and v.ordinal = o.latest_version "
            "join offer_lines l on l.offer_version_id = v.id join products g on g.sku = l.sku "
            "join prices p on p.product_id = g.id and p.currency = v.currency and p.price_list_id = 0 "
            "and p.minimum_quantity = 0 and p.valid_to is null where o.number = ? and l.optional = 0",
            (number,),
        ).fetchall()
    by_rate: dict[int, Decimal] = {}
    cent = Decimal(1) if rows[0][4] == "HUF" else Decimal("0.01")
    for quantity, price, discount, vat, _ in rows:
        exact = Decimal(quantity) * price * (100 * _UNITS - discount) / (Decimal(_UNITS) ** 3 * 100)
        by_rate[vat] = by_rate.get(vat, Decimal(0)) + exact.quantize(cent, ROUND_HALF_UP)
    net = sum(by_rate.values(), Decimal(0))
    taxes = ((n * vat / (100 * _UNITS)).quantize(cent, ROUND_HALF_UP) for vat, n in by_rate.items())
    tax = sum(taxes, Decimal(0))
    return net, tax, net + tax


class _NoWords:
    """An embedder that is never asked: drafting searches no page."""

    name = "none"
    dimension = 4

    def queries(self, texts: Sequence[str]) -> object:
        """Never called."""
        raise NotImplementedError

    passages = queries


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tampered", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--drafts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as home, LyingModel() as model:
        settings = Settings(home=Path(home), openai_base_url=model.url, model="lying")
        engine = crm_engine.connect(settings)
        crm_engine.migrate(engine)
        load(engine)
        knowledge = Knowledge(settings, engine, _NoWords(), vectors="exact")  # type: ignore[arg-type]
        parts = Parts(settings, engine, knowledge, Offers(engine, settings), AnsweringModel(settings))
        tally = run(parts, model, given.drafts, given.seed)
        knowledge.close()
        engine.dispose()
    console = Console()
    console.print(
        f"{tally.drafts} drafts: {tally.offers} offers, {tally.questions} questions; the model answered "
        f"{tally.asked_model} times; {tally.read_back} files read back; {len(tally.differ)} totals differ, "
        f"{len(tally.untrue)} offers say something else than their prompt"
    )
    for line in (*tally.differ, *tally.untrue):
        console.print(line)
    return 1 if tally.differ or tally.untrue else 0


if __name__ == "__main__":
    raise SystemExit(main())
