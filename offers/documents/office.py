"""LibreOffice as a converter: one run at a time, its own profile, ended with all its children in time."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from weakref import finalize

from core.errors import AppError
from offers.documents.files import whole_file

# Two runs on one profile disturb each other; a new profile for each run would cost seconds.
_ONE_AT_A_TIME = Lock()
TIMEOUT = 60.0


def soffice() -> str | None:
    """The LibreOffice program on the search path, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


class _Profile:
    """A LibreOffice profile of this process, removed when the process ends."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="offer-office-"))
        self._removal = finalize(self, shutil.rmtree, str(self.folder), True)


@lru_cache
def _profile() -> _Profile:
    return _Profile()


def convert_to_pdf(docx: Path, target: Path, timeout: float = TIMEOUT) -> Path:
    """Convert the Word file `docx` to `target` (whole or not at all) within `timeout` seconds.

    Raises `AppError` `pdf_failed` if LibreOffice is missing, fails, or takes longer; a run that
    takes longer is killed with every process it started.
    """
    program = soffice()
    if program is None:
        raise AppError("pdf_failed", 500, file=target.name, fault="LibreOffice is not installed")
    with _ONE_AT_A_TIME, TemporaryDirectory(prefix="offer-pdf-") as folder:
        # A fixed name, so that no letter of the file's own name can be taken for an option.
        source = Path(folder, "offer.docx")
        shutil.copyfile(docx, source)
        fault = _run(program, source, timeout)
        made = source.with_suffix(".pdf")
        if fault is None and not made.is_file():
            fault = "LibreOffice made no file"
        if fault is not None:
            raise AppError("pdf_failed", 500, file=target.name, fault=fault)
        with whole_file(target) as draft:
            shutil.copyfile(made, draft)
    return target


def _run(program: str, source: Path, timeout: float) -> str | None:
    """Run the conversion beside `source`; None, or what went wrong."""
    profile = _profile().folder
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    command += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", str(source.parent), str(source)]
    home = {"PATH": os.environ.get("PATH", ""), "HOME": str(profile), "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=home,
    )
    try:
        _, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        return f"LibreOffice took longer than {timeout:g} s"
    finally:
        # Ends the program that the soffice script starts as well, on a time-out or when we are interrupted.
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode != 0:
        said = errors.decode("utf-8", "replace").strip().splitlines()
        return f"LibreOffice ended with {process.returncode}" + (f": {said[-1][:160]}" if said else "")
    return None
