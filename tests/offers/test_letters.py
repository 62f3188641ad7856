"""The cover letter: the customer's language, facts of the record and no others."""

import re
from collections.abc import Callable

import pytest

from assistant.context import Parts
from core.language import LANGUAGES, Language
from core.money import print_money
from crm import letters as wording
from crm import offers as offer_records
from crm.actor import Actor
from crm.customer_fields import FieldsRefused
from crm.letters import LetterTemplate, TypedTemplate
from crm.session import unit
from crm.tables import Contact
from offers.currency import as_currency
from offers.letters import Letter, filled, letter, salutation, shipped_template
from tests.offers.pack_world import offer, pdf, put

People = Callable[[str], Actor]
CUSTOMERS: dict[Language, str] = {"hu": "C0001", "pl": "C0004", "en": "C0005"}
KOVACS = Contact(family_name="Kovács", given_name="Anna")


@pytest.mark.parametrize(
    ("language", "known", "unknown"),
    [
        ("hu", "Tisztelt Kovács Anna!", "Tisztelt Partnerünk!"),
        ("pl", "Szanowni Państwo,", "Szanowni Państwo,"),
        ("en", "Dear Anna Kovács,", "Dear Sir or Madam,"),
    ],
)
def test_the_customer_is_addressed_as_is_usual_in_their_language(language: Language, known: str, unknown: str) -> None:
    assert salutation(KOVACS, language) == known
    assert salutation(None, language) == unknown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_what_the_offer_says(parts: Parts, people: People, language: Language) -> None:
    put(parts, people("mate"), pdf("t"), "Terms of ours", automatic=True)
    number = offer(parts, people("nora"), CUSTOMERS[language])
    with unit(parts.engine, people("nora"), writes=False) as session:
        found = offer_records.by_number(session, number)
        drafted = letter(session, found, language)
        gross = print_money(found.latest.gross, as_currency(found.latest.currency), language)
        name = found.latest.lines[0].name
    assert number in drafted.subject
    for fact in (number, gross, name, "Terms of ours", "{link}"):
        assert fact in drafted.body
    assert not re.findall(r"\{(?!link\})", drafted.body)


def test_a_line_with_nothing_to_say_is_left_out_with_its_heading() -> None:
    template = LetterTemplate(
        subject="{number}", body="Hello\n\nAttached:\n{attachments}\n\nDelivery: {delivery}\nTotal: {gross}"
    )
    assert filled(template, {"number": "X", "gross": "5 Ft"}, "en") == Letter("X", "Hello\n\nTotal: 5 Ft", "en")


def test_what_stands_in_a_record_is_never_taken_for_a_place() -> None:
    template = LetterTemplate(subject="s", body="{company}: {gross}")
    assert filled(template, {"company": "{net}", "gross": "5", "net": "3"}, "en").body == "{net}: 5"


def test_a_printed_letter_has_no_line_about_the_link() -> None:
    drafted = Letter("s", "One\n\nSee {link}\n\nTwo", "en")
    assert drafted.without_link().body == "One\n\nTwo"


def test_an_administrator_words_the_letters_and_an_unknown_place_is_refused(parts: Parts, people: People) -> None:
    with pytest.raises(FieldsRefused) as refused, unit(parts.engine, people("ada")) as session:
        wording.save(session, 0, {"hu": TypedTemplate("{number}", "Ár: {price}")})
    assert refused.value.faults["body_hu"].code == "letter_broken"
    with unit(parts.engine, people("ada")) as session:
        wording.save(session, 0, {"hu": TypedTemplate("{number}", "Összesen {gross}"), "pl": TypedTemplate()})
    number = offer(parts, people("nora"))
    with unit(parts.engine, people("nora"), writes=False) as session:
        found = offer_records.by_number(session, number)
        assert letter(session, found, "hu").subject == number
        assert shipped_template("pl").subject.split("{")[0] in letter(session, found, "pl").subject
