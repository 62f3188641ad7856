"""Small pieces of Word that python-docx has no call for: fields, borders, shading, fixed tables."""

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

# Metric-compatible stand-ins are on every Windows, macOS and Linux desktop, and LibreOffice falls
# back to DejaVu Sans: all of them have Hungarian ő ű and Polish ą ę ł ś ź ż.
FONT = "Arial"
INK = RGBColor(0x1F, 0x29, 0x33)
ACCENT = RGBColor(0x14, 0x4B, 0x6B)
MUTED = RGBColor(0x5F, 0x6B, 0x76)
ALARM = RGBColor(0xB4, 0x23, 0x18)
RULE = "C9D2DA"
TINT = "EAF1F5"
PALE = "F4F5F6"
# Millimetres: an A4 page and what its side margins leave of it.
MARGIN, PAGE_WIDTH = 18.0, 174.0

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """A new `w:` element with `w:` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def write(
    paragraph: Paragraph,
    text: str,
    size: float = 9,
    bold: bool = False,
    color: RGBColor = INK,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> Paragraph:
    """Add `text` to `paragraph` at `size` points and return the paragraph."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, color
    if align is not None:
        paragraph.alignment = align
    return paragraph


def space(paragraph: Paragraph, before: float = 0, after: float = 0) -> Paragraph:
    """Set the space above and below `paragraph`, in points."""
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def field(paragraph: Paragraph, code: str, size: float, color: RGBColor) -> None:
    """Add a field (PAGE, NUMPAGES) that Word and LibreOffice fill in while they lay out the pages."""
    instruction = element("instrText")
    instruction.text = code
    shown = element("t")
    shown.text = "1"
    begin, between, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    for part in (begin, instruction, between, shown, end):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(size), color
        run._r.append(part)


def caption(paragraph: Paragraph, text: str) -> Paragraph:
    """Write a small heading that stays with what follows it."""
    write(paragraph, text.upper(), size=7.5, bold=True, color=ACCENT)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def marker(parent: Document | _Cell, tag: str) -> None:
    """Add a paragraph that only holds a template's tag, such as `if title`; it vanishes when a document is made."""
    write(parent.add_paragraph(), "{%p " + tag + " %}")


def low(cell: _Cell) -> None:
    """Make the empty paragraphs around a table in `cell` as low as Word allows."""
    for blank in cell.paragraphs:
        space(write(blank, "", size=1)).paragraph_format.line_spacing = Pt(1)


def borders(cell: _Cell, **sides: str) -> None:
    """Draw lines on `sides` of a cell; each value is `eighths of a point:colour`, such as `8:144B6B`."""
    box = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            size, color = sides[side].split(":")
            box.append(element(side, val="single", sz=size, space="0", color=color))
    cell._tc.get_or_add_tcPr().append(box)


def shade(cell: _Cell, color: str) -> None:
    """Fill a cell with `color` (RRGGBB)."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=color))


def row_keeps_together(row: _Row, repeat: bool = False) -> None:
    """Never break `row` over two pages; with `repeat`, print it again at the top of each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if repeat:
        properties.append(element("tblHeader"))


def table(parent: Document | _Cell, widths: Sequence[float], rows: int, padding: float = 1.4) -> Table:
    """A table of fixed column `widths` in millimetres, with `padding` millimetres at each cell's sides."""
    made = parent.add_table(rows, len(widths))
    made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    margins = element("tblCellMar")
    for side, share in (("top", 0.7), ("left", padding), ("bottom", 0.7), ("right", padding)):
        margins.append(element(side, w=str(round(share * 56.7)), type="dxa"))
    properties = made._tbl.tblPr
    properties.append(element("tblInd", w="0", type="dxa"))
    properties.append(margins)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            space(cell.paragraphs[0])
    return made
