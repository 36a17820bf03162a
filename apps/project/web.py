"""The web server, with the options that it has wherever it runs: `python -m apps.project.web --port 8000`.

`WEB_CONCURRENCY` is how many processes answer on that port.
"""

import os
import signal
import sys

from uvicorn.main import main

from apps.project.processes import die_with

OPTIONS = (
    # The faster parser loses the body of whoever offers to go on in HTTP/2, as Java's client does.
    "--http=h11",
    "--lifespan=off",
    "--no-access-log",
    "--no-server-header",
    # Compression costs each of a thousand sockets its own memory, for messages of a few hundred bytes.
    "--ws-per-message-deflate=false",
    "--ws-max-size=131072",
    # A process that answers late has much to do; to kill it then would lose its sockets and help nobody.
    "--timeout-worker-healthcheck=60",
)

if __name__ == "__mp_main__":
    # One of several: left alone it would hold the port, and the next start would fail.
    die_with(os.getppid(), signal.SIGKILL)

if __name__ == "__main__":
    main(["apps.project.asgi:application", *OPTIONS, *sys.argv[1:]])
