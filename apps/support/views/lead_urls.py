"""The lead's pages, below /support/."""

from django.urls import path

from apps.support.views import policy, reports, teach
from apps.support.views.knowledge import imports, intents, names, review, texts

urlpatterns = [
    path("knowledge/", intents.intents, name="intents"),
    path("knowledge/intents/add/", intents.add, name="intent-add"),
    path("knowledge/intents/<slug:name>/", intents.intent, name="intent"),
    path("knowledge/intents/<slug:name>/change/", intents.change, name="intent-change"),
    path("knowledge/intents/<slug:name>/say/", intents.say, name="intent-say"),
    path("knowledge/intents/<slug:name>/answer/", intents.answer, name="intent-answer"),
    path("knowledge/intents/<slug:name>/preview/", intents.preview, name="intent-preview"),
    path("knowledge/intents/<slug:name>/restore/<int:pk>/", intents.restore, name="intent-restore"),
    path("knowledge/names/mask/", names.mask_anew, name="mask-anew"),
    path("knowledge/examples/", review.examples, name="examples"),
    path("knowledge/examples/judge/", review.judge, name="examples-judge"),
    path("knowledge/answers/<int:pk>/", review.suggested_answer, name="suggested-answer"),
    path("knowledge/conflicts/", review.conflicts, name="conflicts"),
    path("knowledge/conflicts/resolve/", review.resolve, name="conflict-resolve"),
    path("knowledge/suggestions/", review.suggestions, name="suggestions"),
    path("knowledge/suggestions/find/", review.find, name="suggestions-find"),
    path("knowledge/suggestions/<int:pk>/accept/", review.accept, name="suggestion-accept"),
    path("knowledge/suggestions/<int:pk>/dismiss/", review.dismiss, name="suggestion-dismiss"),
    path("knowledge/articles/", texts.articles, name="articles"),
    path("knowledge/articles/write/", texts.write, name="article-write"),
    path("knowledge/articles/<int:pk>/", texts.article, name="article"),
    path("knowledge/placeholders/", texts.placeholders, name="placeholders"),
    path("knowledge/placeholders/save/", texts.save, name="placeholder-save"),
    path("knowledge/imports/", imports.imports, name="imports"),
    path("knowledge/imports/upload/", imports.upload, name="import-upload"),
    path("knowledge/imports/<int:pk>/", imports.preview, name="import"),
    path("knowledge/imports/<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("teach/", teach.teach, name="teach"),
    path("teach/start/", teach.start, name="teach-start"),
    path("teach/rollback/", teach.rollback, name="teach-rollback"),
    path("teach/<int:pk>/", teach.lesson, name="lesson"),
    path("teach/<int:pk>/promote/", teach.promote, name="lesson-promote"),
    path("reports/", reports.report, name="reports"),
    path("reports/<slug:table>.csv", reports.download, name="report-csv"),
    path("policy/", policy.policy, name="policy"),
]
