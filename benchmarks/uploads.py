"""Sends every file of a folder of test files through the upload door of a running server.

    python -m benchmarks.uploads FOLDER [--kinds pdf docx xlsx hostile]

Prints a table: how each ended, the longest time, the most memory of a reading process, and how the server was.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.home import secret_key
from api.tokens import mint
from benchmarks.upload_server import LOGIN
from core.settings import Settings
from retrieval.parsing.limits import peak_of

KINDS = ("pdf", "docx", "xlsx", "hostile")
_READ = re.compile(r"file reader: (\w+), \d+ bytes, ([\d.]+) s, peak (\d+) kB")
_START_SECONDS = 90.0
_POLL_SECONDS = 0.25
_SETTLE_SECONDS = 600.0


@dataclass
class Folder:
    """What became of the files of one folder. Times in seconds as the client saw them, memory in kB."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    slowest_file: str = ""
    child_peak: int = 0

    @property
    def files(self) -> int:
        """How many were sent."""
        return sum(self.outcomes.values())


@dataclass
class Health:
    """The server during a run: `answered` of `asked` calls of `/healthz`, the `slowest` of them in seconds, and its
    memory in kB when the run began and at its most."""

    asked: int = 0
    answered: int = 0
    slowest: float = 0.0
    before: int = 0
    peak: int = 0
    alive: bool = False


@dataclass
class Run:
    """All of one run."""

    folders: list[Folder]
    health: Health
    ready: int
    seconds: float


class Server:
    """A server of its own process over a home of its own."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / "server.log"
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        with self.log.open("wb") as out:
            command = [sys.executable, "-m", "benchmarks.upload_server", str(home), str(self.port)]
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=Path(__file__).parents[1])

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(_POLL_SECONDS)
        raise RuntimeError(self.log.read_text(errors="replace")[-2000:])

    def token(self) -> str:
        """A token of its administrator."""
        return mint(secret_key(Settings(home=self._home)), LOGIN, 36_000)

    def peaks(self) -> list[int]:
        """The memory of every reading process so far, in kB, in order."""
        return [int(found[3]) for found in _READ.finditer(self.log.read_text(errors="replace"))]


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """A server, stopped at the end."""
    server = Server(home)
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


@contextmanager
def watched(server: Server, health: Health) -> Iterator[None]:
    """Asks the server how it is, all the while."""
    done = threading.Event()
    health.before = _resident(server.process.pid)

    def watch() -> None:
        with httpx.Client(timeout=30) as client:
            while not done.wait(_POLL_SECONDS):
                health.asked += 1
                began = time.monotonic()
                try:
                    health.answered += client.get(f"{server.url}/healthz").status_code == 200
                except httpx.HTTPError:
                    continue
                health.slowest = max(health.slowest, time.monotonic() - began)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        health.alive = server.process.poll() is None
        health.peak = peak_of(str(server.process.pid))


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def send(client: httpx.Client, file: Path) -> str:
    """How a file ended: `read`, or the code it was refused with."""
    with file.open("rb") as data:
        answer = client.post("/api/v1/documents", files={"file": (file.name, data)}, data={"audience": "everyone"})
    return "read" if answer.status_code == 201 else str(answer.json()["error"]["code"])


def files_of(corpora: Path, kind: str, every: int = 1) -> list[Path]:
    """The files of a folder, or every so-manieth of them; of what is hostile always all."""
    return sorted((corpora / kind).iterdir())[:: 1 if kind == "hostile" else every]


def run(corpora: Path, kinds: Sequence[str] = KINDS, every: int = 1) -> Run:
    """Send the files of the folders `kinds` of `corpora` (`files_of`), one after another."""
    folders, health, began = [], Health(), time.monotonic()
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "home") as server:
        headers = {"Authorization": f"Bearer {server.token()}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=300) as client, watched(server, health):
            for kind in kinds:
                folder, known = Folder(kind), len(server.peaks())
                for file in files_of(corpora, kind, every):
                    started = time.monotonic()
                    folder.outcomes[send(client, file)] += 1
                    spent = time.monotonic() - started
                    if spent > folder.longest:
                        folder.longest, folder.slowest_file = spent, file.name
                folder.child_peak = max(server.peaks()[known:], default=0)
                folders.append(folder)
            ready = _settled(client)
    return Run(folders, health, ready, time.monotonic() - began)


def _settled(client: httpx.Client) -> int:
    """Wait until nothing is being indexed any more; how many documents are answered from then."""
    until = time.monotonic() + _SETTLE_SECONDS
    while True:
        states = Counter(document["state"] for document in client.get("/api/v1/documents").json())
        if not states["indexing"] or time.monotonic() > until:
            return states["ready"]
        time.sleep(1)


def table(done: Run) -> str:
    """The run as a Markdown table and a line about the server."""
    codes = sorted(
        {code for folder in done.folders for code in folder.outcomes}, key=lambda code: (code != "read", code)
    )
    lines = ["| outcome | " + " | ".join(folder.name for folder in done.folders) + " |"]
    lines.append("| --- |" + " ---: |" * len(done.folders))
    for code in codes:
        lines.append(f"| `{code}` | " + " | ".join(str(folder.outcomes[code] or "") for folder in done.folders) + " |")
    lines.append("| files | " + " | ".join(str(folder.files) for folder in done.folders) + " |")
    lines.append("| longest, s | " + " | ".join(f"{folder.longest:.1f}" for folder in done.folders) + " |")
    lines.append("| largest reader, MB | " + " | ".join(f"{f.child_peak / 1000:.0f}" for f in done.folders) + " |")
    h = done.health
    slowest = ", ".join(f"{folder.slowest_file} ({folder.longest:.1f} s)" for folder in done.folders)
    lines += [
        "",
        f"The server is {'alive' if h.alive else 'DEAD'}. /healthz answered {h.answered} of {h.asked} times, at the "
        f"slowest in {h.slowest:.2f} s. Its memory: {h.before / 1000:.0f} MB before, {h.peak / 1000:.0f} MB at most.",
        f"{done.ready} documents were ready at the end, after {done.seconds:.0f} s. Slowest files: {slowest}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds a folder a kind")
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    given = parser.parse_args()
    sys.stdout.write(table(run(given.folder, given.kinds)) + "\n")


if __name__ == "__main__":
    main()
