"""Prove that every kept assessment derives again as it is kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.entitlement_check import check_all


class Command(BaseCommand):
    help = "Derive every kept assessment again; exit 1 naming each that is not as kept."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = check_all(now=timezone.now())
        for fault in checked.wrong:
            self.stderr.write(fault)
        if checked.wrong:
            raise CommandError(f"{len(checked.wrong)} of {checked.count} assessments are not as kept.")
        self.stdout.write(
            f"{checked.count - checked.older} assessments are as kept, {checked.older} were computed with other rules "
            f"and are not compared; {checked.otherwise} cases would be otherwise now."
        )
