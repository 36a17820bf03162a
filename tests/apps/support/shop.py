"""A shop that is asked what it knows of a customer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Shop:
    """Answers with `body` and `status`.

    `asked` lists the customers it was asked about, `shown` what it was shown beside.
    """

    def __init__(self) -> None:
        self.body = b'{"customer_name": "Mara", "points_balance": 120}'
        self.status = 200
        self.asked: list[str] = []
        self.shown: list[str | None] = []
        self.url = ""


@contextmanager
def open_shop() -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.asked += parse_qs(urlsplit(self.path).query)["external_id"]
            shop.shown.append(self.headers["Authorization"])
            self.send_response(shop.status)
            self.send_header("Content-Length", str(len(shop.body)))
            self.end_headers()
            self.wfile.write(shop.body)

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
