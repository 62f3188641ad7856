"""Days of payment, delivery, warranty, notes, titles, attachments: as written, and nothing a line or a validity."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.language import Language
from tests.offers.understand_samples import read


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 365))
def test_days_of_payment_are_no_validity_and_no_quantity(days: int) -> None:
    for text, language in (
        (f"2 lámpa, {days} napos fizetési határidővel", "hu"),
        (f"2 lámpa, {days} napra utalnak", "hu"),
        (f"2 lampy, płatne w {days} dni", "pl"),
        (f"2 lampy, termin płatności: {days} dni", "pl"),
        (f"2 desk lamps, payment in {days} days", "en"),
        (f"2 desk lamps, payment terms: {days} days", "en"),
    ):
        found = read(text, language)  # type: ignore[arg-type]
        assert (found.request.payment_days, found.request.valid_days) == (days, None)
        assert [str(line.requested.quantity) for line in found.lines] == ["2"]


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("két hetes fizetéssel", "hu", 14),
        ("net 30", "en", 30),
        ("payable within two weeks", "en", 14),
        ("przelew 21 dni", "pl", 21),
        ("fizetés 30 munkanap", "hu", None),
        ("fizetés egy hónap", "hu", None),
        ("payment within 10 working days", "en", None),
    ],
)
def test_weeks_are_days_but_months_and_working_days_are_asked(text: str, language: Language, days: int | None) -> None:
    found = read(
        f"2 {'lámpa' if language == 'hu' else 'lampy' if language == 'pl' else 'desk lamps'}, {text}", language
    )
    assert found.request.payment_days == days
    assert [doubt.code for doubt in found.doubts] == ([] if days else ["payment_days_open"])


def test_payment_validity_warranty_and_delivery_keep_their_own_days() -> None:
    request = read("2 lámpa, 8 napos fizetés, 20 napig érvényes, 2 év garancia, szállítási határidő 3 hét").request
    assert (request.payment_days, request.valid_days) == (8, 20)
    assert (request.warranty, request.delivery) == ("2 év garancia", "szállítási határidő 3 hét")


@pytest.mark.parametrize(
    ("text", "language", "warranty"),
    [
        ("2 éves garanciával", "hu", "2 éves garanciával"),
        ("garancia: 24 hónap", "hu", "24 hónap"),
        ("2 év garancia a lámpákra", "hu", "2 év garancia a lámpákra"),
        ("gwarancja 24 miesiące", "pl", "gwarancja 24 miesiące"),
        ("3-year warranty", "en", "3-year warranty"),
        ("warranty of 2 years", "en", "warranty of 2 years"),
    ],
)
def test_warranty_is_kept_as_written(text: str, language: Language, warranty: str) -> None:
    found = read(
        f"2 {'lámpa' if language == 'hu' else 'lampy' if language == 'pl' else 'desk lamps'}, {text}", language
    )
    assert found.request.warranty == warranty and len(found.lines) == 1 and found.doubts == ()


@pytest.mark.parametrize(
    ("text", "language", "delivery", "lines"),
    [
        ("szállítás 2 héten belül", "hu", "szállítás 2 héten belül", 1),
        ("szállítás péntekig", "hu", "szállítás péntekig", 1),
        ("ingyenes kiszállítás", "hu", "ingyenes kiszállítás", 1),
        ("1 kiszállítás 2 héten belül", "hu", "2 héten belül", 2),
        ("kiszállítás", "hu", None, 2),
        ("dostawa w ciągu 14 dni", "pl", "dostawa w ciągu 14 dni", 1),
        ("darmowa dostawa", "pl", "darmowa dostawa", 1),
        ("dostawa", "pl", None, 2),
        ("delivery within 2 weeks", "en", "delivery within 2 weeks", 1),
        ("delivery: ex works", "en", "ex works", 1),
        ("delivery: 1", "en", None, 2),
        ("DAP Budapest", "en", "DAP Budapest", 1),
    ],
)
def test_delivery_is_a_term_with_a_time_and_a_line_without(
    text: str, language: Language, delivery: str | None, lines: int
) -> None:
    found = read(
        f"2 {'lámpa' if language == 'hu' else 'lampy' if language == 'pl' else 'desk lamps'}, {text}", language
    )
    assert (found.request.delivery, len(found.lines)) == (delivery, lines)
    assert [remark.code for remark in found.remarks] == (
        ["warn_delivery_terms"] if delivery and lines == 1 and "DAP" not in text else []
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2 lámpa. Megjegyzés: a hátsó kapunál kérik", "a hátsó kapunál kérik"),
        ('2 lámpa, megjegyzés az ügyfélnek: "10 nap múlva hívjuk."', "10 nap múlva hívjuk."),
        ("2 lámpa. Megjegyzés: kapucsengő. Köszönjük a türelmet.", "kapucsengő. Köszönjük a türelmet."),
        ("2 lámpa\nMegjegyzés: a 3. emeletre\n5% kedvezmény", "a 3. emeletre"),
        ("2 lámpa, megjegyzés: délelőtt kérik, 5% kedvezmény", "délelőtt kérik"),
    ],
)
def test_a_note_is_the_customers_to_read_and_no_part_of_the_request(text: str, note: str) -> None:
    found = read(text)
    assert found.request.notes == note
    assert [(line.products[0].sku, str(line.requested.quantity)) for line in found.lines] == [("P-LAMP", "2")]
    assert found.request.valid_days is None


def test_a_discount_behind_a_note_is_still_one() -> None:
    assert str(read("2 lámpa. Megjegyzés: délelőtt. 5% kedvezmény.").request.discount_percent) == "5"


@pytest.mark.parametrize(
    ("text", "language", "attached"),
    [
        ("csatold a garanciális feltételeket", "hu", ("garanciális feltételeket",)),
        (
            "a garanciális feltételeket csatold hozzá, és a referencialistát is",
            "hu",
            ("garanciális feltételeket", "referencialistát"),
        ),
        ("mellékeld az ÁSZF-et és a termékismertetőt", "hu", ("ÁSZF-et", "termékismertetőt")),
        ("dołącz warunki gwarancji i listę referencji", "pl", ("warunki gwarancji", "listę referencji")),
        ("attach the warranty terms and our references", "en", ("warranty terms", "references")),
        ("attach the warranty terms, 2 laser printers", "en", ("warranty terms",)),
        ("with the warranty terms attached", "en", ("warranty terms",)),
    ],
)
def test_what_to_attach_is_kept_as_written(text: str, language: Language, attached: tuple[str, ...]) -> None:
    found = read(
        f"2 {'lámpa' if language == 'hu' else 'lampy' if language == 'pl' else 'desk lamps'}, {text}", language
    )
    assert found.request.attach == attached
    assert found.request.warranty is None


def test_a_title_is_one_unless_it_says_what_is_offered() -> None:
    assert read('2 lámpa, tárgy: "Lámpacsere 2027"').request.title == "Lámpacsere 2027"
    found = read("Tárgy: 2 lámpa a Halász Bt.-nek")
    assert found.request.title is None and len(found.lines) == 1


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=120))
def test_any_words_behind_a_label_are_survived(words: str) -> None:
    for label in ("megjegyzés:", "csatold", "tárgy:", "szállítás:", "garancia:", "opciók:", "kivéve", "vagy"):
        assert read(f"2 lámpa, {label} {words}") is not None
