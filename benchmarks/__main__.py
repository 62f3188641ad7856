"""Runs the benchmarks: `python -m benchmarks [--quick] [NAME ...]`; without a name all of them.

Prints one table and writes the figures, with the machine and the date, to build/bench.json.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    customer_list,
    growth,
    prompt_to_documents,
    prompt_to_pack,
    question_to_answer,
    sales_screens,
    scoped_search,
)
from benchmarks.figures import Figure, machine

BENCHMARKS = {
    module.NAME: module.run
    for module in (
        question_to_answer,
        prompt_to_documents,
        prompt_to_pack,
        scoped_search,
        customer_list,
        sales_screens,
        growth,
    )
}
TARGET = Path(__file__).parents[1] / "build" / "bench.json"


_WIDTH = 110


def table(figures: Sequence[Figure]) -> Table:
    """The figures for reading: milliseconds, and how many times the floor's they are."""
    made = Table()
    for heading in ("benchmark", "case", "n", "median ms", "p95 ms", "floor ms", "ratio", "p95 ratio"):
        made.add_column(heading, justify="left" if heading in ("benchmark", "case") else "right", no_wrap=True)
    for f in figures:
        times = (f"{f.median_ms:.1f}", f"{f.p95_ms:.1f}", f"{f.floor_median_ms:.1f}")
        made.add_row(f.benchmark, f.case, str(f.samples), *times, f"{f.ratio:.2f}", f"{f.ratio_p95:.2f}")
    return made


def remarks(f: Figure) -> str:
    """What the case was compared with, where its time goes, and what else was noted."""
    said = [f"{f.benchmark}, {f.case}: against {f.floor}"]
    if f.parts:
        said.append("ms in " + ", ".join(f"{part} {spent:.1f}" for part, spent in f.parts.items()))
    said += [f"{name}: {value}" for name, value in f.notes.items()]
    return "; ".join(said)


def as_json(figures: Sequence[Figure], before: dict[str, object], *, quick: bool) -> str:
    """The figures as JSON; `before` is the machine as it was when the run began."""
    rows = [{**asdict(f), "ratio": f.ratio, "ratio_p95": f.ratio_p95} for f in figures]
    return json.dumps({"machine": before, "quick": quick, "figures": rows}, ensure_ascii=False, indent=2) + "\n"


def main(arguments: Sequence[str] | None = None, target: Path = TARGET) -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it runs, not to quote")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    before = machine()
    figures = [
        f for name, run in BENCHMARKS.items() if name in (given.names or BENCHMARKS) for f in run(quick=given.quick)
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(as_json(figures, before, quick=given.quick), encoding="utf-8")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table(figures))
    for f in figures:
        console.print(remarks(f))
    described = ", ".join(f"{name} {value}" for name, value in before.items())
    console.print(f"{described}; written to {target}")


if __name__ == "__main__":
    main()
