# Loaded with Django, so that every @shared_task belongs to this app.
from apps.project.celery import app as celery_app

__all__ = ["celery_app"]
