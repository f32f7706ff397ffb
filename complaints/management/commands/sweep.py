"""manage.py sweep: one pass of the clock, and of the letters owed, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints import rendering, sweeping, tasks


class Command(BaseCommand):
    help = "Climb every clock whose instant has come, render the letters owed, without Celery; print what was done."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweeping.sweep_all(now=sweeping.trusted(timezone.now()))
        self.stdout.write(
            f"clocks climbed: {swept.count}, failed: {swept.failed}, given up: {sweeping.stuck().count()}, "
            f"seen at most {swept.lateness_seconds} s late"
        )
        rendered = sum(iter(lambda: rendering.render_owed(now=timezone.now(), owner=tasks.me()), 0))
        self.stdout.write(f"letters rendered: {rendered}")
