from django.urls import path

from apps.support.api import visitors

urlpatterns = [
    path("session", visitors.SessionView.as_view(), name="widget-session"),
    path("events", visitors.EventsView.as_view(), name="widget-events"),
    path("messages", visitors.MessagesView.as_view(), name="widget-messages"),
    path("form", visitors.FormView.as_view(), name="widget-form"),
    path("rating", visitors.RatingView.as_view(), name="widget-rating"),
    path("resolution", visitors.ResolutionView.as_view(), name="widget-resolution"),
    path("read", visitors.ReadView.as_view(), name="widget-read"),
    path("transcript", visitors.TranscriptView.as_view(), name="widget-transcript"),
]
