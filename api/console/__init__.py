"""The console: server-rendered screens over the same services as every other door."""

from pathlib import Path

TEMPLATE_FOLDER = Path(__file__).with_name("templates")
