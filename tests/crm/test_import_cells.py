"""Numbers in cells: whatever separators a country uses, the value is exact or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from crm.imports.cells import as_decimal, as_text

NUMBERS = st.decimals(min_value=-999_999_999, max_value=999_999_999, places=4)


def written(number: Decimal, thousands: str, point: str) -> str:
    return f"{number:,.4f}".replace(",", "T").replace(".", point).replace("T", thousands)


@given(NUMBERS, st.sampled_from([("", "."), ("", ","), (" ", ","), ("\u00a0", ","), (".", ","), (",", ".")]))
def test_a_number_reads_the_same_with_every_countrys_separators(number: Decimal, separators: tuple[str, str]) -> None:
    assert as_decimal(written(number, *separators)) == number


@given(NUMBERS)
def test_a_spreadsheets_number_is_taken_without_the_noise_of_binary_fractions(number: Decimal) -> None:
    assert as_decimal(float(number)) == number


@pytest.mark.parametrize(
    "text", ["12a", "--1", "1,2,3", "1.2.3", "1..2", "NaN", "inf", "1e5", "½", "٣x", "0x10", "12 Ft"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="refused"):
        as_decimal(text)


@pytest.mark.parametrize("cell", [True, "1.23456", 10**12, "999999999999999999", float("nan"), float("inf")])
def test_a_number_that_cannot_be_kept_exactly_is_refused(cell: object) -> None:
    with pytest.raises(PydanticCustomError, match="refused"):
        as_decimal(cell)


def test_a_text_is_nfc_without_surrounding_space_and_control_characters() -> None:
    assert as_text(" \u00a0o\u030b\x00rs\u00e9g\ufeff\n") == "őrség"
    assert as_text("'=SUM(A1)") == "=SUM(A1)"
    assert as_text(36301234567.0) == "36301234567"
    assert as_text(" \t ") is None
