from django.urls import path

from apps.support.consumers import VisitorConsumer

# Open to the sites that the policy names; the consumer asks where a socket comes from.
guest_urlpatterns = [path("ws/support/visitor/", VisitorConsumer.as_asgi())]
