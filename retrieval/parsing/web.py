"""HTML pages: what a reader of the page would read, without scripts, styles and hidden parts."""

import re
from typing import BinaryIO

from lxml import etree

from retrieval.parsing import markdown
from retrieval.parsing.limits import Budget, Draft, Fault, Limits, Section
from retrieval.parsing.plain import decoded

_UNREAD = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "select",
    "textarea",
    "head",
    "nav",
}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "dt", "dd", "blockquote",
    "pre", "form", "fieldset", "figure", "figcaption", "address", "table", "hr", "details", "summary", "body",
}  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def _text_of(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared.group(1).decode())
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(data)


class _Page:
    """The text of a page, put together in one pass over its elements."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.title = ""
        self._words: list[str] = []
        self._rows: list[list[str]] = []
        self._tables = 0

    def take(self, text: str | None) -> None:
        if text:
            self._words.append(" ".join(text.split("\n")) if text.strip() else " ")

    def flush(self, before: str = "") -> None:
        said = markdown.escaped("".join(self._words))
        self._words.clear()
        if not said:
            return
        if before.startswith("#"):
            said = f"{before}{markdown.one_line(said)}"
            self.title = self.title or markdown.one_line(said.lstrip("# "))
        else:
            said = before + said
        self.blocks.append(said)

    def begin(self, tag: str) -> None:
        if self._tables:
            self._tables += tag == "table"
            if tag == "tr":
                self._rows.append([])
            elif tag in ("td", "th"):
                self._words.clear()
            return
        if tag in _BLOCKS or tag in _HEADINGS or tag == "li":
            self.flush()
        if tag == "br":
            self._words.append("\n")
        self._tables = int(tag == "table")

    def end(self, tag: str) -> None:
        if self._tables:
            if tag in ("td", "th") and self._rows:
                self._rows[-1].append("".join(self._words))
                self._words.clear()
            self._tables -= tag == "table"
            if not self._tables:
                self._words.clear()
                self.blocks.append(markdown.labelled_table(self._rows))
                self._rows = []
        elif tag in _HEADINGS:
            self.flush("#" * _HEADINGS[tag] + " ")
        elif tag == "li":
            self.flush("- ")
        elif tag in _BLOCKS:
            self.flush()


def _hidden(element: etree._Element) -> bool:
    style = str(element.get("style", "")).replace(" ", "").lower()
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style


def read(file: BinaryIO, limits: Limits) -> Draft:
    """A page as Markdown: headings, paragraphs, lists and tables."""
    text = markdown.clean(_text_of(file.read()))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as broken:
        raise Fault("file_damaged") from broken
    if root is None:
        raise Fault("file_without_text")
    page = _Page()
    named = root.find(".//head/title")
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag).lower()
        if event == "start" and skipped is None:
            if tag in _UNREAD or _hidden(element):
                skipped = element
                continue
            page.begin(tag)
            page.take(element.text)
        elif event == "end":
            if skipped is None:
                page.end(tag)
            elif skipped is element:
                skipped = None
            if skipped is None:
                page.take(element.tail)
    page.flush()
    body = Budget(limits).spend("\n\n".join(block for block in page.blocks if block))
    title = markdown.one_line(named.text or "") if named is not None else ""
    return Draft("html", title or page.title, 1, [Section(body)])
