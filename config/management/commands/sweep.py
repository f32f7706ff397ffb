"""manage.py sweep: one pass of the clock without Celery; with --every, all periodic work until stopped."""

import signal
from argparse import ArgumentParser
from datetime import datetime
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.models import Pending
from complaints import escalations, promises, sweeping
from config import perseverance
from notifications.models import Delivery

LATE = 60  # seconds after which a clock that nobody climbed means that nobody sweeps


class Command(BaseCommand):
    help = "Climb every clock whose instant has come, without Celery, and print what was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--every", type=float, metavar="SECONDS", help="do all periodic work again and again, until stopped"
        )
        how.add_argument("--check", action="store_true", help=f"only look: fail if a clock has been due for {LATE} s")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["every"] is not None:
            self._persevere(options["every"])
        else:
            self._sweep()

    def _sweep(self) -> None:
        now = self._now()
        swept = sweeping.sweep_all(now=now)
        unexplained, untold = escalations.sweep(now=now), promises.sweep(now=now)
        self.stdout.write(
            f"clocks climbed: {swept.count}, failed: {swept.failed}, given up: {sweeping.stuck().count()}, "
            f"seen at most {swept.lateness_seconds} s late"
            + (f"; explanations late: {unexplained}" if unexplained else "")
            + (f"; updates late: {untold}" if untold else "")
        )

    def _now(self) -> datetime:
        try:
            return sweeping.trusted(timezone.now())
        except sweeping.ClockSkew as skew:
            raise CommandError(str(skew)) from skew

    def _check(self) -> None:
        late = sweeping.lateness(now=self._now())
        if late > LATE:
            raise CommandError(f"A clock has been due for {late} s. Nobody sweeps.")
        if given_up := sweeping.stuck().count():
            raise CommandError(f"{given_up} clocks were given up: somebody must look into the error log.")
        self.stdout.write(
            f"The oldest clock that is due has waited {late} s. Given up: {sweeping.stuck().count()} clocks, "
            f"{Pending.objects.exclude(dead_at=None).count()} events, {Delivery.objects.dead().count()} mails."
        )

    def _persevere(self, every: float) -> None:
        if not 0 < every <= 60:
            raise CommandError("--every takes seconds, above 0 and up to 60.")
        over = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: over.set())
        self.stdout.write("Sweeping; Ctrl-C ends it.")
        perseverance.persevere(every, over)
