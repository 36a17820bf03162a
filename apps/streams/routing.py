from django.urls import path

from apps.streams.consumers import StreamConsumer

websocket_urlpatterns = [path("ws/streams/<str:stream>/", StreamConsumer.as_asgi())]
