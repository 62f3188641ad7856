"""Offer documents: a Word file and a PDF from an offer sheet, each read back before it is sent."""

from offers.documents.files import sha256_of, template_of
from offers.documents.pdf import pdf_engine, render_pdf
from offers.documents.readback import read_back
from offers.documents.word import render_docx

__all__ = ["pdf_engine", "read_back", "render_docx", "render_pdf", "sha256_of", "template_of"]
