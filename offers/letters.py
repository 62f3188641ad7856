"""The cover letter of an offer: the wording of a template, its facts from the record and from nothing else."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from core.language import LANGUAGES, Language
from core.money import print_money, print_number
from crm.company import company
from crm.customers import main_contact
from crm.letters import PLACE, LetterTemplate, own_templates
from crm.session import CrmSession
from crm.tables import Contact, Offer
from offers.attaching import attached
from offers.currency import as_currency
from offers.documents.words import payment_words, print_date, unit_word
from offers.packs.typesetting import PrintedLetter, letter_bytes
from offers.sheet import OfferSheet

_FILE = Path(__file__).with_name("letters.toml")
_WORDS = TypeAdapter(dict[str, dict[str, str]])
LINK = "{link}"
# A letter tells what it is about; the offer lists everything.
MOST_ITEMS = 8


@dataclass(frozen=True)
class Letter:
    """A letter in `language`. Its text has `{link}` where the link to accept the offer goes; who sends it puts it in,
    or leaves out that line (`without_link`)."""

    subject: str
    body: str
    language: Language

    def without_link(self) -> "Letter":
        """The letter as it is printed: a line that is about the link is left out."""
        kept = "\n".join(line for line in self.body.split("\n") if LINK not in line)
        return Letter(self.subject, _spaced(kept), self.language)


@lru_cache
def _read() -> tuple[dict[Language, LetterTemplate], dict[str, dict[str, str]]]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = _WORDS.validate_python(read.pop("words"))
    return {lang: LetterTemplate.model_validate(read[lang]) for lang in LANGUAGES}, words


def shipped_template(language: Language) -> LetterTemplate:
    """The wording in `language` that comes with the program."""
    return _read()[0][language]


def template_for(session: CrmSession, language: Language) -> LetterTemplate:
    """The company's own wording in `language`, else the shipped one."""
    return own_templates(session)[0].get(language) or shipped_template(language)


def letter(session: CrmSession, offer: Offer, language: Language) -> Letter:
    """The cover letter of the newest version of `offer`, drafted from the template in `language`."""
    return filled(template_for(session, language), facts(session, offer, language), language)


def salutation(contact: Contact | None, language: Language) -> str:
    """How the letter addresses `contact`. Polish would have to know whether a person is a woman or a man, which no
    record says: it addresses the firm's people."""
    words = _read()[1][language]
    names = (contact.family_name, contact.given_name) if contact else ()
    name = " ".join(part for part in (names if language == "hu" else reversed(names)) if part)
    return words["salutation"].format(name=name) if name else words["salutation_unknown"]


def facts(session: CrmSession, offer: Offer, language: Language) -> dict[str, str]:
    """What each place of a template says about the newest version of `offer`; empty where there is nothing to say."""
    version, words = offer.latest, _read()[1][language]
    currency, firm = as_currency(version.currency), company(session)

    def item(quantity: str, unit: str, name: str, optional: bool) -> str:
        mark = f" ({words['optional']})" if optional else ""
        return f"– {quantity} {unit} {name}{mark}"

    items = [
        item(
            print_number(line.quantity, language),
            unit_word(line.unit, line.quantity, language),
            line.name,
            line.optional,
        )
        for line in version.lines[:MOST_ITEMS]
    ]
    if len(version.lines) > MOST_ITEMS:
        items.append(words["more"].format(count=len(version.lines) - MOST_ITEMS))
    return {
        "salutation": salutation(main_contact(session, offer.customer), language),
        "number": offer.number,
        "title": version.title or "",
        "items": "\n".join(items),
        "net": print_money(version.net, currency, language),
        "vat": print_money(version.vat, currency, language),
        "gross": print_money(version.gross, currency, language),
        "valid_until": print_date(version.valid_until, language),
        "payment": payment_words(version.payment_days, language),
        "delivery": version.delivery,
        "warranty": version.warranty,
        "notes": version.notes,
        "attachments": "\n".join(f"– {each.title}" for each in attached(version)),
        "link": LINK,
        "owner": offer.owner.display_name(language),
        "owner_email": offer.owner.email or "",
        "company": firm.name,
    }


def filled(template: LetterTemplate, said: Mapping[str, str], language: Language) -> Letter:
    """`template` with its places filled. A line with a place that has nothing to say is left out, and so is a heading
    (a line before it that ends with a colon) that would stand alone."""
    lines: list[str] = []
    for line in template.body.strip().split("\n"):
        places = PLACE.findall(line)
        if any(not said.get(place, "") for place in places):
            if lines and lines[-1].rstrip().endswith(":") and not PLACE.search(lines[-1]):
                lines.pop()
            continue
        lines.append(_put(line, said))
    subject = " ".join(_put(template.subject, said).split())
    return Letter(subject, _spaced("\n".join(lines)), language)


def _put(line: str, said: Mapping[str, str]) -> str:
    """`line` with its places filled. Hungarian dates and many terms end with a full stop: a sentence gets no second."""

    def value(place: re.Match[str]) -> str:
        text = said.get(place[1], "")
        return text.removesuffix(".") if line[place.end() : place.end() + 1] == "." else text

    return PLACE.sub(value, line)


def _spaced(text: str) -> str:
    """`text` with no more than one empty line between paragraphs."""
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part.strip())


def letter_pdf(drafted: Letter, sheet: OfferSheet) -> bytes:
    """The letter on a page of its own, as the first of a pack; the same letter gives the same bytes."""
    printed = drafted.without_link()
    return letter_bytes(
        PrintedLetter(
            seller=sheet.seller.name,
            address=sheet.seller.address,
            reach="  ·  ".join(p for p in (sheet.seller.phone, sheet.seller.email, sheet.seller.website) if p),
            buyer=sheet.buyer.name,
            buyer_address=sheet.buyer.address,
            day=print_date(sheet.made_on, drafted.language),
            subject=printed.subject,
            paragraphs=printed.body.split("\n\n"),
            language=drafted.language,
        ),
        sheet.made_on,
    )
