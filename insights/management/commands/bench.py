"""`manage.py bench`: the same as bin/bench, which has a database of its own."""

import os
import sys
from importlib.util import find_spec
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Becomes bin/bench, with the same options."""

    help = "Measure the pages on a database of many cases; all options are those of bin/bench (--help)."

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        """Hand everything over; raises CommandError where the tests are not installed, as in the image."""
        if not find_spec("tests") or not find_spec("tests.bench"):
            raise CommandError(
                "The bench comes with the tests, which are not installed here. Run bin/bench in a clone."
            )
        os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *argv[2:]])  # noqa: S606 – our own program
