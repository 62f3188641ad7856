"""Which paragraph styles of a Word document are headings: by their outline level or their name."""

import re
import zipfile

from lxml import etree

from retrieval.parsing import archive
from retrieval.parsing.limits import Fault

_HEADING = re.compile(r"^heading ([1-9])$", re.IGNORECASE)
_DEEPEST_CHAIN = 20


class Styles:
    """Heading levels by style: 1 for the title and 2 to 6 for headings, as Markdown counts them."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._levels: dict[str, int] = {}
        self._based_on: dict[str, str] = {}
        data = archive.member(opened, "word/styles.xml")
        if data is None:
            return
        try:
            for element in archive.elements(data, "end"):
                if archive.local(element) == "style":
                    self._note(element)
        # Without styles the text is still the text.
        except Fault:
            return

    def _note(self, element: etree._Element) -> None:
        code = archive.attribute(element, "styleId")
        for part in element.iter():
            tag, value = archive.local(part), archive.attribute(part, "val")
            if tag == "basedOn":
                self._based_on[code] = value
            elif tag == "name" and value.lower() == "title":
                self._levels[code] = 1
            elif tag == "name" and (named := _HEADING.match(value)):
                self._levels[code] = min(int(named.group(1)) + 1, 6)
            elif tag == "outlineLvl" and value.isdigit() and int(value) < 9:
                self._levels.setdefault(code, min(int(value) + 2, 6))

    def level(self, code: str) -> int:
        """The heading level of a style, its own or inherited; 0 for plain text."""
        for _ in range(_DEEPEST_CHAIN):
            if code in self._levels:
                return self._levels[code]
            if code not in self._based_on:
                break
            code = self._based_on[code]
        return 0
