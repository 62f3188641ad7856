"""Every kind of question about records, in three languages and several wordings, comes to the exact figure."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.live.answers import Choice, answer
from assistant.live.found import Found
from assistant.live.kinds import kinds
from assistant.live.lexicon import read_toml
from assistant.live.question import LiveQuestion, Span, Whose
from assistant.live.reading import Message, read
from assistant.live.wording import MOST_ROWS, text_of
from core.clock import today
from core.language import Language
from core.settings import Settings
from crm import engine as crm_engine
from crm.people import actor_for
from crm.session import unit
from offers.draft import OnScreen
from offers.names import VisibleNames
from offers.understand import strength
from tests.assistant.live_samples import GENERAL, SPEAKS, wordings
from tests.assistant.live_world import Oracle, World, make_world

WHO = {language: login for login, language in SPEAKS.items()}
_FIGURE = re.compile(r"\*\*(\d+)\*\*")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[tuple[Engine, World]]:
    """The demo company with offers, on SQLite."""
    settings = Settings(home=tmp_path_factory.mktemp("live"))
    shutil.copy(migrated_sqlite, settings.home / "crm.db")
    engine = crm_engine.connect(settings)
    yield engine, make_world(engine)
    engine.dispose()


Asked = tuple[LiveQuestion | None, Found | Choice | None]


@pytest.fixture(scope="module")
def ask(live: tuple[Engine, World]) -> Callable[..., Asked]:
    """The question a user's message is understood as, and its answer."""
    engine, _ = live

    def run(login: str, text: str, language: Language, on_screen: OnScreen | None = None) -> Asked:
        with unit(engine, actor_for(engine, login), writes=False) as session:
            seen = strength(text, VisibleNames(session), language=language)
            named = seen.customer or seen.named or seen.products > 0
            question = read(session, Message(text, language, on_screen, named))
            return question, None if question is None else answer(session, question, language)

    return run


Ask = Callable[..., Asked]


def figure(found: Found) -> int:
    """The number the sentence says; nothing found is zero."""
    told = _FIGURE.search(found.sentence)
    return int(told.group(1)) if told else 0


def check_counted(world: World, login: str, question: LiveQuestion, found: Found) -> None:
    """The figure, the rows and the total are those that going through every row by hand gives."""
    expected = Oracle(world, login).counted(question)
    assert expected is not None
    shown = {row.page_id for row in found.rows}
    if question.kind == "opportunities_by_stage":
        assert figure(found) == len(expected)
        assert sum(int(row.text.split(",")[0]) for row in found.rows) == len(expected)
        return
    if question.kind == "opportunities_biggest":
        assert shown <= expected and len(shown) == min(len(expected), len(found.rows))
        return
    assert figure(found) == len(expected) == found.total
    assert shown <= expected and len(shown) == min(len(expected), MOST_ROWS)


@pytest.mark.parametrize(("kind", "language", "text"), wordings())
def test_each_wording_is_understood_and_comes_to_the_exact_figure(
    ask: Ask, live: tuple[Engine, World], kind: str, language: Language, text: str
) -> None:
    question, found = ask(WHO[language], text, language)
    assert question is not None and question.kind == kind
    assert isinstance(found, Found) and found.known
    if Oracle(live[1], WHO[language]).counted(question) is not None:
        check_counted(live[1], WHO[language], question, found)
    assert text_of(found, language).count("](/") == len(found.rows)


@pytest.mark.parametrize("login", ["bence", "vera", "grace"])
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_counts_hold_only_what_the_asker_may_see(ask: Ask, live: tuple[Engine, World], kind: str, login: str) -> None:
    text = str(read_toml("examples")[kind]["hu"])
    question, found = ask(login, text, "hu")
    reach = {c.code for c in live[1].customers if c.id in live[1].reach(login)}
    if question is None or isinstance(found, Choice):
        # Nothing of that name is within their reach: it is no question about a record they may see.
        assert kinds()[kind].takes & {"customer", "product", "campaign"}
        return
    assert isinstance(found, Found)
    if not found.known:
        assert found.rows == () and found.list_url == ""
    elif Oracle(live[1], login).counted(question) is not None:
        check_counted(live[1], login, question, found)
    for row in found.rows:
        if row.page_id.startswith("customer:"):
            assert row.page_id.removeprefix("customer:") in reach


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, texts in GENERAL.items() for text in texts])
def test_questions_about_how_things_are_belong_to_the_pages(ask: Ask, language: Language, text: str) -> None:
    assert ask(WHO[language], text, language) == (None, None)


@pytest.mark.parametrize(
    "text", ["Ki a felelőse a Szélrózsa Utazási Iroda Kft.-nek?", "Ki a felelőse a Nincsilyen Kft.-nek?"]
)
def test_a_customer_out_of_reach_is_answered_like_one_that_does_not_exist(ask: Ask, text: str) -> None:
    _, found = ask("grace", text, "hu")
    assert isinstance(found, Found)
    assert not found.known and found.rows == ()
    assert re.fullmatch(r"Nem ismerek ilyen ügyfelet: „.*”\.", found.sentence)


@pytest.mark.parametrize("code", ["O0003", "O9999"])
def test_an_opportunity_out_of_reach_is_answered_like_one_that_does_not_exist(ask: Ask, code: str) -> None:
    _, found = ask("bence", f"Melyik szakaszban van az {code}?", "hu")
    assert isinstance(found, Found)
    assert (found.known, found.rows, found.sentence) == (False, (), f"Nem ismerek ilyen rekordot: „{code}”.")


@pytest.mark.parametrize(
    ("text", "language", "whose", "value"),
    [
        ("How many customers do I have?", "en", Whose("me"), ""),
        ("Hány hívást bonyolítottam le az elmúlt 90 napban?", "hu", Whose("me"), ""),
        ("Mennyi ajánlatot adtunk ki idén?", "hu", Whose("all"), ""),
        ("Lilla ügyfelei", "hu", Whose("person", "lilla"), ""),
        ("otwarte szanse Magdy", "pl", Whose("person", "magda"), ""),
        ("Pokaż otwarte oferty mojego zespołu", "pl", Whose("team"), ""),
        ("Hány ügyfelünk van Győrben?", "hu", Whose("all"), "Győr"),
        ("Klienci w Poznaniu", "pl", Whose("all"), "Poznań"),
        ("customers in segment A", "en", Whose("all"), "A"),
        ("How many active customers do we have in London?", "en", Whose("all"), "London active"),
        ("Co utknęło na etapie decyzji od ponad 30 dni?", "pl", Whose("all"), "decision 30"),
        ("What is stuck in decision for two weeks?", "en", Whose("all"), "decision 14"),
    ],
)
def test_whose_and_what_it_is_narrowed_to(ask: Ask, text: str, language: Language, whose: Whose, value: str) -> None:
    question, _ = ask(WHO[language], text, language)
    assert question is not None and question.whose == whose
    told = (question.city, question.segment, question.status, question.stage, str(question.days or ""))
    assert " ".join(part for part in told if part) == value


def test_the_days_to_come_are_meant_where_things_expire(ask: Ask) -> None:
    question, _ = ask("magda", "Które oferty wygasają w ciągu 30 dni?", "pl")
    assert question is not None and question.span == Span(today(), today() + timedelta(days=30))


def test_this_customer_is_the_one_on_screen(ask: Ask) -> None:
    question, found = ask("anna", "Ki ennek az ügyfélnek a felelőse?", "hu", OnScreen("customer", "C0002"))
    assert question is not None and question.customers == ("C0002",)
    assert isinstance(found, Found) and "Vadas Lilla" in found.sentence


def test_my_tasks_are_mine_whatever_customer_is_on_screen(ask: Ask) -> None:
    question, _ = ask("anna", "my tasks today", "en", OnScreen("customer", "C0002"))
    assert question is not None and (question.kind, question.customers) == ("tasks_due", ())


def test_a_name_two_customers_bear_is_asked_about(ask: Ask) -> None:
    _, asked = ask("anna", "Kovács kapcsolattartói", "hu")
    assert isinstance(asked, Choice)
    assert {code for _, code in asked.choices} == {"C0001", "C0002"}


def test_nothing_found_is_said_so(ask: Ask) -> None:
    _, found = ask("admin", "my overdue tasks", "en")
    assert isinstance(found, Found)
    assert found.known and found.sentence.startswith("No overdue tasks (yours; as of ")


def test_sums_are_told_for_each_currency_and_never_added_up(ask: Ask) -> None:
    _, found = ask("vera", "How many offers have we issued in the last 60 days and what is their total?", "en")
    assert isinstance(found, Found)
    assert "net 99.90 EUR; 380,000 HUF; 2,012.33 PLN" in found.sentence.replace("\xa0", " ")
