"""Prove that no event was changed, deleted, moved or cut off."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit import checkpoints, triggers


class Command(BaseCommand):
    help = "Prove that no audit event was changed, deleted, moved or cut off; exit 1 naming the first bad one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint",
            action="store_true",
            help=f"if all is well, append the count and Merkle root to {checkpoints.path().name} in the data folder",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if lacking := triggers.missing():
            raise CommandError(f"The database lacks the triggers {', '.join(lacking)}; run migrate.")
        started = time.monotonic()
        try:
            verdict = checkpoints.prove()
            if verdict.bad:
                raise CommandError(f"First bad record: {verdict.bad}")
            self.stdout.write(f"{verdict.walked} events hold ({time.monotonic() - started:.1f} s).")
            if options["checkpoint"]:
                self.stdout.write(f"checkpoint {checkpoints.append(timezone.now())['root']}")
        except checkpoints.Broken as broken:
            raise CommandError(str(broken)) from broken
