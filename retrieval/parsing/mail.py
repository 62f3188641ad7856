"""Mail as it is saved to a file: who wrote, the subject, and what was written."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import BinaryIO

from lxml import html

from retrieval.parsing import markdown
from retrieval.parsing.limits import Budget, Draft, Fault, Limits, Section
from retrieval.parsing.plain import decoded
from retrieval.parsing.printed import lines_of

_HEADERS = ("From", "Subject")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote")


def read(file: BinaryIO, limits: Limits) -> Draft:
    """The headers that say who wrote and about what, an empty line, and the text; what is attached is not read.

    Raises `Fault("file_damaged")` for what is no mail.
    """
    message = BytesParser(policy=policy.default).parse(file)
    if not isinstance(message, EmailMessage) or message["From"] is None:
        raise Fault("file_damaged")
    headers = [f"{name}: {message[name]}" for name in _HEADERS if message[name] is not None]
    budget = Budget(limits)
    text = budget.spend("\n".join((*headers, "", _written(message))))
    subject = markdown.one_line(str(message["Subject"] or ""))
    return Draft("eml", subject, 1, [Section(markdown.escaped(text))], places=lines_of(text, limits.places))


def _written(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    data = body.get_payload(decode=True)
    assert isinstance(data, bytes)
    try:
        text = data.decode(body.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = decoded(data)
    if body.get_content_subtype() != "html":
        return text
    page = html.document_fromstring(text)
    for each in list(page.iter("script", "style", "head")):
        each.drop_tree()
    for each in page.iter(*_BREAKS):
        each.tail = "\n" + (each.tail or "")
    for cell in page.iter("td", "th"):
        cell.tail = "   " + (cell.tail or "")
    return str(page.text_content())
