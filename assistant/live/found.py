"""What an answer about records is made of."""

from dataclasses import dataclass

from assistant.evidence import Evidence


@dataclass(frozen=True)
class Row:
    """A record of the answer: what it is called and says in a line, and the path of its screen.

    `page_id` is what a citation of it has, such as `offer:AJ-2026-00001`.
    """

    page_id: str
    title: str
    url: str
    section: str
    text: str = ""

    def evidence(self, n: int) -> Evidence:
        """The row as the numbered source of what is said of it."""
        return Evidence(n, self.page_id, self.title, self.section, self.url, self.text or self.title)


@dataclass(frozen=True)
class Found:
    """The sentence with the exact figure, the first rows and how many there are; `list_url` is the console's list
    of all of them, `total` long. `shown_of` is how many rows there would be where they are not those of that list.
    `known` is False where the record asked about does not exist for the asker."""

    sentence: str
    rows: tuple[Row, ...] = ()
    total: int = 0
    list_url: str = ""
    known: bool = True
    shown_of: int | None = None
