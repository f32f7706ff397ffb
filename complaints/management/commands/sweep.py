"""manage.py sweep: one pass of the clock without Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints import sweeping


class Command(BaseCommand):
    help = "Climb every clock whose instant has come, without Celery, and print what was done."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweeping.sweep_all(now=timezone.now())
        self.stdout.write(
            f"clocks climbed: {swept.count}, failed: {swept.failed}, given up: {sweeping.stuck().count()}, "
            f"seen at most {swept.lateness_seconds} s late"
        )
