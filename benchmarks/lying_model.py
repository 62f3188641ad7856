"""A stand-in for a model's server that answers whatever it was told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class LyingModel:
    """Serves on this machine while it is entered: every request is answered with `answer`; `asked` counts them."""

    def __init__(self) -> None:
        self.answer = "{}"
        self.asked = 0

    def __enter__(self) -> Self:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                owner.asked += 1
                message = {"role": "assistant", "content": owner.answer}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                body = json.dumps({"id": "l", "object": "chat.completion", "created": 1, "choices": [choice]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is logged."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens, as `OPENAI_BASE_URL` wants it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"
