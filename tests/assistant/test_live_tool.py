"""The records tool of a model: exact figures as sources, within the rights of the asking user, whatever it asks."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import ValidationError

from assistant.ask import Ask
from assistant.context import Parts
from assistant.live.kinds import kinds
from assistant.live.tool import RecordsQuery, question_of
from assistant.model import AnsweringModel
from assistant.tools import BoundTools
from assistant.turn import reply_to
from crm.actor import Actor
from tests.assistant.scripted_model import Call, Say, ScriptedModel, Step, call, say

People = Callable[[str], Actor]
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def bound(parts: Parts, actor: Actor) -> BoundTools:
    return BoundTools(parts.engine, parts.knowledge, actor, "en")


def test_the_figure_comes_first_and_its_records_after_it(parts: Parts, people: People) -> None:
    found = bound(parts, people("nora")).count_and_list(RecordsQuery(kind="customers", whose="me"))
    assert found[0].text.startswith("Customers: 3 (yours; ")
    assert found[0].url == "/customers?owner=me&order=name"
    assert [one.page_id for one in found[1:]] == ["customer:C0001", "customer:C0005", "customer:C0004"]
    assert [one.n for one in found] == [1, 2, 3, 4]


def test_it_counts_what_the_asker_may_see_and_no_more(parts: Parts, people: People) -> None:
    everybody, own = (
        bound(parts, people(login)).count_and_list(RecordsQuery(kind="customers"))[0].text for login in ("nora", "rita")
    )
    assert everybody.startswith("Customers: 5 ") and own.startswith("Customers: 2 ")


@pytest.mark.parametrize("customer", ["C0001", "C9999"])
def test_a_customer_out_of_reach_gives_what_one_that_does_not_exist_gives(
    parts: Parts, people: People, customer: str
) -> None:
    query = RecordsQuery(kind="customer_contacts", customer=customer)
    assert bound(parts, people("rita")).count_and_list(query) == ()


def test_no_argument_says_who_is_asking(parts: Parts) -> None:
    assert not {"user", "actor", "login", "user_id"} & RecordsQuery.model_fields.keys()
    with pytest.raises(ValidationError):
        RecordsQuery.model_validate({"kind": "customers", "actor": "mate"})


def test_a_kind_that_lacks_its_record_or_does_not_exist_finds_nothing(parts: Parts) -> None:
    about_one = [name for name in kinds() if question_of(RecordsQuery(kind=name)) is None]
    assert {"customer_owner", "customer_contacts", "opportunity_facts", "product_price", "offer_last"} <= set(about_one)
    assert not {"offers_open", "tasks_overdue", "customers", "my_level"} & set(about_one)
    assert question_of(RecordsQuery(kind="delete_everything")) is None


def test_a_model_answers_with_the_figure_and_cites_it(parts: Parts, people: People) -> None:
    steps: list[Step] = [call("count_and_list", kind="customers", whose="me"), _cite]
    with ScriptedModel(steps) as server:
        modelled = replace(parts, model=AnsweringModel(server.settings()))
        reply = asyncio.run(
            reply_to(modelled, people("nora"), Ask("In what way are my firms spread over the country?"))
        )
    assert "3" in reply.text
    assert reply.citations[0].page_id == "records:customers"


def _cite(request: dict[str, object]) -> Say | Call:
    messages = request["messages"]
    assert isinstance(messages, list)
    told = str(messages[-1]["content"])
    number = told.split("<<<SOURCE ", 1)[1].split(" ", 1)[0]
    return say(f"Customers: 3 (yours) [{number}].")
