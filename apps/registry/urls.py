from django.urls import include, path

app_name = "registry"
urlpatterns = [path("api/v1/", include("apps.registry.api.urls"))]
