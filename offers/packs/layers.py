"""Layers of PDF files that are merged: what was hidden stays hidden."""

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject

from offers.packs.values import called, inner, references

Layer = tuple[PdfObject, bool]


def layers_of(writer: PdfWriter, reader: PdfReader) -> list[Layer]:
    """The layers of a file as objects of `writer`, each with whether it is hidden from the start."""
    known = inner(inner(reader.trailer, "/Root"), "/OCProperties")
    listed, usual = references(known, "/OCGs"), inner(known, "/D")
    if usual is not None and called(usual, "/BaseState") == "/OFF":
        shown = {each.idnum for each in references(usual, "/ON")}
        hidden = {each.idnum for each in listed} - shown
    else:
        hidden = {each.idnum for each in references(usual, "/OFF")}
    return [(each.clone(writer), each.idnum in hidden) for each in listed]


def keep(writer: PdfWriter, layers: list[Layer]) -> None:
    """Have the file `writer` writes know these layers."""
    if not layers:
        return
    usual = DictionaryObject({NameObject("/OFF"): ArrayObject([layer for layer, hidden in layers if hidden])})
    usual[NameObject("/Order")] = ArrayObject()
    known = DictionaryObject({NameObject("/OCGs"): ArrayObject([layer for layer, _ in layers])})
    known[NameObject("/D")] = usual
    writer.root_object[NameObject("/OCProperties")] = known
