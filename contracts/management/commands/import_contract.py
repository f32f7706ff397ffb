"""Bring a contract in from a file: `manage.py import_contract FILE [--dry-run] [--by EMAIL]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from contracts import importing
from contracts.paperfile import Unreadable
from contracts.paperfile.nodes import MOST_BYTES
from contracts.paperfile_words import say_with_place


class Command(BaseCommand):
    help = "Make a contract with its versions and clauses from a YAML or JSON file; Legal checks the clauses then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the file and keep nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who enters it; default: the first person who may")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        try:
            if options["dry_run"]:
                paper = importing.check(content).paper
                self._tell("would be made", paper.header.number, len(paper.versions), paper.clauses)
                return
            made = importing.bring_in(content, by=self._person(options["by"]), at=timezone.now())
        except Unreadable as problem:
            raise CommandError("\n".join(say_with_place(fault) for fault in problem.faults)) from problem
        versions = list(made.versions.all())
        self._tell("made", made.number, len(versions), sum(version.clauses.count() for version in versions))

    def _person(self, email: str | None) -> User:
        people = User.objects.who_may("contracts.structure").staff()
        person = people.filter(email__iexact=email).first() if email else people.order_by("pk").first()
        if person is None:
            raise CommandError(f"{email or 'Nobody'} may not enter contracts. Name somebody with --by.")
        return person

    def _tell(self, verb: str, number: str, versions: int, clauses: int) -> None:
        self.stdout.write(
            f"Contract {number} {verb}: {versions} versions, {clauses} clauses, none checked by Legal yet."
        )
