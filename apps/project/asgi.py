import gc
import os
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.project.settings.local")


def build_application() -> Any:
    http: Any = get_asgi_application()
    # Django is set up only now, and the routes import models.
    from apps.project.bodies import DeclaredBodies
    from apps.project.websockets import websocket_application
    from apps.serving.asgi import InferenceFirst

    return ProtocolTypeRouter(
        {"http": InferenceFirst(DeclaredBodies(http)), "websocket": websocket_application()}
    )


application = build_application()
# What was imported stays. Looking at it for garbage holds every socket up for a tenth of a second.
gc.freeze()
