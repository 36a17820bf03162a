from django.apps import AppConfig


class StreamsConfig(AppConfig):
    name = "apps.streams"
    label = "streams"
    # A relay that waited longer than a few seconds has been overtaken by the next one.
    beat_schedule = {
        "streams-relay-outbox": {
            "task": "apps.streams.tasks.relay_outbox",
            "schedule": 1.0,
            "options": {"expires": 5.0},
        },
        "streams-prune-events": {"task": "apps.streams.tasks.prune_events", "schedule": 3600.0},
    }

    def ready(self) -> None:
        from apps.streams import signals  # noqa: F401 -- its receivers connect when it is imported
