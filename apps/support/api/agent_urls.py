"""Below /api/v1/support/: for the programs of agents."""

from django.urls import path

from apps.support.api import agents

ONE = "conversations/<uuid:public_id>/"
urlpatterns = [
    path("conversations/", agents.ConversationListView.as_view(), name="api-conversations"),
    path(ONE, agents.ConversationView.as_view(), name="api-conversation"),
    path(f"{ONE}messages/", agents.MessagesView.as_view(), name="api-messages"),
    path(f"{ONE}take/", agents.TakeView.as_view(), name="api-take"),
    path(f"{ONE}transfer/", agents.TransferView.as_view(), name="api-transfer"),
    path(f"{ONE}return/", agents.ReturnView.as_view(), name="api-return"),
    path(f"{ONE}resolve/", agents.ResolveView.as_view(), name="api-resolve"),
    path(f"{ONE}decisions/<int:pk>/correct/", agents.CorrectView.as_view(), name="api-correct"),
]
