from django.urls import path

from apps.ui import views

app_name = "ui"

urlpatterns = [
    path("", views.home, name="home"),
    path("too-large", views.too_large, name="too-large"),
]
