"""A shop that is asked what it knows of a customer."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Shop:
    """Answers with `body` and `status`, and where it pauses, byte by byte.

    `asked` lists the customers it was asked about, `shown` what it was shown beside.
    """

    def __init__(self) -> None:
        self.body = b'{"customer_name": "Mara", "points_balance": 120}'
        self.status = 200
        self.pause_seconds = 0.0
        self.asked: list[str] = []
        self.shown: list[str | None] = []
        self.url = ""


@contextmanager
def open_shop() -> Iterator[Shop]:
    shop = Shop()

    def parts() -> list[bytes]:
        return [bytes([byte]) for byte in shop.body] if shop.pause_seconds else [shop.body]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.asked += parse_qs(urlsplit(self.path).query)["external_id"]
            shop.shown.append(self.headers["Authorization"])
            self.send_response(shop.status)
            self.send_header("Content-Length", str(len(shop.body)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has waited long enough
                for part in parts():
                    time.sleep(shop.pause_seconds)
                    self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_port}/context"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
