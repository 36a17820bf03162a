"""Every app of ours that has a `urls` module is included at the root; a new one needs no line here."""

from importlib import import_module

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.module_loading import module_has_submodule
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.project import health, metrics


def app_urls() -> list[URLResolver]:
    configs = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
    return [
        path("", include(f"{config.name}.urls"))
        for config in configs
        if config.name != "apps.project" and module_has_submodule(import_module(config.name), "urls")
    ]


# Split: the plain page carries an inline script, which the content security policy refuses. Swagger styles
# what it draws inline, and shows nothing but our own schema. It fails where it is asked what it can do.
api_docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    require_safe(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))
)

urlpatterns: list[URLPattern | URLResolver] = [
    # One sign-in page and one for passwords for everybody, so that one trail sees all of it.
    path("admin/login/", RedirectView.as_view(url=reverse_lazy("accounts:login"), query_string=True)),
    path("admin/password_change/", RedirectView.as_view(url=reverse_lazy("accounts:password"))),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics_view, name="metrics"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", api_docs, name="api-docs"),
    *app_urls(),
]

handler400 = "apps.ui.views.bad_request"
handler403 = "apps.ui.views.forbidden"
handler404 = "apps.ui.views.missing"
handler500 = "apps.ui.views.failed"
