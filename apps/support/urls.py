from django.urls import include, path

from apps.support.views.demo import demo_shop
from apps.support.views.widget import widget_script, widget_texts

app_name = "support"

urlpatterns = [
    path("support/", include("apps.support.views.console.urls")),
    path("support/", include("apps.support.views.lead_urls")),
    path("support/demo/", demo_shop, name="demo"),
    path("support/widget.js", widget_script, name="widget"),
    path("support/widget/texts/<slug:language>.json", widget_texts, name="widget-texts"),
    path("api/v1/support/", include("apps.support.api.agent_urls")),
    path("support/widget/", include("apps.support.api.urls")),
]
