from django.urls import path

from apps.support.views.console import actions, decisions, desk, erasing, personal, replies

ONE = "conversations/<uuid:public_id>/"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("conversations/", desk.conversations, name="conversations"),
    path(ONE, desk.conversation, name="conversation"),
    path(f"{ONE}live/", desk.live, name="live"),
    path(f"{ONE}reply/", replies.reply, name="reply"),
    path(f"{ONE}draft/", replies.draft, name="draft"),
    path(f"{ONE}note/", replies.note, name="note"),
    path(f"{ONE}take/", actions.take, name="take"),
    path(f"{ONE}return/", actions.give_back, name="return"),
    path(f"{ONE}people/", actions.people, name="people"),
    path(f"{ONE}transfer/", actions.transfer, name="transfer"),
    path(f"{ONE}snooze/", actions.snooze, name="snooze"),
    path(f"{ONE}resolve/", actions.resolve, name="resolve"),
    path(f"{ONE}reopen/", actions.reopen, name="reopen"),
    path(f"{ONE}tags/", actions.tag, name="tag"),
    path(f"{ONE}tags/<str:name>/remove/", actions.untag, name="untag"),
    path(f"{ONE}messages/<int:pk>/reveal/", personal.message, name="reveal"),
    path(f"{ONE}notes/<int:pk>/reveal/", personal.note, name="reveal-note"),
    path(f"{ONE}erase/", erasing.erase, name="erase"),
    path(f"{ONE}sessions/end/", personal.sessions, name="end-sessions"),
    path(f"{ONE}contact/", personal.visitor, name="contact"),
    path(f"{ONE}decisions/<int:pk>/", decisions.why, name="why"),
    path(f"{ONE}decisions/<int:pk>/words/", decisions.words, name="words"),
    path(f"{ONE}decisions/<int:pk>/correct/", decisions.correct, name="correct"),
]
