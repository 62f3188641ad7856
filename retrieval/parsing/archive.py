"""Word and Excel files are zip archives of XML: looked over before anything in them is unpacked."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO
from xml.parsers import expat

from lxml import etree

from retrieval.parsing.limits import MEGABYTE, Fault, Limits

_MOST_MEMBERS = 10_000
_SMALL = 20 * MEGABYTE
_SLICE = 65_536
_XML = (".xml", ".rels", ".vml")
_RELATIONS = "_rels/.rels"


class _Enough(Exception):
    """The first element begins: there was no document type before it."""


@contextmanager
def opened(file: BinaryIO, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive in `file`. Raises `Fault`: damaged, encrypted, unpacks to too much, declares entities."""
    try:
        with zipfile.ZipFile(file) as archive:
            _weigh(archive, limits)
            for entry in archive.infolist():
                if entry.filename.lower().endswith(_XML):
                    _refuse_entities(archive, entry)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeDecodeError) as broken:
        raise Fault("file_damaged") from broken


def _weigh(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > _MOST_MEMBERS or size > limits.unpacked_bytes or (size > _SMALL and size > limits.ratio * packed):
        raise Fault("file_unpacks_too_large", megabytes=limits.unpacked_bytes // MEGABYTE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Fault("file_encrypted")


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No program writes a document type into such a file: it is there to read other files or to blow up."""
    parser = expat.ParserCreate()

    def refuse(*_declared: object) -> None:
        raise Fault("file_with_entities")

    def enough(*_element: object) -> None:
        raise _Enough

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, enough
    with archive.open(entry) as data:
        try:
            while part := data.read(_SLICE):
                parser.Parse(part)
        except (_Enough, expat.ExpatError):
            # What is no XML is told by whoever needs it.
            return


def member(archive: zipfile.ZipFile, name: str) -> IO[bytes] | None:
    """The member called `name` whatever its letters' case, opened; None where there is none."""
    entry = next((e for e in archive.infolist() if e.filename.lower() == name.lower().lstrip("/")), None)
    return archive.open(entry) if entry else None


def main_part(archive: zipfile.ZipFile, usual: str) -> str:
    """The name of the part that holds the document itself, `usual` where the archive does not say."""
    data = member(archive, _RELATIONS)
    if data is not None:
        for element in elements(data, "end"):
            if local(element) == "Relationship" and str(element.get("Type", "")).endswith("/officeDocument"):
                named = posixpath.normpath(str(element.get("Target", ""))).lstrip("/")
                if member(archive, named) is not None:
                    return named
    return usual


def elements(data: IO[bytes], *events: str) -> Iterator[etree._Element]:
    """The elements of an XML part as they begin or end, without entities, document types or other files."""
    for _event, element in pairs(data, *events):
        yield element


def pairs(data: IO[bytes], *events: str) -> Iterator[tuple[str, etree._Element]]:
    """As `elements`, each with its event. Raises `Fault("file_damaged")`."""
    try:
        yield from etree.iterparse(
            data, events=events, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
    except etree.XMLSyntaxError as broken:
        raise Fault("file_damaged") from broken


def local(element: etree._Element) -> str:
    """An element's name without its namespace; strict and usual files differ in that alone."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name without namespace; empty where there is none."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")
