"""Nothing that may be a figure or a wish is lost in silence: it is read, asked about or told."""

import pytest

from core.language import Language
from tests.offers.understand_samples import read, rows


def asked(text: str, language: Language) -> list[tuple[str, str]]:
    """What the prompt leaves open: the field and the message of each doubt."""
    return [(doubt.field, doubt.code) for doubt in read(text, language).doubts]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("10 lézernyomtató a Halász Bt.-nek, ebből 2 legyen piros", "hu"),
        ("5 és 10 közötti lézernyomtató", "hu"),
        ("7 XY12 és 3 lézernyomtató", "hu"),
        ("5 do 10 drukarek laserowych", "pl"),
        ("10 drukarek laserowych, w tym 2 później", "pl"),
        ("5 to 10 laser printers", "en"),
        ("between 5 and 10 laser printers", "en"),
        ("10 laser printers, 2 of them red", "en"),
    ],
)
def test_a_number_that_nothing_takes_up_is_asked(text: str, language: Language) -> None:
    # A word behind the number may also look like a product that is not known: then that is asked.
    unknown = any(not products for products, _ in rows(text, language))
    assert unknown or ("lines", "number_open") in asked(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 lézernyomtató, hívj a 06 30 123 4567 számon", "hu"),
        ("2 lézernyomtató, rendelésszám: 45123", "hu"),
        ("2 lézernyomtató, irányítószám 6720", "hu"),
        ("2 drukarki laserowe, zamówienie nr 4711, piętro 3", "pl"),
        ("2 drukarki laserowe, tel. 601 234 567", "pl"),
        ("2 laser printers, call +44 20 7946 0958", "en"),
        ("ticket #8812: 2 laser printers", "en"),
        ("for project 12 2 laser printers", "en"),
    ],
)
def test_a_number_that_names_something_is_neither_counted_nor_asked(text: str, language: Language) -> None:
    assert rows(text, language) == [(["P-NYOM"], "2")]
    assert asked(text, language) == []


def test_the_numbers_of_a_numbered_list_count_nothing() -> None:
    assert rows("1. 5 lézernyomtató\n2. 3 tablet 8") == [(["P-NYOM"], "5"), (["P-TAB8"], "3")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("500 g fekete tea", "hu"),
        ("3 karton fekete tea", "hu"),
        ("oktatás 3 főnek", "hu"),
        ("3 palety herbaty czarnej", "pl"),
        ("szkolenie dla 5 osób", "pl"),
        ("2 cases of black tea", "en"),
        ("training for 5 people", "en"),
    ],
)
def test_what_is_counted_in_another_unit_has_no_quantity(text: str, language: Language) -> None:
    assert [quantity for _, quantity in rows(text, language)] == [None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 lézernyomtató, szállítást ne tegyél bele", "hu"),
        ("nie dodawaj dostawy, 2 drukarki laserowe", "pl"),
        ("Don't include delivery. 2 laser printers", "en"),
    ],
)
def test_what_is_not_to_be_put_in_is_no_line(text: str, language: Language) -> None:
    assert rows(text, language) == [(["P-NYOM"], "2")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 lézernyomtató, ne adj kedvezményt", "hu"),
        ("nie dawaj rabatu, 2 drukarki laserowe", "pl"),
        ("don't give any discount, 2 laser printers", "en"),
    ],
)
def test_a_refused_discount_is_none(text: str, language: Language) -> None:
    understood = read(text, language)
    assert (understood.request.discount_percent, understood.doubts) == (0, ())


@pytest.mark.parametrize(
    ("text", "language", "doubt"),
    [
        ("2 lézernyomtató, 5% kedvezmény 5 napon belüli fizetés esetén", "hu", ("discount", "discount_open")),
        ("2 drukarki laserowe, 5% rabatu, jeśli zapłacą do piątku", "pl", ("discount", "discount_open")),
        ("2 laser printers, 5% off if they pay early", "en", ("discount", "discount_open")),
        ("2 laser printers with 50 euros off", "en", ("discount", "discount_unsaid")),
        ("2 laser printers and a free desk lamp", "en", ("discount", "free_open")),
        ("2 laser printers in pounds", "en", ("currency", "currency_open")),
        ("2 lézernyomtató USD-ben", "hu", ("currency", "currency_open")),
        ("2 drukarki laserowe w dolarach", "pl", ("currency", "currency_open")),
    ],
)
def test_what_an_offer_cannot_say_is_asked(text: str, language: Language, doubt: tuple[str, str]) -> None:
    assert doubt in asked(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 lézernyomtató 50% előleggel", "hu"),
        ("2 drukarki, zaliczka 30%", "pl"),
        ("2 laser printers without VAT", "en"),
    ],
)
def test_what_an_offer_has_no_place_for_is_told(text: str, language: Language) -> None:
    understood = read(text, language)
    assert understood.request.discount_percent is None
    assert [remark.code for remark in understood.remarks] == ["warn_left_out"]


def test_a_discount_for_the_rest_leaves_a_line_with_its_own() -> None:
    found = read("3 lézernyomtató 3%, a többi 5%: 2 tablet 8, 2 asztali lámpa")
    assert [str(line.requested.discount_percent) for line in found.lines] == ["3", "None", "None"]
    assert found.request.discount_percent == 5


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("2 lézernyomtató, szállítás jövő hétig", "hu", "szállítás jövő hétig"),
        ("2 lézernyomtató, szállítás december közepéig", "hu", "szállítás december közepéig"),
        ("2 lézernyomtató, szállítás a 3. emeletre", "hu", "szállítás a 3. emeletre"),
        ("2 lézernyomtató, szállítási cím: 1117 Budapest, Ág u. 82. Fizetés 8 nap", "hu", "1117 Budapest, Ág u. 82"),
        ("szállítsatok 2 lézernyomtatót 2 héten belül", "hu", "2 héten belül"),
        ("2 drukarki, dostawa w przyszłym tygodniu", "pl", "dostawa w przyszłym tygodniu"),
        ("2 drukarki, adres dostawy: ul. Polna 96, 90-103 Łódź", "pl", "ul. Polna 96, 90-103 Łódź"),
        ("2 laser printers, delivery next week", "en", "delivery next week"),
        ("2 laser printers, second floor delivery", "en", "second floor delivery"),
        ("please deliver 2 laser printers within 2 weeks", "en", "within 2 weeks"),
        (
            "2 laser printers. Ship to: 5 High Street, Leeds LS1 4AB. Pay in 14 days.",
            "en",
            "5 High Street, Leeds LS1 4AB",
        ),
    ],
)
def test_when_and_where_to_deliver_is_a_term_and_no_line(text: str, language: Language, words: str) -> None:
    understood = read(text, language)
    assert (understood.request.delivery or "").removeprefix("Ship to: ") == words
    assert [quantity for _, quantity in rows(text, language)] == ["2"]


@pytest.mark.parametrize("text", ["2 laser printers plus delivery", "2 laser printers and 1 delivery"])
def test_a_delivery_with_no_time_and_no_place_stays_a_line(text: str) -> None:
    assert rows(text, "en") == [(["P-NYOM"], "2"), (["P-SZALL"], None if "plus" in text else "1")]


def test_a_firm_called_shipping_is_no_delivery() -> None:
    understood = read("Silver Lake Shipping: 8 laser printers", "en")
    assert understood.request.delivery is None
    assert "8" in [str(line.requested.quantity) for line in understood.lines]


def test_the_end_of_a_sku_names_its_product_when_only_one_ends_so() -> None:
    assert rows("7 TAB8 és 3 TAB11") == [(["P-TAB8"], "7"), (["P-TAB11"], "3")]
