from django.db import models


class Stream(models.Model):
    name = models.CharField(max_length=200, unique=True)
    last_seq = models.PositiveBigIntegerField(default=0)
    # Every event up to here has been removed, so a client that saw less must read its page anew.
    pruned_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("stream", "seq")
        constraints = (models.UniqueConstraint(fields=("stream", "seq"), name="streams_event_seq"),)

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.kind}"


class Outbox(models.Model):
    """An event that the listeners have not been told of yet; the row goes when they have."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="outbox")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return str(self.event_id)
