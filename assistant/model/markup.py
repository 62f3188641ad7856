"""Which angle brackets are tags, which parentheses are link targets, which square brackets are citations."""

import re

HIDDEN_TAGS = frozenset({"think", "thinking", "reasoning"})
_NAMES = """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code
col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer
form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link
main map mark marquee math menu meta meter nav noscript object ol optgroup option output p param picture pre
progress q rp rt ruby s samp script search section select slot small source span strike strong style sub summary
sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xml xmp
"""
_HTML = frozenset(_NAMES.split())
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9-]*)")
_LISTED = r"[0-9]{1,3}(?:\s*[-–,;]\s*[0-9]{1,3})*"
_MARK = re.compile(
    rf"\s*\^?(?:(?:sources?|forrás(?:ok)?|źródł[oa]|n)\s*[:=.]?\s*)?({_LISTED})\s*(?:†.*)?", re.IGNORECASE
)
_LONGEST_RANGE = 10


def tag_name(inside: str) -> str:
    """The lower-case name of the tag `<inside>`, or "" if it has none."""
    name = _NAME.match(inside)
    return name[1].lower() if name else ""


def is_tag(inside: str) -> bool:
    """True for HTML or XML, comments included; False for a placeholder such as `<customer name>` or an address."""
    if "://" in inside or inside.startswith("mailto:"):
        return False
    name = tag_name(inside)
    return name in _HTML or name in HIDDEN_TAGS or "-" in name or "=" in inside or inside[:1] in ("!", "?")


def is_target(inside: str) -> bool:
    """True if `(inside)` right behind `[text]` is where a link leads; False for words in parentheses."""
    target = inside.strip()
    return "://" in target or target.startswith(("/", "#", "<", "mailto:", "data:", "javascript:")) or " " not in target


def cited(inside: str) -> list[int] | None:
    """The numbers of the citation `[inside]` in order, or None if it is none. Ranges are spelled out."""
    mark = _MARK.fullmatch(inside)
    if mark is None:
        return None
    numbers: list[int] = []
    for part in re.split(r"[,;]", mark[1]):
        ends = [int(end) for end in re.split(r"[-–]", part)]
        spelled = range(ends[0], ends[-1] + 1)
        numbers += spelled if len(ends) == 2 and 0 < len(spelled) <= _LONGEST_RANGE else ends
    return numbers
