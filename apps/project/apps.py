from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "apps.project"
    label = "project"
