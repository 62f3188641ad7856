"""The demo company served by `robo` in a process of its own, and the browser to look at it with."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
ROBO = str(Path(sys.executable).with_name("robo"))
CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = (1280, 900), (390, 844)
# The cold start of a demo indexes every help page.
_START_SECONDS = 420


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """The demo company, served by a process of its own that can be stopped and started again."""

    home: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def robo(self, *command: str) -> str:
        """Run a `robo` command on the same home, and give what it printed."""
        done = subprocess.run(
            [ROBO, *command],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self, command: str = "serve") -> None:
        """Serve, and wait until it answers."""
        log = (self.home.parent / "server.log").open("ab")
        self.process = subprocess.Popen(
            [ROBO, command, "--port", str(self.port)],
            cwd=ROOT,
            env=self._environment(),
            stdout=log,
            stderr=log,
        )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError((self.home.parent / "server.log").read_text()[-3000:])
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.3)
        self.stop()
        raise RuntimeError("the server did not start in time")

    def stop(self) -> None:
        """Stop serving, as a machine that goes down would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ROBO_", "OPENAI_", "DATABASE_URL"))}
        return {**kept, **self.settings, "ROBO_HOME": str(self.home)}


def sign_in(page: Page, url: str, login: str, path: str = "/") -> None:
    """Sign in by the form, as a person does, and go to `path`."""
    page.goto(f"{url}/sign-in?next={path}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", f"{login}-demo-2026")
    page.click("button.primary")
    page.wait_for_selector("#main")
