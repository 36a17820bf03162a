"""A small V2 inference server on a free port: what remote runtimes talk to in tests."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from modelcore.serving.v2 import HEADER, KINDS, Tensor, decode_response, encode_request

Answer = Callable[[dict[str, Any]], dict[str, Tensor]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Answer
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        length = self.headers.get(HEADER)
        head = json.loads(body if length is None else body[: int(length)])
        self.seen.append(head)
        # Requests and answers describe tensors alike, so that one decoder reads both.
        as_answer = json.dumps({"outputs": head["inputs"]}).encode()
        blobs = b"" if length is None else body[int(length) :]
        inputs = decode_response(as_answer + blobs, len(as_answer) if length else None)
        try:
            outputs = self.answer(inputs)
        except LookupError as error:
            self.reply(400, json.dumps({"error": str(error.args[0])}).encode())
            return
        content, size = encode_request(list(outputs.values()), binary=length is not None)
        self.reply(200, content.replace(b'"inputs"', b'"outputs"', 1), size and size + 1)

    def reply(self, status: int, content: bytes, header_length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if header_length:
            self.send_header(HEADER, str(header_length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def v2_server(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The URL of a model that answers so, and the requests that it has seen."""
    seen: list[dict[str, Any]] = []
    handler = type("Bound", (Handler,), {"answer": staticmethod(answer), "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v2/models/intent", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sleepy(_: dict[str, Any]) -> dict[str, Tensor]:
    time.sleep(1)
    return {}


def every_kind(_: dict[str, Any]) -> dict[str, Tensor]:
    numbers = {kind: Tensor(kind, kind, np.ones((2, 1), dtype=code)) for kind, code in KINDS.items()}
    return {**numbers, "BYTES": Tensor("BYTES", "BYTES", np.array([b"a", "\u00e9".encode()], dtype=object))}
