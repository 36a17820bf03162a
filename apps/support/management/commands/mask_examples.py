from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.support.errors import SupportError
from apps.support.models import Remasking
from apps.support.services.remasking import finish_remaskings, start_remasking


class Command(BaseCommand):
    help = "Mask what is stored to learn from anew, by the version of Personal data that is live."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            remasking = start_remasking(actor=None, at=at)
        except SupportError as refusal:
            raise CommandError(str(refusal)) from None
        finish_remaskings(at=at)
        remasking = Remasking.objects.get(pk=remasking.pk)
        counts = ", ".join(f"{name}: {count}" for name, count in sorted(remasking.changed.items()))
        self.stdout.write(f"Masked by version {remasking.version}. {counts or 'Nothing yet'}.")
