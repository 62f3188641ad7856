"""How soon a screen is painted and usable on a slow line: `python -m benchmarks.first_paint [--samples N]`.

Chromium with the processor slowed down four times and a line of 1.6 Mbit/s with 150 ms each way and back (the
"slow 4G" of Lighthouse) opens screens of the demo company, with an empty cache and with a filled one. *Painted* is
the browser's first contentful paint; *usable* is when the page has loaded and the widget's button is there. The
floor, taken in turn in the same run, is a page of the same number of bytes without styles or scripts.
"""

import argparse
import statistics
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.served import CHROMIUM, FLAGS, Served, free_port, sign_in

_SCREENS = ("/", "/customers", "/customers/C0001", "/opportunities", "/offers")
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_USABLE = """() => document.readyState === 'complete'
  && document.querySelector('virtuo-robo')?.shadowRoot?.querySelector('button') && performance.now()"""


class _Plain(BaseHTTPRequestHandler):
    """A page of as many bytes as its address asks for, of nothing but text."""

    def do_GET(self) -> None:
        """Answer."""
        asked = self.path.strip("/")
        size = int(asked) if asked.isdecimal() else 1
        body = b"<!doctype html><title>x</title><p>" + b"words and " * (size // 10)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _opened(context: BrowserContext, url: str, usable: bool) -> tuple[float, float]:
    """Milliseconds until `url` was painted, and until it was usable."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", _LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url)
    ready = float(page.wait_for_function(_USABLE).json_value()) if usable else 0.0
    page.wait_for_function(_PAINTED)
    painted = float(page.evaluate(_PAINTED))
    page.close()
    return painted, ready


def _signed_in(browser: Browser, served: Served) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, served.url, "anna")
    page.close()
    return context


def run(samples: int) -> list[str]:
    """Lines of a table."""
    rows = [
        "| screen | cache | painted ms | usable ms | floor painted ms | painted / floor |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    plain = ThreadingHTTPServer(("127.0.0.1", free_port()), _Plain)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = Served(Path(folder) / "home", free_port())
        served.home.mkdir()
        served.start("demo")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        kept = _signed_in(browser, served)
        for screen in _SCREENS:
            size = len(kept.request.get(served.url + screen).body())
            floor_url = f"http://127.0.0.1:{plain.server_port}/{size}"
            _opened(kept, served.url + screen, True)
            for cache in ("empty", "filled"):
                shown: list[tuple[float, float]] = []
                floor: list[float] = []
                for _ in range(samples):
                    used = _signed_in(browser, served) if cache == "empty" else kept
                    if cache == "empty":
                        # Signing in has filled the cache; an empty one is another browser with the same cookie.
                        fresh = browser.new_context(storage_state=used.storage_state())
                        used.close()
                        used = fresh
                    shown.append(_opened(used, served.url + screen, True))
                    floor.append(_opened(used, floor_url, False)[0])
                    if cache == "empty":
                        used.close()
                painted, usable = (statistics.median(column) for column in zip(*shown, strict=True))
                base = statistics.median(floor)
                rows.append(
                    f"| `{screen}` | {cache} | {painted:.0f} | {usable:.0f} | {base:.0f} | {painted / base:.2f} |"
                )
        browser.close()
        served.stop()
    plain.shutdown()
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=5)
    sys.stdout.write("\n".join(run(parser.parse_args().samples)) + "\n")
