"""Options, alternatives, exceptions from a discount: what is sure is marked, what is not is asked."""

import pytest

from core.language import Language
from offers.clarify import first_question
from tests.offers.understand_samples import read

Row = tuple[str, str | None, bool, str | None]


def marked(text: str, language: Language) -> list[Row]:
    """SKU, quantity, whether it is an option, and its group, of each line."""
    return [
        (
            line.products[0].sku,
            None if line.requested.quantity is None else str(line.requested.quantity),
            line.requested.optional,
            line.requested.option_group,
        )
        for line in read(text, language).lines
    ]


def doubts(text: str, language: Language = "hu") -> list[str]:
    return [doubt.code for doubt in read(text, language).doubts]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 lámpa, opcióként 2 nyomtató", "hu"),
        ("5 lámpa, 2 nyomtató opcióként", "hu"),
        ("5 lámpa, 2 nyomtató (opcionális)", "hu"),
        ("5 lampa, opcionalisan 2 lezernyomtato", "hu"),
        ("5 lámpa és opcionálisan két nyomtató", "hu"),
        ("5 lámpa, opciók: 2 nyomtató", "hu"),
        ("5 lámpa és 2 nyomtató, a nyomtatók opcionálisak", "hu"),
        ("5 lampy, opcjonalnie 2 drukarki", "pl"),
        ("5 lampy, 2 drukarki jako opcja", "pl"),
        ("5 lampy, opcje: dwie drukarki", "pl"),
        ("5 desk lamps, optionally 2 laser printers", "en"),
        ("5 desk lamps and 2 laser printers as an option", "en"),
        ("5 desk lamps and, as an option, two laser printers", "en"),
        ("5 desk lamps with an optional 2 laser printers", "en"),
    ],
)
def test_an_option_is_the_line_its_word_speaks_for(text: str, language: Language) -> None:
    assert marked(text, language) == [("P-LAMP", "5", False, None), ("P-NYOM", "2", True, None)]
    assert doubts(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("vagy 5 lámpa vagy 2 nyomtató", "hu"),
        ("5 lámpa vagy 2 nyomtató", "hu"),
        ("vagy 5 lámpa, vagy 2 nyomtató", "hu"),
        ("albo 5 lamp albo 2 drukarki", "pl"),
        ("5 lampy lub 2 drukarki", "pl"),
        ("either 5 desk lamps or 2 laser printers", "en"),
    ],
)
def test_of_alternatives_the_first_counts(text: str, language: Language) -> None:
    assert marked(text, language) == [("P-LAMP", "5", False, "A"), ("P-NYOM", "2", True, "A")]


def test_two_choices_have_two_groups_and_what_is_joined_by_and_is_in_none() -> None:
    rows = marked("2 tablet 8 vagy 2 tablet 11, valamint 3 lámpa, és 1 nyomtató vagy 4 kg fekete tea", "hu")
    assert [(sku, optional, group) for sku, _, optional, group in rows] == [
        ("P-TAB8", False, "A"),
        ("P-TAB11", True, "A"),
        ("P-LAMP", False, None),
        ("P-NYOM", False, "B"),
        ("P-TEA", True, "B"),
    ]


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("5 lámpa, opcióként 2 nyomtató, 3 tablet 8", "hu", "options_open"),
        ("opcióként 2 nyomtató", "hu", "only_options"),
        ("5 lámpa és 3 tablet 8, vagy 2 nyomtató", "hu", "options_open"),
        ("optionally 2 laser printers", "en", "only_options"),
        ("5 lámpa 10% vagy 15% kedvezménnyel", "hu", "discount_open"),
        ("5 lámpa 10-15% kedvezménnyel", "hu", "discount_open"),
        ("5 desk lamps, up to 10% discount", "en", "discount_open"),
        ("5 lamp, rabat do 10%", "pl", "discount_open"),
        ("5 lámpa, 2 nyomtató, 8% kedvezmény, 3 tablet 8", "hu", "discount_open"),
        ("5 lámpa, adj kedvezményt", "hu", "discount_unsaid"),
        ("5 lámpa, 10% kedvezmény, kivéve a nyomtatóra", "hu", "exception_open"),
        ("5 lámpa, nyomtató nem", "hu", "refused_open"),
        ("5 lámpa 3 évre", "hu", "span_open"),
        ("5 desk lamps for 2 years", "en", "span_open"),
        ("5 lámpa, karácsonyig érvényes", "hu", "validity_open"),
    ],
)
def test_what_the_words_leave_open_is_asked(text: str, language: Language, code: str) -> None:
    assert code in doubts(f"Halász Bt.-nek {text}" if language == "hu" else text, language)


def test_a_doubt_becomes_a_question_once_customer_and_lines_are_known() -> None:
    asked = first_question(read("Halász Bt.-nek 5 lámpa 10-15% kedvezménnyel"), "hu")
    assert asked is not None and asked.field == "discount"


@pytest.mark.parametrize("text", ["10 vagy 12 lámpa", "10-12 lámpa"])
def test_two_numbers_are_no_quantity(text: str) -> None:
    assert [line.requested.quantity for line in read(text).lines] == [None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 lámpa és 2 nyomtató, 10% mindenre, kivéve a nyomtatóra", "hu"),
        ("5 lámpa és 2 nyomtató, 10% kedvezmény a nyomtató kivételével", "hu"),
        ("5 lámpa és 2 nyomtató, 10% kedvezmény, a nyomtatóra nincs kedvezmény", "hu"),
        ("5 lámpa 10%-kal és 2 nyomtató kedvezmény nélkül", "hu"),
        ("5 lampy i 2 drukarki, 10% rabatu na wszystko oprócz drukarki", "pl"),
        ("5 lampy z 10% rabatem i 2 drukarki bez rabatu", "pl"),
        ("5 desk lamps and 2 laser printers, 10% off everything except the printers", "en"),
        ("5 desk lamps and 2 laser printers, 10% off but no discount on the printers", "en"),
    ],
)
def test_what_is_excepted_has_no_discount(text: str, language: Language) -> None:
    found = read(text, language)
    general = found.request.discount_percent
    own = [line.requested.discount_percent for line in found.lines]
    assert [str(general if one is None else one) for one in own] == ["10", "0"] and found.doubts == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 lámpa kiszállítás nélkül", "hu"),
        ("5 lámpa, kiszállítás nem kell", "hu"),
        ("5 lamp bez dostawy", "pl"),
        ("5 desk lamps without delivery", "en"),
        ("5 desk lamps, delivery is not needed", "en"),
    ],
)
def test_what_is_not_wanted_is_no_line(text: str, language: Language) -> None:
    assert [line.products[0].sku for line in read(text, language).lines] == ["P-LAMP"]


@pytest.mark.parametrize("percent", ["tízszázalékos", "10 százalékos", "10%-os"])
def test_a_percentage_may_be_one_word(percent: str) -> None:
    assert str(read(f"5 lámpa {percent} kedvezménnyel").request.discount_percent) == "10"


def test_vat_and_deposit_are_no_discount_however_inflected() -> None:
    found = read("5 lámpa 27% áfával, 10% kedvezménnyel, 50% előleggel")
    assert str(found.request.discount_percent) == "10"
