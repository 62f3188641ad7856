"""The screen as a browser tells it: typed, bounded, in one form of text; anything else is refused or dropped."""

import pytest
from pydantic import ValidationError

from assistant.screen import RecordRef, ScreenContext


def test_filters_and_selection_are_taken_with_plain_values_as_text() -> None:
    screen = ScreenContext.model_validate(
        {
            "id": "offers",
            "filters": {"Owner": "Mine", "From": 2026, "Nested": {"x": 1}, "E\u0301": "a\u0301"},
            "selection": [{"type": "offer", "code": "A-2026-00001"}],
        }
    )
    assert screen.filters == {"Owner": "Mine", "From": "2026", "É": "á"}
    assert screen.selection == (RecordRef(type="offer", code="A-2026-00001"),)


@pytest.mark.parametrize(
    "more",
    [
        {"filters": {str(n): "x" for n in range(51)}},
        {"filters": {"x": "y" * 2001}},
        {"selection": [{"type": "offer", "code": str(n)} for n in range(101)]},
        {"selection": [{"type": "offer", "code": "x" * 121}]},
        {"selection": ["A-2026-00001"]},
        {"filters": ["x"]},
    ],
)
def test_what_is_beyond_the_bounds_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ScreenContext.model_validate({"id": "offers", **more})


def test_a_screen_that_tells_neither_has_none() -> None:
    screen = ScreenContext(id="offer")
    assert screen.filters == {} and screen.selection == ()
