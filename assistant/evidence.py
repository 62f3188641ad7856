"""Numbered passages: what an answer may be made from, and what its citations point to."""

from dataclasses import dataclass

from assistant.reply import Citation


@dataclass(frozen=True)
class Evidence:
    """A passage or record the asker may read. `text` is outside text: quoted, never obeyed.

    `page_id` is a help page's id, or `customer:C0001` and the like for a record of the CRM.
    """

    n: int
    page_id: str
    title: str
    section: str
    url: str
    text: str

    def citation(self, quote: str | None = None) -> Citation:
        """The citation of this passage, quoting `quote` or its first 300 characters."""
        said = quote if quote is not None else self.text
        return Citation(
            n=self.n,
            page_id=self.page_id,
            title=self.title,
            section=self.section,
            url=self.url,
            quote=said if len(said) <= 300 else said[:300].rsplit(" ", 1)[0] + " …",
        )
