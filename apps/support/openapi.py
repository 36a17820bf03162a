from drf_spectacular.extensions import OpenApiAuthenticationExtension


class VisitorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's metaclass is untyped
    target_class = "apps.support.api.base.VisitorAuthentication"
    name = "Visitor"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "the token of a session"}
