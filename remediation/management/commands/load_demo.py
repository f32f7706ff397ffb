"""manage.py load_demo [--texts DIR]: make the demo; run again, it leaves what is there as it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from remediation.demo import house


class Command(BaseCommand):
    help = "Load believable demo data in both languages; only where REDRESS_MODE is demo or test."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", type=Path, help="folder with nhtsa-complaints.tsv")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data has no place in production.")
        texts = options["texts"] or settings.BASE_DIR.parent / "shared" / "data"
        if not (texts / "nhtsa-complaints.tsv").exists():
            self.stdout.write(f"No real texts in {texts}; going on with the demo's own cases.")
            texts = None
        counts = house.load(password=settings.DEMO_PASSWORD, now=timezone.now(), texts=texts, tell=self._tell)
        self.stderr.write("")
        self.stdout.write(", ".join(f"{state} {count}" for state, count in counts.items() if count))

    def _tell(self, what: str) -> None:
        self.stderr.write(f"\r  {what:<40}", ending="")
        self.stderr.flush()
