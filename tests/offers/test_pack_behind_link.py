"""The pack behind a customer's link is the one that goes with the offer, never an earlier one."""

from collections.abc import Callable

from assistant.context import Parts
from crm import offers as offer_records
from crm.actor import Actor
from crm.session import unit
from offers import attaching
from offers.accepting import Accepting, make_link
from offers.packing import files_to_send
from tests.offers.pack_world import offer, pdf, put

People = Callable[[str], Actor]


def test_a_file_taken_off_again_is_not_behind_the_link(parts: Parts, people: People) -> None:
    nora, ada = people("nora"), people("ada")
    secret = put(parts, ada, pdf("INTERNAL"), "Internal")
    number = offer(parts, nora)
    with unit(parts.engine, nora) as session:
        attaching.attach(session, offer_records.by_number(session, number).latest, [(secret, attaching.PERSON)])
    files_to_send(parts.engine, parts.settings, nora, number, as_pack=True)
    with unit(parts.engine, nora) as session:
        attaching.detach(session, offer_records.by_number(session, number).latest, secret.code)
    parts.offers.issue(nora, number)
    with unit(parts.engine, nora) as session:
        token = make_link(session, offer_records.by_number(session, number)).removeprefix("/o/")
    assert "pack" not in Accepting(parts.engine, parts.settings).look(token).files
