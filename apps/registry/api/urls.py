from django.urls import path

from apps.registry.api import datasets, runs, versions

urlpatterns = [
    path("families/", datasets.FamilyListView.as_view(), name="api-families"),
    path("families/<slug:name>/", datasets.FamilyView.as_view(), name="api-family"),
    path("datasets/", datasets.DatasetListView.as_view(), name="api-datasets"),
    path("datasets/<int:pk>/", datasets.DatasetView.as_view(), name="api-dataset"),
    path("runs/", runs.RunListView.as_view(), name="api-runs"),
    path("runs/<int:pk>/", runs.RunView.as_view(), name="api-run"),
    path("runs/<int:pk>/cancel/", runs.RunCancelView.as_view(), name="api-run-cancel"),
    path("runs/<int:pk>/retry/", runs.RunRetryView.as_view(), name="api-run-retry"),
    path("runs/<int:pk>/progress/", runs.RunProgressView.as_view(), name="api-run-progress"),
    path("versions/", versions.VersionListView.as_view(), name="api-versions"),
    path("versions/<int:pk>/", versions.VersionView.as_view(), name="api-version"),
    path(
        "versions/<int:pk>/evaluations/",
        versions.VersionEvaluationsView.as_view(),
        name="api-version-evaluations",
    ),
    path("versions/<int:pk>/gate/", versions.VersionGateView.as_view(), name="api-version-gate"),
    path("versions/<int:pk>/measure/", versions.VersionMeasureView.as_view(), name="api-version-measure"),
    path("versions/<int:pk>/archive/", versions.VersionArchiveView.as_view(), name="api-version-archive"),
    path("aliases/", versions.AliasListView.as_view(), name="api-aliases"),
    path("aliases/promote/", versions.PromoteView.as_view(), name="api-promote"),
    path(
        "aliases/<slug:family>/<slug:alias>/rollback/", versions.RollbackView.as_view(), name="api-rollback"
    ),
    path("comparisons/", versions.ComparisonView.as_view(), name="api-comparisons"),
]
