"""The pack: an offer and what goes with it as one PDF, or as separate files, ready to be sent."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from core.errors import AppError, say
from core.language import Language
from core.settings import Settings
from crm import offers as offer_records
from crm.actor import Actor
from crm.people import as_language
from crm.session import unit
from crm.tables import OfferDocument, OfferVersion
from offers.attaching import attached
from offers.documents.extract import document_text
from offers.documents.files import sha256_of, whole_file
from offers.letters import Letter, letter, letter_pdf
from offers.library import PDF, intact
from offers.packs.limits import PackLimits
from offers.packs.sandbox import ask
from offers.packs.typesetting import Mark, stamps_pdf
from offers.service import Offers, document_folder
from offers.sheet import OfferSheet
from offers.to_sheet import offer_sheet

KIND = "pack"
# Raised when the same content would be set otherwise: packs made before are then made anew.
_LAYOUT = "1"
_LIMITS = PackLimits()


@dataclass(frozen=True)
class SendFile:
    """A file to be sent with an offer, intact when it was looked at: its name for the recipient, where it lies, and
    its size in bytes."""

    name: str
    path: Path
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class _Piece:
    """A file that goes with the version, and the title people know it by."""

    title: str
    name: str
    path: Path
    media_type: str
    sha256: str


@dataclass(frozen=True)
class _Order:
    """What a pack of one version consists of: `offer` the finished PDF, `pieces` what is attached, in order. `noted`
    are path and digest of the pack made before, if any; an `open` version can have one noted."""

    sheet: OfferSheet
    offer: Path
    pieces: tuple[_Piece, ...]
    letter: Letter | None
    noted: tuple[str, str] | None
    open: bool

    @property
    def language(self) -> Language:
        return self.sheet.language

    @property
    def merged(self) -> tuple[_Piece, ...]:
        """The pieces that can be merged; the others stay files of their own."""
        return tuple(piece for piece in self.pieces if piece.media_type == PDF)

    @property
    def digest(self) -> str:
        """A short name for all that decides how the pack looks."""
        said = [self.letter.subject, self.letter.body] if self.letter else []
        return _digest(sha256_of(self.offer), [(piece.title, piece.sha256) for piece in self.merged], said)


def _digest(offer: str, merged: Sequence[tuple[str, str]], said: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([[_LAYOUT, offer, *merged], said]).encode()).hexdigest()[:16]


def files_to_send(
    engine: Engine, settings: Settings, actor: Actor, number: str, *, as_pack: bool, with_letter: bool = False
) -> tuple[SendFile, ...]:
    """The files of the newest version of an offer: the PDF and each attachment; or, `as_pack`, one merged PDF (with the
    cover letter in front where `with_letter`) and those attachments that cannot be merged, such as Word files.

    Makes missing documents and the pack. No transaction may be open. Raises `NotFound`, what making documents raises,
    and `AppError` naming the attachment whose file is missing or cannot be merged: the offer stays as it is.
    """
    order = _order(engine, settings, actor, number, with_letter)
    sheet = order.sheet
    if as_pack and (order.merged or order.letter):
        whole = _pack(engine, settings, actor, order)
        rest: Sequence[_Piece] = [piece for piece in order.pieces if piece.media_type != PDF]
        first = _file(f"{sheet.number}-v{sheet.version}.pdf", whole, PDF)
    else:
        rest = order.pieces
        first = _file(f"{sheet.number}.pdf", order.offer, PDF)
    names = {first.name.casefold()}
    files = [first]
    for piece in rest:
        name = _free(piece.name, names)
        files.append(SendFile(name, piece.path, piece.media_type, piece.sha256, piece.path.stat().st_size))
    return tuple(files)


def pack(engine: Engine, settings: Settings, actor: Actor, number: str, *, with_letter: bool = False) -> SendFile:
    """The offer and every PDF that goes with it as one file, even where nothing does. Raises as `files_to_send`."""
    order = _order(engine, settings, actor, number, with_letter)
    return _file(f"{order.sheet.number}-v{order.sheet.version}.pdf", _pack(engine, settings, actor, order), PDF)


def _free(name: str, taken: set[str]) -> str:
    """`name`, with a number before its ending where another file of the mail has it."""
    stem, dot, ending = name.rpartition(".")
    tries = (name if n == 1 else f"{stem} ({n}){dot}{ending}" for n in range(1, len(taken) + 2))
    free = next(each for each in tries if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _file(name: str, path: Path, media_type: str) -> SendFile:
    return SendFile(name, path, media_type, sha256_of(path), path.stat().st_size)


def _order(engine: Engine, settings: Settings, actor: Actor, number: str, with_letter: bool) -> _Order:
    pdf = Offers(engine, settings).document(actor, number, "pdf")
    with unit(engine, actor, writes=False) as session:
        offer = offer_records.by_number(session, number)
        version = offer.latest
        return _Order(
            offer_sheet(session, offer),
            pdf,
            tuple(_piece(settings, each.title, each.filename, each.path, each.media_type, each.sha256)
                  for each in attached(version)),
            letter(session, offer, as_language(version.language)) if with_letter else None,
            _noted(version),
            offer.state not in offer_records.OUT,
        )  # fmt: skip


def _piece(settings: Settings, title: str, name: str, path: str, media_type: str, sha256: str) -> _Piece:
    return _Piece(title, name, intact(settings, path, sha256, title), media_type, sha256)


def customers_pack(version: OfferVersion) -> OfferDocument | None:
    """The pack noted for `version`, if it holds just the offer and what goes with it now, and no cover letter. What was
    taken off since it was made must not reach the customer, who may open the noted one."""
    known = {document.kind: document for document in version.documents}
    if "pdf" not in known or KIND not in known:
        return None
    merged = [(each.title, each.sha256) for each in attached(version) if each.media_type == PDF]
    return known[KIND] if known[KIND].path.endswith(_ending(_digest(known["pdf"].sha256, merged, []))) else None


def _ending(digest: str) -> str:
    return f"-pack-{digest}.pdf"


def _noted(version: OfferVersion) -> tuple[str, str] | None:
    found = next((document for document in version.documents if document.kind == KIND), None)
    return None if found is None else (found.path, found.sha256)


def _pack(engine: Engine, settings: Settings, actor: Actor, order: _Order) -> Path:
    """Where the pack lies, made if need be; noted while the version may have documents added."""
    sheet, home = order.sheet, settings.home.resolve()
    target = document_folder(settings, sheet.number, sheet.version) / f"{sheet.number}{_ending(order.digest)}"
    path = str(target.relative_to(home))
    if order.noted is not None and order.noted[0] == path and target.is_file() and sha256_of(target) == order.noted[1]:
        return target
    _make(order, target)
    if order.open and actor.scope("offer", "create") is not None:
        with unit(engine, actor) as session:
            offer = offer_records.by_number(session, sheet.number, locked=True)
            if offer.latest.ordinal == sheet.version and offer.state not in offer_records.OUT:
                offer_records.add_document(session, offer.latest, KIND, path, sha256_of(target))
    return target


def _make(order: _Order, target: Path) -> None:
    """Merge, stamp, and look at what came of it; `target` is there whole and right, or as it was."""
    sheet, language = order.sheet, order.language
    mark = say("pack_mark", language, number=sheet.number, version=sheet.version, page="{page}", pages="{pages}")
    with TemporaryDirectory(prefix="offer-pack-") as folder, whole_file(target) as draft:
        parts: list[dict[str, object]] = []
        if order.letter is not None:
            front = Path(folder, "letter.pdf")
            front.write_bytes(letter_pdf(order.letter, sheet))
            parts.append({"file": str(front), "title": say("pack_letter", language), "stamp": False})
        again = Path(folder, "offer.pdf")
        title = f"{say('pack_offer', language)} {sheet.number}"
        parts.append({"file": str(order.offer), "title": title, "stamp": False, "keep": str(again)})
        parts += [{"file": str(piece.path), "title": piece.title, "stamp": True} for piece in order.merged]
        measured = ask({"task": "measure", "parts": parts}, _LIMITS, sheet.number)
        stamps = Path(folder, "stamps.pdf")
        stamps.write_bytes(stamps_pdf(_marks(parts, measured["sizes"], mark), sheet.made_on))
        request: dict[str, object] = {
            "task": "merge",
            "parts": parts,
            "stamps": str(stamps),
            "target": str(draft),
            "title": f"{sheet.number} v{sheet.version}",
        }
        ask(request, _LIMITS, sheet.number)
        # The offer's own file was read back figure by figure when it was made: in the pack it has to say the same.
        if _said(again) != _said(order.offer):
            raise AppError("pack_wrong", 500, file=sheet.number, pages=0, expected=order.offer.name)


def _said(pdf: Path) -> str:
    return "".join(document_text(pdf).split())


def _marks(parts: Sequence[dict[str, object]], sizes: object, mark: str) -> list[Mark]:
    """A stamp for every page of the parts that get one, counted through the whole pack; the texts are noted with the
    part, so that they can be looked for in the finished file."""
    if not isinstance(sizes, list):
        raise AppError("pack_wrong", 500, file="", pages=0, expected="sizes")
    pages = sum(map(len, sizes))
    at = 0
    marks: list[Mark] = []
    for part, shown in zip(parts, sizes, strict=True):
        texts = [mark.format(page=at + n, pages=pages) for n in range(1, len(shown) + 1)]
        if part["stamp"]:
            part["marks"] = texts
            marks += [
                Mark(width=width, height=height, text=text) for (width, height), text in zip(shown, texts, strict=True)
            ]
        at += len(shown)
    if not marks:
        marks.append(Mark(width=100, height=100, text=""))
    return marks
