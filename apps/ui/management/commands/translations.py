from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.ui import catalogues


class Command(BaseCommand):
    help = "Bring the message catalogues up to date and compile them; --check only says what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true", help="fail when a text has no translation")
        choice.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        if not options["compile"]:
            catalogues.update_catalogues()
        catalogues.compile_catalogues()

    def _check(self) -> None:
        for locale, missing in catalogues.missing_messages().items():
            if missing:
                listed = "\n".join(f"  {message!r}" for message in missing)
                raise CommandError(
                    f"{len(missing)} texts have no {locale} translation. "
                    f"Run `manage.py translations`, then fill them in:\n{listed}"
                )
