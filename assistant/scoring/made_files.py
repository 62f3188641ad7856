"""Files made of a case's text, as a customer would send them."""

import io

from docx import Document
from openpyxl import Workbook

from assistant.scoring.offer_cases import UploadedText


def file_of(upload: UploadedText) -> tuple[bytes, str]:
    """The bytes and the name of the file that `upload` describes."""
    made = {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf, "txt": _txt}[upload.kind](upload)
    return made, f"request.{upload.kind}"


def _txt(upload: UploadedText) -> bytes:
    return "\n".join([upload.text, *("\t".join(row) for row in upload.rows)]).encode()


def _docx(upload: UploadedText) -> bytes:
    document = Document()
    for line in upload.text.splitlines():
        document.add_paragraph(line)
    if upload.rows:
        table = document.add_table(rows=0, cols=len(upload.rows[0]))
        for row in upload.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx(upload: UploadedText) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in upload.text.splitlines():
        sheet.append([line])
    for row in upload.rows:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(upload: UploadedText) -> bytes:
    """A page set by the program that also sets the offers."""
    import typst

    lines = [*upload.text.splitlines(), *("  ".join(row) for row in upload.rows)]
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    source = "#set page(width: 210mm, height: 297mm)\n" + "\n".join(f'#par[#text("{line}")]' for line in quoted)
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made
