from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.registry.services.versions import register_folder
from modelcore.errors import ModelcoreError


class Command(BaseCommand):
    help = "Make a model from the command line the next version of a family."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("family")
        parser.add_argument("folder", type=Path, help="what `python -m modelcore fit` or `compress` wrote")

    def handle(self, *args: Any, family: str, folder: Path, **options: Any) -> None:
        try:
            version = register_folder(family=family, folder=folder, at=timezone.now())
        except ModelcoreError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{version} is registered. Measure it on its page in the Model desk, then promote it."
        )
