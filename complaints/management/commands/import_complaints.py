"""Bring complaints in from a file: `manage.py import_complaints FILE [--dry-run] [--by EMAIL] [--report CSV]`."""

import csv
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from complaints import importing
from complaints.words import say


class Command(BaseCommand):
    help = "Bring complaints in from a CSV, a TSV with a header line, or NHTSA's complaint file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check every row and keep nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who registers them; default: the first person who may")
        parser.add_argument("--report", type=Path, metavar="CSV", help="also write the rows that could not be read")
        parser.add_argument(
            "--shift-to-today", action="store_true", help="shift all dates by whole days so that the newest is today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        now = timezone.now()
        shift = timedelta(0)
        try:
            if options["shift_to_today"] and (newest := importing.newest_day(path.read_bytes())):
                shift = timezone.localdate() - newest
            report = importing.run(
                path,
                by=self._person(options["by"]),
                at=now,
                dry=options["dry_run"],
                shift=lambda row: shift,
                progress=self._progress,
            )
        except importing.Unreadable as problem:
            raise CommandError(" ".join(say(why) for why in problem.reasons)) from problem
        self._tell(report, dry=options["dry_run"])
        if options["report"]:
            self._write(report, options["report"])

    def _person(self, email: str | None) -> User:
        people = User.objects.who_may("case.register").staff()
        person = people.filter(email__iexact=email).first() if email else people.order_by("pk").first()
        if person is None:
            raise CommandError(f"{email or 'Nobody'} may not register complaints. Name somebody with --by.")
        return person

    def _progress(self, report: importing.Report) -> None:
        if report.read % 20 == 0:
            self.stderr.write(f"  {report.read} rows read, {len(report.made)} new", ending="\r")

    def _tell(self, report: importing.Report, *, dry: bool) -> None:
        verb = "would be logged" if dry else "logged"
        self.stdout.write(
            f"{report.read} rows read: {len(report.made)} {verb}, {report.known} known already, "
            f"{len(report.problems)} not read."
        )
        for number, reasons in report.problems:
            self.stdout.write(f"  row {number}: {' '.join(say(why) for why in reasons)}")

    def _write(self, report: importing.Report, path: Path) -> None:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "why"])
            writer.writerows([number, " ".join(say(why) for why in reasons)] for number, reasons in report.problems)
