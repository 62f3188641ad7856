"""Backing up, restoring and exporting everything a company keeps here."""

from crm.backup.restoring import restore
from crm.backup.saving import BackupReport, backup
from crm.backup.sheets import export

__all__ = ["BackupReport", "backup", "export", "restore"]
