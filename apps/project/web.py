"""The web server, with the options that it has wherever it runs: `python -m apps.project.web --port 8000`."""

import sys

from uvicorn.config import LOGGING_CONFIG
from uvicorn.main import main

from apps.project.environment import Environment

OPTIONS = (
    # The faster parser loses the body of whoever offers to go on in HTTP/2, as Java's client does.
    "--http=h11",
    "--lifespan=on",
    "--no-access-log",
    "--no-server-header",
    # Compression costs each of a thousand sockets its own memory, for messages of a few hundred bytes.
    "--ws-per-message-deflate=false",
    "--ws-max-size=131072",
    # Longer than proxies keep an unused connection (nginx: 60 s): who closes first must be the one that sends
    # next, else a request meets a closed door and, being a POST, is not tried again.
    "--timeout-keep-alive=75",
    # A process that answers late has much to do; to kill it then would lose its sockets and help nobody.
    "--timeout-worker-healthcheck=60",
)
# Python runs one thread of a process at a time, and the bot is mostly Python: see decision 19.
PROCESSES = 2

if __name__ == "__main__":
    # The process that watches over the others has no Django that would see to its lines.
    LOGGING_CONFIG["formatters"]["default"] = {"()": "apps.project.logs.JsonFormatter"}
    processes = Environment().integer("WEB_CONCURRENCY", PROCESSES)
    main(["apps.project.asgi:application", *OPTIONS, f"--workers={processes}", *sys.argv[1:]])
