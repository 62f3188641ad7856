"""Where in a Word file something stands, in words a person finds it by."""

from dataclasses import dataclass

from core.errors import AppError, say
from core.language import Language

_AROUND = 60


@dataclass(frozen=True)
class Place:
    """A paragraph: its number in its `story` (`body`, `header`, `footer`, `note` or the name of a part), the table, row
    and cell it is in, all counted from 1 and 0 where there is none, and what it says."""

    story: str
    paragraph: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0
    text: str = ""

    def told(self, language: Language) -> str:
        """The place in `language`, such as: body, table 2, row 3, cell 4."""
        if not self.paragraph:
            return self.story
        code = "place_cell" if self.table else "place_paragraph"
        known = self.story in ("body", "header", "footer", "note")
        story = say(f"place_{self.story}", language) if known else self.story
        values = {"paragraph": self.paragraph, "table": self.table, "row": self.row, "cell": self.cell}
        return say(code, language, story=story, **values)

    def around(self, words: str) -> str:
        """The text of the paragraph around `words`, shortened to what fits a message."""
        text = " ".join(self.text.split())
        at = max(0, text.find(" ".join(words.split())) - _AROUND // 2)
        shown = text[at : at + _AROUND + len(words)][:160]
        return ("…" if at else "") + shown + ("…" if at + len(shown) < len(text) else "")


class TemplateRefused(AppError):
    """A template is not kept, with the place of the fault. Its sentences have the blanks `place` and `around`."""

    def __init__(self, code: str, place: Place, found: str, /, **values: object) -> None:
        self.place = place
        told = {"found": found[:120], "around": place.around(found), **values}
        super().__init__(code, 422, place=place.told("en"), **told)

    def message(self, language: Language) -> str:
        """The sentence in `language`, the place in its words."""
        return say(self.code, language, **{**self.values, "place": self.place.told(language)})
