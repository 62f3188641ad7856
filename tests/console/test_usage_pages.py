"""The screen of what the model used: everyone's for administrators, one's own on the profile, and the budgets."""

from collections.abc import Callable

from assistant.context import Parts
from crm import usage
from crm.actor import Actor
from crm.company import company
from crm.session import unit
from tests.conftest import ConsoleClient

People = Callable[[str], Actor]
Console = Callable[[str], ConsoleClient]
TYPED: dict[str, object] = {
    "user_calls": "40",
    "user_tokens": "100 000",
    "company_money": "2,50",
    "price_in": "0.25",
    "price_out": "2",
    "currency": "eur",
}


def used(parts: Parts, actor: Actor) -> None:
    usage.admit(parts.engine, actor.user_id)
    usage.count(parts.engine, actor.user_id, 1234, 56, 2.0)


def test_an_administrator_sees_every_user_by_day(console: Console, parts: Parts, people: People) -> None:
    used(parts, people("nora"))
    page = console("ada").get("/settings/usage").text
    assert "Teszt" in page and "1234" in page.replace("\u00a0", "").replace(" ", "")


def test_others_have_no_such_screen_and_see_their_own_on_the_profile(
    console: Console, parts: Parts, people: People
) -> None:
    used(parts, people("nora"))
    nora, mate = console("nora"), console("mate")
    assert nora.get("/settings/usage").status_code == mate.get("/settings/usage").status_code == 404
    assert nora.post("/settings/usage", data=TYPED).status_code in (403, 404)
    assert "Nyelvi modell ma" in nora.get("/profile").text
    assert "Nyelvi modell ma" not in mate.get("/profile").text


def test_budgets_are_kept_as_typed_in_the_users_way(console: Console, parts: Parts, people: People) -> None:
    ada = console("ada")
    saved = ada.post("/settings/usage", data={**TYPED, "version": 0})
    assert saved.status_code == 303
    with unit(parts.engine, people("ada"), writes=False) as session:
        kept = company(session).model_budgets
    assert (kept.user.calls, kept.user.tokens, str(kept.company.money), kept.currency) == (40, 100_000, "2.50", "EUR")
    assert kept.company.calls is None


def test_what_is_no_limit_is_told_at_its_field_and_nothing_is_lost(console: Console) -> None:
    wrong = console("ada").post("/settings/usage", data={**TYPED, "user_calls": "-3", "currency": "euro", "version": 0})
    assert wrong.status_code == 422
    assert 'id="error-user_calls"' in wrong.text and 'id="error-currency"' in wrong.text and "2,50" in wrong.text


def test_the_api_gives_ones_own_usage(client: object, parts: Parts, people: People, as_user: object) -> None:
    used(parts, people("nora"))
    used(parts, people("rita"))
    for login, seen in (("nora", ["nora"]), ("ada", ["nora", "rita"])):
        answer = client.get("/api/v1/usage", headers=as_user(login)).json()  # type: ignore[attr-defined, operator]
        assert [day["login"] for day in answer["days"]] == seen
