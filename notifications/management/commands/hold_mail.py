"""manage.py hold_mail: hold back all mail that is owed, before worker and sweeper start on a restored database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import holding


class Command(BaseCommand):
    help = "Find out what is owed by now and hold it back; release_mail lets it go or writes it off."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Held back: {holding.hold(timezone.now())}. Now worker, beat and sweeper may start.")
