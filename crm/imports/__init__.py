"""Importing users, products, customers, contacts, activities and opportunities from xlsx and csv files."""

from crm.imports.report import IMPORT_KINDS, ImportKind, ImportReport, RowFault
from crm.imports.run import run_import

__all__ = ["IMPORT_KINDS", "ImportKind", "ImportReport", "RowFault", "run_import"]
