"""Where in a file something stands."""

from pydantic import BaseModel, ConfigDict

from core.errors import say
from core.language import Language

_LONGEST_WORDS = 300


class Place(BaseModel):
    """A row, paragraph or line. `number` is that of the sheet's row, of the row in a `table`, of the paragraph or of
    the line; `cells` are as printed, `starts` the character each begins at where columns are known by that alone."""

    model_config = ConfigDict(frozen=True)

    cells: tuple[str, ...]
    number: int
    page: int | None = None
    sheet: str = ""
    table: int | None = None
    starts: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """All that stands there, cells apart by a bar, cut where it is long."""
        text = " | ".join(cell for cell in self.cells if cell)
        return text if len(text) <= _LONGEST_WORDS else text[: _LONGEST_WORDS - 1] + "…"

    @property
    def text(self) -> str:
        """All that stands there as one line of text."""
        return " ".join(cell for cell in self.cells if cell)


def where(place: Place, language: Language) -> str:
    """The place as people call it: "page 2", "Sheet1, row 14", "table 1, row 3", "line 5"."""
    if place.sheet:
        return say("request_place_sheet", language, sheet=place.sheet, number=place.number)
    if place.table is not None:
        return say("request_place_table", language, table=place.table, number=place.number)
    if place.page is not None:
        return say("request_place_page", language, page=place.page, number=place.number)
    return say("request_place_line", language, number=place.number)
