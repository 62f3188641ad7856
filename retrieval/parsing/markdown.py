"""Text as Markdown that means what the file said: nothing in it becomes a heading, a fence or HTML by chance."""

import re
import unicodedata
from collections.abc import Sequence

# Longer paragraphs are cut: readers of Markdown take long over one piece of adversarial punctuation.
_LONGEST_BLOCK = 4_000
# Characters that no database or screen can hold, but tab and line feed.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\uffff]"
)
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
# A mark at the beginning of a line that Markdown would take for its own; lists and quotations are left as they are.
_MARK = re.compile(r"^(?=#{1,6}(?:\s|$)|```|~~~|<|=+\s*$|-+\s*$|\[[^\]]*\]:)", re.MULTILINE)
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_BLANKS = re.compile(r"\n{3,}")
_FIRST_ROWS, _FEWEST_COLUMNS, _LONGEST_LABEL = 6, 3, 60


def clean(text: str) -> str:
    """`text` in NFC with plain spaces and line feeds, without what cannot be printed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").replace("\x0b", "\n")
    text = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def escaped(text: str) -> str:
    """Plain text as Markdown: each line without its margins, its first characters taken as they are."""
    lines = [_SPACES.sub(" ", line).strip() for line in clean(text).split("\n")]
    return _BLANKS.sub("\n\n", _MARK.sub(r"\\", "\n".join(lines))).strip()


def unhyphenated(text: str) -> str:
    """Words that were divided at the end of a printed line, whole again."""

    def joined(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1], text[found.end()]
        return "" if before.islower() and after.islower() else found.group()

    return _HYPHEN.sub(joined, text)


def one_line(text: str) -> str:
    """`text` in one line, as a heading or a cell holds it."""
    return " ".join(_SPACES.sub(" ", clean(text)).split())


def heading(level: int, text: str) -> str:
    """A heading of `level` 1 to 6; empty where it has no text."""
    said = one_line(text)
    return f"{'#' * min(max(level, 1), 6)} {said}" if said else ""


def bounded(text: str) -> str:
    """`text` with every paragraph at most some thousand characters long, cut between words where it has any."""
    blocks = []
    for block in text.split("\n\n"):
        while len(block) > _LONGEST_BLOCK:
            cut = max(block.rfind("\n", 0, _LONGEST_BLOCK), block.rfind(" ", 0, _LONGEST_BLOCK))
            cut = cut if cut > _LONGEST_BLOCK // 2 else _LONGEST_BLOCK
            blocks.append(block[:cut].rstrip())
            block = block[cut:].lstrip()
        blocks.append(block)
    return "\n\n".join(blocks)


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> str:
    """Rows as a list, a line each, so that a line says all by itself wherever the text is cut into passages.

    With a `header` its words label the cells: "- Product: Pen; Price: 990". Two columns without one are names and
    values: "- Phone: +36 1 234 5678".
    """
    filled = [cells for row in rows if any(cells := [one_line(cell) for cell in row])]
    narrow = max((sum(map(bool, cells)) for cells in filled), default=0) <= 2
    lines = []
    for cells in filled:
        if header:
            said = "; ".join(_labelled(header, at, cell) for at, cell in enumerate(cells) if cell)
        else:
            said = (": " if narrow else "; ").join(cell for cell in cells if cell)
        lines.append("- " + said)
    return "\n".join(lines)


def _labelled(header: Sequence[str], at: int, cell: str) -> str:
    label = header[at] if at < len(header) else ""
    return f"{label}: {cell}" if label else cell


def header_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the row that names the columns, among the first few; None where none does.

    It has at least three cells, all different, short and beginning with a letter, and a row below it.
    """
    for place, row in enumerate(rows[:_FIRST_ROWS]):
        names = [one_line(cell) for cell in row if cell.strip()]
        wordy = all(name[:1].isalpha() and len(name) <= _LONGEST_LABEL for name in names)
        if len(names) >= _FEWEST_COLUMNS and len(set(names)) == len(names) and wordy and place + 1 < len(rows):
            return place
    return None


def labelled_table(rows: Sequence[Sequence[str]]) -> str:
    """`table` of rows among which the header is looked for; what stands above it comes first."""
    place = header_of(rows)
    if place is None:
        return table(rows)
    header = [one_line(cell) for cell in rows[place]]
    return "\n".join(part for part in (table(rows[:place]), table(rows[place + 1 :], header)) if part)
