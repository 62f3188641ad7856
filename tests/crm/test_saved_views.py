"""Saved views: each its user's alone, of screens that have lists, with addresses that stay small and clean."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from core.errors import AppError, NotFound
from crm import saved_views
from crm.actor import Actor
from crm.session import unit

People = Callable[[str], Actor]


def test_a_view_is_its_users_alone_even_for_administrators(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        mine = saved_views.save(session, "customers", "Aktívak", "status=active&order=name")
    for login in ("rita", "ada"):
        with unit(engine, people(login)) as session:
            assert saved_views.of(session, "customers") == []
            for attempt in (saved_views.by_id, saved_views.delete, lambda s, n: saved_views.rename(s, n, "Enyém")):
                with pytest.raises(NotFound):
                    attempt(session, mine.id)
    with unit(engine, people("nora")) as session:
        assert [view.name for view in saved_views.of(session, "customers")] == ["Aktívak"]
        assert saved_views.of(session, "offers") == []


def test_saving_under_a_name_that_is_there_replaces_it(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        saved_views.save(session, "customers", " Aktívak ", "status=active")
        saved_views.save(session, "customers", "Aktívak", "status=active&city=V%C3%A1c")
        assert [view.query for view in saved_views.of(session, "customers")] == ["status=active&city=V%C3%A1c"]


def test_a_view_keeps_how_the_list_is_but_not_where_one_was_in_it(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        view = saved_views.save(session, "customers", "x", "?q=%22%3E%3Cb&offset=50&status=&order=-name&page=3")
    assert view.query == "q=%22%3E%3Cb&order=-name"


def test_renaming_takes_a_free_name_and_deleting_forgets(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        one = saved_views.save(session, "customers", "egy", "status=active")
        saved_views.save(session, "customers", "kettő", "status=former")
        assert saved_views.rename(session, one.id, "három").name == "három"
        with pytest.raises(AppError, match="kettő"):
            saved_views.rename(session, one.id, "kettő")
        saved_views.delete(session, one.id)
        assert [view.name for view in saved_views.of(session, "customers")] == ["kettő"]


@pytest.mark.parametrize(
    ("screen", "name", "query", "code"),
    [
        ("nowhere", "x", "", "view_unknown_screen"),
        ("customers", "  \u200b ", "", "view_name"),
        ("customers", "x" * 61, "", "view_name"),
        ("customers", "x", "q=" + "x" * 2_000, "view_too_long"),
    ],
)
def test_what_is_no_view_is_refused(
    engine: Engine, people: People, screen: str, name: str, query: str, code: str
) -> None:
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        saved_views.save(session, screen, name, query)
    assert refused.value.code == code


def test_there_is_an_end_to_how_many_views_one_keeps(engine: Engine, people: People) -> None:
    with unit(engine, people("nora")) as session:
        for n in range(saved_views.MOST_VIEWS):
            saved_views.save(session, "customers", str(n), "status=active")
        with pytest.raises(AppError) as refused:
            saved_views.save(session, "customers", "még egy", "status=active")
        assert refused.value.code == "view_too_many"
        saved_views.save(session, "offers", "más képernyőn igen", "status=active")


def test_a_view_of_too_many_conditions_is_refused(engine: Engine, people: People) -> None:
    fits, more = ("&".join(f"a{n}=1" for n in range(count)) for count in (100, 101))
    with unit(engine, people("nora")) as session:
        assert saved_views.save(session, "customers", "x", fits).query == fits
        with pytest.raises(AppError) as refused:
            saved_views.save(session, "customers", "y", more)
    assert refused.value.code == "view_too_long"
