"""manage.py release_mail: let held mail go out, or write it off."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import holding


class Command(BaseCommand):
    help = "Let all mail that hold_mail held back go out; with --drop write it off instead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drop", action="store_true", help="people were told already: never send it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drop"]:
            self.stdout.write(f"Written off: {holding.drop()}.")
        else:
            self.stdout.write(f"Released: {holding.release(timezone.now())}.")
