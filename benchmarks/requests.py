"""What is recognised in twelve requests: `python -m benchmarks.requests` prints the table.

What each asks for was written down by hand, by a person reading it. A line recognised for sure must be that exactly;
one that is asked about is no fault, one that is taken for something else or lost is.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from assistant.requests import places_of
from benchmarks import requests_made as made
from core.clock import today
from core.settings import Settings
from crm.engine import connect, migrate
from crm.people import actor_for
from crm.session import unit
from demo.load import load
from offers.requests import Recognised, RecognisedLine, recognise
from offers.requests.names import VisiblePeople

_WIDTH = 120
# What the catalogue does not have: it must be asked about.
UNKNOWN = ""


@dataclass(frozen=True)
class Wanted:
    """A line as a person reads it: our SKU, `UNKNOWN` for what is not sold, and how many, None where it is not said."""

    sku: str
    quantity: int | None


@dataclass(frozen=True)
class Case:
    """A request: its file, the customer it is from, and what it asks for."""

    name: str
    make: Callable[[], bytes]
    login: str
    customer: str
    lines: tuple[Wanted, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: lines told for sure and rightly, asked about, asked about though nothing was wanted, and
    `wrong` ones, each described."""

    case: Case
    recognised: Recognised
    right: int
    asked: int
    needless: int
    wrong: tuple[str, ...]


def _lines(*lines: tuple[str, int | None]) -> tuple[Wanted, ...]:
    return tuple(Wanted(sku, quantity) for sku, quantity in lines)


CASES = (
    Case(
        "ajanlatkeres.pdf",
        made.hu_letter,
        "admin",
        "C0006",
        _lines(("HW-NB15", 12), ("HW-MON24", 24), ("HW-DOK", 12), (UNKNOWN, 1), ("SZO-OKT", 2)),
    ),
    Case(
        "irodabovites.docx",
        made.hu_word,
        "admin",
        "C0002",
        _lines(("BUT-SZEK", 8), (UNKNOWN, 4), ("HW-MON32", 8), ("HW-FUL", 10), ("SZO-SZALL", 1)),
    ),
    Case(
        "igenyek.xlsx",
        made.hu_sheet,
        "admin",
        "C0008",
        # Which notebook is not said.
        _lines(("KON-KAVE", 25), ("KON-TEJ", 144), (UNKNOWN, 3), (UNKNOWN, 2), ("KONYV-ERT", 5)),
    ),
    Case(
        "level.eml",
        made.hu_mail,
        "admin",
        "C0004",
        _lines(("HW-NB13", 6), ("HW-FUL", 10), ("LIC-PREM", 6), (UNKNOWN, 3)),
    ),
    Case(
        "zapytanie.pdf",
        made.pl_letter,
        "admin",
        "C0030",
        _lines(("HW-NB15", 10), ("HW-MON24", 20), ("BUT-SZEK", None), (UNKNOWN, 2), ("SZO-OKT", 3)),
    ),
    Case(
        "zapytanie.docx",
        made.pl_word,
        "admin",
        "C0029",
        _lines(
            ("HW-MON24", 5), ("HW-DOK", 5), ("HW-FUL", 8), ("KON-KAVE", 12), (UNKNOWN, 2), ("LIC-ALAP", None)
        ),
    ),
    Case(
        "zapotrzebowanie.xlsx",
        made.pl_sheet,
        "admin",
        "C0031",
        _lines(("LIC-PREM", 15), ("LIC-MOB", 15), ("SUP-EJJEL", 1), (UNKNOWN, 7), (UNKNOWN, 4)),
    ),
    Case(
        "wiadomosc.eml",
        made.pl_mail,
        "admin",
        "C0028",
        _lines(("HW-NB13", 4), ("HW-DOK", 4), ("SZO-TAN", 16), ("SZO-ADAT", 1), (UNKNOWN, 2)),
    ),
    Case(
        "rfq.pdf",
        made.en_letter,
        "admin",
        "C0040",
        # The second line's code and name are of two products.
        _lines(("HW-NB15", 8), (UNKNOWN, 8), ("HW-DOK", 8), (UNKNOWN, 4), ("SUP-NAPI", 2)),
    ),
    Case(
        "request.docx",
        made.en_word,
        "admin",
        "C0041",
        _lines(
            ("BUT-SZEK", 6), ("HW-NB13", 2), ("LIC-ALAP", 10), (UNKNOWN, 2), ("SZO-OKT", 1), ("KON-KAVE", 20),
            ("SZO-SZALL", None),
        ),
    ),
    Case(
        "rfq.xlsx",
        made.en_sheet,
        "admin",
        "C0042",
        _lines(("LIC-VALL", 40), ("LIC-MOB", 40), ("SZO-TAN", 24), ("SZO-ADAT", 1), (UNKNOWN, 1), ("LIC-VALL", 3)),
    ),
    Case(
        "mail.eml",
        made.en_mail,
        "admin",
        "C0045",
        _lines(("HW-NB15", 3), ("HW-DOK", 3), ("KONYV-ERT", 50), (UNKNOWN, 2)),
    ),
)  # fmt: skip


def judged(case: Case, recognised: Recognised) -> Outcome:
    """What became of `case`."""
    left = list(case.lines)
    right = asked = needless = 0
    wrong: list[str] = []
    for line in sorted(recognised.lines, key=lambda line: line.sure != "sure"):
        meant = next((wanted for wanted in left if _is(line, wanted)), None)
        if meant is not None:
            left.remove(meant)
        if line.sure == "sure":
            right, wrong = (right + 1, wrong) if meant else (right, [*wrong, f"{line.words} → {line.skus[0]}"])
        else:
            asked, needless = (asked + 1, needless) if meant else (asked, needless + 1)
    wrong += [f"lost: {wanted.sku or '?'} × {wanted.quantity}" for wanted in left]
    whose = recognised.whose
    if whose.sure == "sure" and whose.codes != (case.customer,):
        wrong.append(f"customer {whose.codes}")
    return Outcome(case, recognised, right, asked, needless, tuple(wrong))


def _is(line: RecognisedLine, wanted: Wanted) -> bool:
    """Whether `line` is the wanted one: exactly, if it is sure; else by being asked about with its product among the
    candidates, or its words unknown."""
    quantity = Decimal(line.quantity) if line.quantity is not None else None
    if line.sure == "sure":
        return (line.skus[0], quantity) == (wanted.sku, wanted.quantity)
    if quantity is not None and quantity != wanted.quantity:
        return False
    return wanted.sku in line.skus or wanted.sku == UNKNOWN


def outcomes(engine: Engine) -> list[Outcome]:
    """Every case read and recognised against the demo company's records in `engine`."""
    found = []
    for case in CASES:
        actor = actor_for(engine, case.login)
        places = places_of(case.make(), case.name).places
        with unit(engine, actor, writes=False) as session:
            names = VisiblePeople(session)
            found.append(judged(case, recognise(places, names, language=actor.language, today=today())))
    return found


def table(found: list[Outcome]) -> Table:
    """The outcomes for reading."""
    made_table = Table()
    for heading in ("request", "language", "customer", "lines", "right", "asked", "needless", "wrong"):
        made_table.add_column(heading, justify="left" if heading in ("request", "language", "customer") else "right")
    for each in found:
        whose = each.recognised.whose
        made_table.add_row(
            each.case.name,
            each.recognised.language,
            f"{whose.codes[0] if whose.codes else '?'} ({whose.sure})",
            *map(str, (len(each.case.lines), each.right, each.asked, each.needless, len(each.wrong))),
        )
    totals = (sum(len(e.case.lines) for e in found), sum(e.right for e in found), sum(e.asked for e in found))
    more = (sum(e.needless for e in found), sum(len(e.wrong) for e in found))
    made_table.add_section()
    made_table.add_row("all", "", "", *map(str, (*totals, *more)))
    return made_table


def main() -> int:
    """Print the table; 1 where any line is wrong."""
    console = Console(width=_WIDTH)
    with tempfile.TemporaryDirectory() as home:
        engine = connect(Settings(home=Path(home)))
        migrate(engine)
        load(engine)
        found = outcomes(engine)
        engine.dispose()
    console.print(table(found))
    for each in found:
        for line in each.recognised.lines:
            if line.sure != "sure":
                candidates = ", ".join(line.skus) or "unknown"
                console.print(
                    f"{each.case.name}: {line.words!r}: {candidates} ({', '.join(line.doubts)})", markup=False
                )
        for wrong in each.wrong:
            console.print(f"{each.case.name}: WRONG {wrong}", style="bold red", markup=False)
    return 1 if any(each.wrong for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
