from importlib import import_module
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.apps import apps
from django.urls import re_path
from django.utils.module_loading import module_has_submodule


def websocket_routes(name: str = "websocket_urlpatterns") -> list[Any]:
    """Every app of ours that has a `routing` module brings its `websocket_urlpatterns`.

    `guest_urlpatterns` are for people without an account on other sites: no cookie reaches them, and their
    consumers ask themselves where a socket comes from.
    """
    return [
        route
        for config in apps.get_app_configs()
        if config.name.startswith("apps.") and module_has_submodule(import_module(config.name), "routing")
        for route in getattr(import_module(f"{config.name}.routing"), name, ())
    ]


def websocket_application() -> Any:
    signed_in = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_routes())))
    return URLRouter([*websocket_routes("guest_urlpatterns"), re_path("", signed_in)])
