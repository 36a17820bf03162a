"""The clock of periodic work: it sends no more than somebody takes."""

from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

# Minutes of what beat sends. Sent for ever to a worker that is away it would fill Redis within two days, for
# what has expired there stays until a worker looks at it, and Redis is everybody's.
MOST_WAITING = 1_000


class Clock(PersistentScheduler):  # type: ignore[misc]  # celery has no types
    def apply_async(self, entry: ScheduleEntry, *arguments: Any, **options: Any) -> Any:
        queue = entry.options.get("queue", self.app.conf.task_default_queue)
        if self.producer.channel.client.llen(queue) >= MOST_WAITING:
            return None
        return super().apply_async(entry, *arguments, **options)
