"""A version that begins to answer customers is certified at once."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.registry.models import Promotion
from apps.support.models.teaching import FAMILY
from apps.support.tasks import dispatch_certifying


@receiver(post_save, sender=Promotion)
def version_promoted(instance: Promotion, created: bool, **_: Any) -> None:
    if created and instance.family == FAMILY:
        # What the broker loses is made up for by the next turn of the clock.
        transaction.on_commit(dispatch_certifying, robust=True)
