"""Prove that every clock says what its events say."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.clock_check import check_all


class Command(BaseCommand):
    help = "Replay the events of every clock and compare; exit 1 naming each difference."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        count, wrong, unwatched = check_all()
        for fault in (*wrong, *unwatched):
            self.stderr.write(str(fault))
        if wrong:
            clocks = len({(one.ref, one.key) for one in wrong})
            raise CommandError(f"{clocks} of {count} clocks differ from their events in {len(wrong)} values.")
        if unwatched:
            raise CommandError(f"{len(unwatched)} open cases lack their clock.")
        self.stdout.write(f"{count} clocks are as their events say ({time.monotonic() - started:.1f} s).")
