"""A stand-in for a model's server on this machine: it plays a written list of steps and records what it was asked.

Leaving it raises when a step was not played, or when it was asked once more than written.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, Self

from core.settings import Settings


@dataclass(frozen=True)
class Say:
    """Streams `pieces`, then ends with `finish`; None ends without saying why, as a broken server does."""

    pieces: tuple[str, ...]
    finish: str | None = "stop"


@dataclass(frozen=True)
class Call:
    """Calls tools: a name and a text of arguments each."""

    calls: tuple[tuple[str, str], ...]
    before: str = ""


@dataclass(frozen=True)
class Break:
    """Streams `pieces`, then stops in one of several ways and never ends the answer."""

    how: Literal["silent", "reset", "closed", "dripping"]
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Raw:
    """Answers with exactly this."""

    body: bytes
    status: int = 200
    kind: str = "text/event-stream"


Step = Say | Call | Break | Raw | Callable[[dict[str, object]], "Say | Call"]


def say(*pieces: str) -> Say:
    return Say(pieces)


def call(name: str, /, **arguments: object) -> Call:
    return Call(((name, json.dumps(arguments)),))


def status(code: int) -> Raw:
    return Raw(json.dumps({"error": {"message": "scripted"}}).encode(), code, "application/json")


def _chunk(delta: dict[str, object], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def events(step: Say | Call | Break) -> Iterator[bytes]:
    """The server-sent events of a step."""
    yield _chunk({"role": "assistant", "content": ""})
    if isinstance(step, Call):
        if step.before:
            yield _chunk({"content": step.before})
        for i, (name, arguments) in enumerate(step.calls):
            function = {"name": name, "arguments": arguments}
            yield _chunk({"tool_calls": [{"index": i, "id": f"call{i}", "type": "function", "function": function}]})
        yield _chunk({}, "tool_calls") + b"data: [DONE]\n\n"
        return
    for piece in step.pieces:
        yield _chunk({"content": piece})
    if isinstance(step, Say):
        yield (_chunk({}, step.finish) if step.finish else b"") + b"data: [DONE]\n\n"


def completion(step: Say) -> bytes:
    """The same answer in one piece, for a request that does not stream."""
    message = {"role": "assistant", "content": "".join(step.pieces)}
    choice = {"index": 0, "message": message, "finish_reason": step.finish}
    return json.dumps(
        {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    ).encode()


@dataclass
class ScriptedModel:
    """Play `steps` in order: `with ScriptedModel([...]) as server: ... server.settings()`."""

    steps: list[Step]
    requests: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    unexpected: int = 0

    def __enter__(self) -> Self:
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                script.play(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        if kind is None:
            assert not self.unexpected, f"{self.unexpected} requests more than written"
            assert not self.steps, f"steps never asked for: {self.steps}"

    def settings(self, seconds: float = 20.0, calls: int = 4) -> Settings:
        return Settings(
            home=Path("unused"),
            openai_base_url=f"http://127.0.0.1:{self.server.server_address[1]}/v1",
            model="scripted",
            model_timeout=seconds,
            model_calls=calls,
        )

    def play(self, to: BaseHTTPRequestHandler) -> None:
        request = json.loads(to.rfile.read(int(to.headers["Content-Length"])))
        self.requests.append(request)
        self.headers.append({name.lower(): value for name, value in to.headers.items()})
        if not self.steps:
            self.unexpected += 1
            step: Step = status(500)
        else:
            step = self.steps.pop(0)
        if callable(step):
            step = step(request)
        if isinstance(step, Raw):
            self._whole(to, step)
        elif isinstance(step, Say) and not request.get("stream"):
            self._whole(to, Raw(completion(step), 200, "application/json"))
        else:
            self._stream(to, step)

    def _whole(self, to: BaseHTTPRequestHandler, step: Raw) -> None:
        to.send_response(step.status)
        to.send_header("Content-Type", step.kind)
        to.send_header("Content-Length", str(len(step.body)))
        to.end_headers()
        to.wfile.write(step.body)

    def _stream(self, to: BaseHTTPRequestHandler, step: Say | Call | Break) -> None:
        to.close_connection = True
        to.send_response(200)
        to.send_header("Content-Type", "text/event-stream")
        to.send_header("Transfer-Encoding", "chunked")
        to.end_headers()
        try:
            for event in events(step):
                self._send(to, event)
            if isinstance(step, Break):
                self._break(to, step)
            else:
                to.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.gone.set()

    def _break(self, to: BaseHTTPRequestHandler, step: Break) -> None:
        if step.how == "reset":
            to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            to.connection.close()
        while step.how in ("silent", "dripping") and not self.over.is_set():
            if step.how == "dripping":
                self._send(to, _chunk({"content": "a"}))
            elif not to.connection.recv(1):
                raise OSError("the caller is gone")
            time.sleep(0.02)

    @staticmethod
    def _send(to: BaseHTTPRequestHandler, data: bytes) -> None:
        to.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        to.wfile.flush()
