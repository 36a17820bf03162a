import gc
import multiprocessing
import os
import signal
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from apps.project.processes import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.project.settings.local")


# One of several web processes: left alone it would hold the port, and the next start would fail.
if (server := multiprocessing.parent_process()) is not None and server.pid is not None:
    die_with(server.pid, signal.SIGKILL)


def build_application() -> Any:
    http: Any = get_asgi_application()
    # Django is set up only now, and the routes import models.
    from apps.project.bodies import DeclaredBodies
    from apps.project.websockets import websocket_application
    from apps.serving.asgi import InferenceFirst
    from apps.serving.lifespan import models_first

    return ProtocolTypeRouter(
        {
            "http": InferenceFirst(DeclaredBodies(http)),
            "websocket": websocket_application(),
            "lifespan": models_first,
        }
    )


application = build_application()
# What was imported stays. Looking at it for garbage holds every socket up for a tenth of a second.
gc.freeze()
