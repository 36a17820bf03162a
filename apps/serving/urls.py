from django.urls import path

from apps.serving import api, views

app_name = "serving"

MODEL = "v2/models/<str:model>"
VERSIONED = f"{MODEL}/versions/<str:version>"

urlpatterns = [
    path("playground/", views.playground, name="playground"),
    path("live/", views.live, name="live"),
    path("v2", api.Server.as_view()),
    path("v2/health/live", api.ServerLive.as_view()),
    path("v2/health/ready", api.ServerReady.as_view()),
    path(MODEL, api.Model.as_view()),
    path(f"{MODEL}/ready", api.ModelReady.as_view()),
    path(f"{MODEL}/infer", api.ModelInfer.as_view()),
    path(VERSIONED, api.VersionedModel.as_view()),
    path(f"{VERSIONED}/ready", api.VersionedModelReady.as_view()),
    path(f"{VERSIONED}/infer", api.VersionedModelInfer.as_view()),
    path("v2/repository/index", api.RepositoryIndex.as_view()),
    path("v1/embeddings", api.Embeddings.as_view()),
    path("v1/models", api.ListedModels.as_view()),
    path("v1/models/<str:model>", api.ListedModel.as_view()),
]
