from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """Names a key only where it lets somebody in, and the part of the API that a view belongs to.

    A view may say so by its `methods_of_keys` and its `part_of_api`.
    """

    def get_tags(self) -> list[str]:
        part = getattr(self.view, "part_of_api", None)
        return [part] if part else super().get_tags()

    def get_auth(self) -> list[dict[str, Any]]:
        methods = getattr(self.view, "methods_of_keys", (self.method,))
        return [one for one in super().get_auth() if self.method in methods or ApiKeyScheme.name not in one]


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's metaclass is untyped
    target_class = "apps.accounts.api.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "brt_…"}
