"""The web server, with the options that it has wherever it runs: `python -m apps.project.web --port 8000`."""

import sys

from uvicorn.main import main

OPTIONS = (
    # The faster parser loses the body of whoever offers to go on in HTTP/2, as Java's client does.
    "--http=h11",
    "--lifespan=off",
    "--no-access-log",
    "--no-server-header",
    # Compression costs each of a thousand sockets its own memory, for messages of a few hundred bytes.
    "--ws-per-message-deflate=false",
    "--ws-max-size=131072",
)

if __name__ == "__main__":
    main(["apps.project.asgi:application", *OPTIONS, *sys.argv[1:]])
