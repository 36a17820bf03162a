"""Somebody else's site, which carries the widget and whose policy allows nothing that it does not need."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from apps.support.services.identities import identity_signature

POLICY = "default-src 'none'; img-src data:; script-src {berth}; connect-src {berth}"
PAGE = """<!doctype html>
<html lang="en"><title>Shop</title><link rel="icon" href="data:,">
<body><h1>Shop</h1><script src="{berth}/support/widget.js" {attributes}></script></body></html>"""
# What this site and Berth both know.
IDENTITY_SECRET = "a secret of these journeys"
SIGNED_IN = "customer/"
MODULE = "module/"
WITHOUT_SOCKETS = "without-sockets/"


@contextmanager
def other_site(berth: str) -> Iterator[str]:
    """Its address; another origin than Berth's, by name and by port. Each of its places is another page."""
    issued = int(time.time())
    claims = {"external_id": "C-1042", "name": "Ada", "issued": issued, "expires": issued + 3600}
    text = json.dumps(claims)
    signature = identity_signature(text, IDENTITY_SECRET)
    customer = f'data-customer="{escape(text)}" data-signature="{signature}"'

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            socket = "" if self.path.endswith(WITHOUT_SOCKETS) else berth.replace("http", "ws")
            self.send_header("Content-Security-Policy", f"{POLICY.format(berth=berth)} {socket}")
            self.end_headers()
            loading = 'type="module"' if self.path.endswith(MODULE) else "async"
            who = customer if self.path.endswith(SIGNED_IN) else ""
            self.wfile.write(PAGE.format(berth=berth, attributes=f"{loading} {who}").encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
