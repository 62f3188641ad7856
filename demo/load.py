"""Loading the demo company: nine people, forty-five customers in three countries, and what happens with them."""

import csv
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from sqlalchemy import Engine, select

from core.clock import today
from core.errors import AppError
from core.language import Language
from crm import people
from crm.actor import SYSTEM
from crm.days import moment_at
from crm.imports import ImportKind, run_import
from crm.session import unit
from crm.tables import Activity, Customer, User
from demo.prices import load_prices

DATA = Path(__file__).with_name("data")

# The day the data was written for: dates are moved by as many days as have passed since.
WRITTEN_FOR = date(2026, 1, 15)
_DATES: dict[ImportKind, str] = {"opportunities": "created", "activities": "due"}
# Activities last: once there are any, everything is.
_ORDER: tuple[ImportKind, ...] = ("users", "products", "customers", "contacts", "opportunities", "activities")
_MARK = "@virtuo.example"

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class DemoLogin:
    """A login of the demo company with its password, level and language."""

    login: str
    password: str
    role: str
    language: Language


def demo_password(login: str) -> str:
    """The password of a demo login: no secret, and the same each time."""
    return f"{login}-demo-2026"


def load(engine: Engine, progress: Progress | None = None) -> list[DemoLogin]:
    """Put the demo company into a migrated database, with dates around today, and set the demo passwords.

    A second time it leaves the records as they have become and sets the passwords again. `progress` is called
    with the kind, the rows done and their number. Raises `AppError("demo_not_empty")` where another company's
    records are.
    """
    with unit(engine, SYSTEM, writes=False) as session:
        ours = session.scalar(select(User.id).where(User.login == "admin", User.email == f"admin{_MARK}"))
        loaded = session.scalar(select(Activity.id).limit(1)) is not None
        anyone = session.scalar(select(User.id).limit(1)) or session.scalar(select(Customer.id).limit(1))
    if anyone is not None and ours is None:
        raise AppError("demo_not_empty", 409)
    if not loaded:
        _import(engine, progress)
        load_prices(engine)
    return _sign_ins(engine)


def _import(engine: Engine, progress: Progress | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind in _ORDER:
            file = DATA / f"{kind}.csv"
            if kind in _DATES:
                file = _moved(file, _DATES[kind], Path(folder))
            told = None if progress is None else _of_kind(progress, kind)
            report = run_import(engine, kind, file, strict=True, progress=told)
            if report.rejected:
                raise AssertionError(report.rejected[0].message("en"))
    _set_hours(engine)


def _set_hours(engine: Engine) -> None:
    """Give meetings and every second call an hour of the working day, so that the calendar shows some."""
    with unit(engine, SYSTEM) as session:
        timed = select(Activity).where(Activity.type_code.in_(("meeting", "call")), Activity.due.is_not(None))
        for activity in session.scalars(timed.order_by(Activity.id)):
            if activity.due is not None and (activity.type_code == "meeting" or activity.id % 2):
                activity.starts_at = moment_at(activity.due, time(9 + activity.id % 8, 30 * (activity.id % 2)))
                activity.minutes = 60 if activity.type_code == "meeting" else 20


def _of_kind(progress: Progress, kind: str) -> Callable[[int, int | None], None]:
    return lambda done, total: progress(kind, done, total)


def _moved(file: Path, column: str, folder: Path) -> Path:
    """A copy of `file` in `folder` with the dates in `column` moved as far as today is from when it was written."""
    moved = folder / file.name
    distance = today() - WRITTEN_FOR
    with file.open(encoding="utf-8", newline="") as source, moved.open("w", encoding="utf-8", newline="") as target:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, list(reader.fieldnames or ()))
        writer.writeheader()
        for row in reader:
            writer.writerow({**row, column: (date.fromisoformat(row[column]) + distance).isoformat()})
    return moved


def _sign_ins(engine: Engine) -> list[DemoLogin]:
    with unit(engine, SYSTEM, writes=False) as session:
        users = list(session.scalars(select(User).where(User.email.endswith(_MARK)).order_by(User.id)))
    logins = [DemoLogin(u.login, demo_password(u.login), u.role_code, people.as_language(u.language)) for u in users]
    for demo in logins:
        people.set_password(engine, demo.login, demo.password)
    return logins
