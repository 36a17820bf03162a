from importlib import import_module
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.apps import apps
from django.utils.module_loading import module_has_submodule


def websocket_routes() -> list[Any]:
    """Every app of ours that has a `routing` module brings its `websocket_urlpatterns`."""
    return [
        route
        for config in apps.get_app_configs()
        if config.name.startswith("apps.") and module_has_submodule(import_module(config.name), "routing")
        for route in import_module(f"{config.name}.routing").websocket_urlpatterns
    ]


def websocket_application() -> Any:
    return AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_routes())))
