"""Time and peak memory of importing many customers into an empty SQLite home.

    python -m benchmarks.import_customers [ROWS] [csv|xlsx] [strict]

Imports the file twice: all new, then all unchanged.
"""

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from core.settings import Settings
from crm import engine as crm_engine
from crm.imports import run_import
from crm.imports.customers import CustomerRow

_COLUMNS = [name for name in CustomerRow.model_fields if name != "number"]


def _row(n: int) -> list[object]:
    cells: dict[str, object] = {
        "code": f"C{n:06d}",
        "name": f"Próba {n} Kereskedelmi és Szolgáltató Kft.",
        "tax_number": "12345676-2-41",
        "country": "HU",
        "city": "Szeged",
        "address": f"Fő utca {n}",
        "employees": n % 500,
        "status": "active",
        "currency": "HUF",
        "language": "hu",
        "payment_days": 8,
    }
    return [cells.get(column, "") for column in _COLUMNS]


def _write(file: Path, rows: int) -> None:
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(_COLUMNS)
            writer.writerows(_row(n) for n in range(1, rows + 1))
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("customers")
    sheet.append(_COLUMNS)
    for n in range(1, rows + 1):
        sheet.append(_row(n))
    book.save(file)


def main() -> None:
    """Run it with the arguments of the command line."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    suffix = sys.argv[2] if len(sys.argv) > 2 else "csv"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"customers.{suffix}"
        _write(file, rows)
        engine = crm_engine.connect(Settings(home=Path(folder) / "home"))
        crm_engine.migrate(engine)
        for label in ("first", "again"):
            start, cpu = time.perf_counter(), time.process_time()
            report = run_import(engine, "customers", file, strict="strict" in sys.argv)
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            counts = f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}"
            speed = f"{seconds:.1f} s ({cpu:.1f} s CPU), {rows / seconds:.0f} rows/s"
            sys.stdout.write(f"{label}: {speed}, peak {peak:.0f} MB; {counts}\n")
        engine.dispose()


if __name__ == "__main__":
    main()
