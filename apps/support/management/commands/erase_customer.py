from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.support.models import Visitor
from apps.support.services.erasure import erase_customer, finish_erasures


class Command(BaseCommand):
    help = "Forget a customer: what they said and who they are leaves tables, data sets, indexes and files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        named = parser.add_mutually_exclusive_group(required=True)
        named.add_argument("--visitor", metavar="UUID", help="the public id, as the console shows it")
        named.add_argument("--external-id", metavar="NUMBER", help="the shop's own number of the customer")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        erasure = erase_customer(visitor=self.find(**options), actor=None, at=at)
        finish_erasures(at=at)
        erasure.refresh_from_db()
        counts = ", ".join(f"{name}: {count}" for name, count in sorted(erasure.removed.items()))
        self.stdout.write(f"Erased {erasure.visitor.public_id}. {counts}.")

    def find(self, *, visitor: str | None, external_id: str | None, **_: Any) -> Visitor:
        try:
            if visitor:
                return Visitor.objects.get(public_id=visitor)
            return Visitor.objects.get(external_id=external_id)
        except (Visitor.DoesNotExist, ValidationError):
            raise CommandError("There is no such customer; look the id up in the console.") from None
