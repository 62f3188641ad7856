"""How much of the program's log the terminal shows."""

import logging


def show_logs(level: int) -> None:
    """Show log lines of at least `level` (as in `logging`), whatever level their loggers have."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(level)
