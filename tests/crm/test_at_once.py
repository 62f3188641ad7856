"""Two who make at once what there can be only one of: one makes it, the other is told, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from core.errors import AppError
from crm import help_pages, saved_views, settings_people
from crm.actor import SYSTEM, Actor
from crm.customer_fields import FieldsRefused
from crm.session import unit
from crm.tables import Base, HelpPage, SavedView, Team, User

People = Callable[[str], Actor]


def at_once(work: Callable[[], object]) -> list[str]:
    """What two threads that do `work` at the same time come to: `ok`, or the code of the refusal."""
    ready = Barrier(2)

    def run(_place: int) -> str:
        ready.wait()
        try:
            work()
        except FieldsRefused as refused:
            return next(iter(refused.faults.values())).code
        except AppError as refused:
            return refused.code
        return "ok"

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(run, range(2)))


def kept(engine: Engine, entity: type[Base]) -> int:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(func.count()).select_from(entity)) or 0


def test_what_is_there_already_is_a_conflict_with_its_cause(engine: Engine, people: People) -> None:
    before = (people("ada"), kept(engine, Team))[1]
    with pytest.raises(AppError) as refused, unit(engine, SYSTEM) as session:
        session.add_all([Team(name="Győr"), Team(name="Buda")])
    assert (refused.value.code, refused.value.status) == ("conflict", 409)
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert kept(engine, Team) == before


def test_two_tabs_that_save_the_same_view_keep_one(engine: Engine, people: People) -> None:
    nora = people("nora")
    for n in range(5):

        def save(name: str = f"v{n}") -> None:
            with unit(engine, nora) as session:
                saved_views.save(session, "customers", name, "q=a")

        assert set(at_once(save)) <= {"ok", "conflict"}
        assert kept(engine, SavedView) == n + 1


def test_two_who_add_the_same_user_add_one(engine: Engine, people: People) -> None:
    ada, before = people("ada"), 5
    typed = settings_people.PersonFields("Nagy", "Zsófia", "zs@robo.example", "", "normal", "", "hu")
    for n in range(3):
        login = f"zsofi{n}"
        answers = at_once(lambda login=login: settings_people.create(engine, ada, login, typed, "elegendő hosszú"))
        assert answers.count("ok") == 1 and set(answers) <= {"ok", "conflict", "user_login_taken"}
        assert kept(engine, User) == before + n + 1


def test_two_who_write_the_same_new_page_write_one(engine: Engine, people: People) -> None:
    ada = people("ada")
    for n in range(5):

        def write(page: str = f"page-{n}") -> None:
            with unit(engine, ada) as session:
                help_pages.save(session, page, "hu", 0, help_pages.PageFields("Cím", "Szöveg"))

        assert sorted(at_once(write)) == ["conflict", "ok"]
        assert kept(engine, HelpPage) == n + 1
