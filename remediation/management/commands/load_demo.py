"""manage.py load_demo [--texts DIR]: make the demo; run again, it leaves what is there as it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.models.states import State
from remediation.demo import house

EVERY = 10  # cases between two lines where the lines stay


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
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(", ".join(f"{count} {State(state).label}" for state, count in counts.items() if count))

    def _tell(self, what: str, done: int = 0, of: int = 0) -> None:
        """Say how far it is: on a terminal in one line that changes, elsewhere a line every ten cases."""
        words = f"{what} {done} of {of}" if of else what
        if self.stderr.isatty():
            self.stderr.write(f"\r  {words:<40}", ending="")
            self.stderr.flush()
        elif not of or done in (1, of) or done % EVERY == 0:
            self.stderr.write(f"  {words}")
