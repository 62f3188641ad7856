"""A small application that is not ours, with the assistant on its pages: `python3 docs/embed/host.py`.

It shows what a host has to do, with Python's standard library alone: a page with one script tag (page.html), a call of
`robo` when the user moves on (host.js), and one route that asks the assistant's server for the user's token (below).
"""

import argparse
import json
import os
import sys
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

HERE = Path(__file__).resolve().parent
ROBO_URL = os.environ.get("ROBO_URL", "http://127.0.0.1:8765").rstrip("/")
ROBO_HOST_KEY = os.environ.get("ROBO_HOST_KEY", "")
# Who may sign in here: their name, and the language they work in. A real host has its own sign-in and session.
USERS = {"anna": ("Somogyi Anna", "hu"), "magda": ("Magda Zielińska", "pl"), "oliver": ("Oliver Hartley", "en")}
COOKIE = "harbour_user"
FILES = {"/host.css": "text/css", "/host.js": "text/javascript", "/data.json": "application/json"}
# What the widget needs of a strict policy: its script and its calls, both from the assistant's server.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {ROBO_URL}",
        f"connect-src 'self' {ROBO_URL}",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def assistant_token(login: str) -> tuple[int, bytes]:
    """Ask for a token of `login`: the status and the JSON to pass on. The key never leaves this process."""
    headers = {"Authorization": f"Bearer {ROBO_HOST_KEY}", "Content-Type": "application/json"}
    request = Request(f"{ROBO_URL}/api/v1/embed/token", json.dumps({"login": login}).encode(), headers)
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()
    except URLError as fault:
        return 502, json.dumps({"error": {"code": "unreachable", "message": str(fault.reason)}}).encode()


class Host(BaseHTTPRequestHandler):
    """Two pages, their files, a switch of users, and the token."""

    protocol_version = "HTTP/1.1"

    def _user(self) -> str:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return cookie.value if cookie and cookie.value in USERS else "anna"

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        wanted = {"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "no-store", **(headers or {})}
        wanted |= {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        for name, value in {**wanted, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> bytes:
        login = self._user()
        name, language = USERS[login]
        options = "".join(
            f'<option value="{key}"{" selected" if key == login else ""}>{who} ({code})</option>'
            for key, (who, code) in USERS.items()
        )
        page = Template((HERE / "page.html").read_text(encoding="utf-8"))
        filled = page.substitute(robo=ROBO_URL, login=login, name=name, language=language, options=options)
        return filled.encode()

    def do_GET(self) -> None:
        """A page or one of its files."""
        path = self.path.partition("?")[0]
        if path in FILES:
            self._send(200, (HERE / path[1:]).read_bytes(), FILES[path])
        elif path in ("/", "/orders") or path.startswith("/customers/"):
            self._send(200, self._page(), "text/html")
        elif path == "/favicon.ico":
            self._send(HTTPStatus.NO_CONTENT, b"", "image/x-icon")
        else:
            self._send(404, b"There is no such page.", "text/plain")

    def do_POST(self) -> None:
        """A token for whoever is signed in here, or another user."""
        sent = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 10_000))
        if self.path == "/assistant-token":
            self._send(*assistant_token(self._user()), "application/json")
        elif self.path == "/switch":
            login = parse_qs(sent.decode(errors="replace")).get("login", ["anna"])[0]
            cookie = f"{COOKIE}={login if login in USERS else 'anna'}; Path=/; HttpOnly; SameSite=Strict"
            self._send(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": "/", "Set-Cookie": cookie})
        else:
            self._send(404, b"There is no such page.", "text/plain")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of every request."""


def main() -> None:
    """Serve until stopped."""
    options = argparse.ArgumentParser(description="A host application with the assistant on its pages.")
    options.add_argument("--port", type=int, default=9000)
    port = options.parse_args().port
    if not ROBO_HOST_KEY:
        sys.exit("Set ROBO_HOST_KEY to the key that `robo embed add` printed; docs/embed/README.md shows how.")
    server = ThreadingHTTPServer(("127.0.0.1", port), Host)
    sys.stderr.write(f"Harbour Wholesale is open on http://localhost:{server.server_port}\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
