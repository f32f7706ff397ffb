"""
Put the time engine under faults and print what came of it.

bin/faults [--rows 4,6-8] [--database sqlite|postgres|both] [--seed N] [--short]

Every row injects its fault into real processes, and counts that it did; what was owed is counted afterwards from the
trail, the deliveries, the mail server and the clients' own book. The numbers are those of the house's table of faults.
Exits 1 if a row fails or cannot be run.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests import servers
from tests.faults import brokers, databases, deaths, races, times  # noqa: F401 – their rows enter the table
from tests.faults.ledger import Outcome
from tests.faults.stage import ROWS, Bases, Cradle, Entry, Forked, NotRun, Stage, words
from tests.processes.house import House

LINE = "{:>3}  {:<64}  {:<8}  {:<28}  {:>4}  {:>3}  {:>6}  {:>5}  {}"
HEAD = ("row", "fault", "database", "acts", "lost", "dup", "s", "limit", "verdict")


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    chosen = options.rows or {number for number, entry in ROWS.items() if entry.short or not options.short}
    entries = [ROWS[number] for number in sorted(chosen)]
    say(f"seed {options.seed}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    say(LINE.format(*HEAD))
    failed, begun = 0, time.monotonic()
    with based(options.databases) as bases:
        for entry in entries:
            for database in [one for one in entry.databases if one in options.databases]:
                failed += not one_row(entry, database, bases, options)
    say(f"{failed} failed in {time.monotonic() - begun:.0f} s; load {os.getloadavg()[0]:.1f}")
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/faults", description="Put the time engine under faults.")
    parser.add_argument("--rows", type=numbers, help="for example 4,6-8 (all, or the short selection)")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of what is left to chance")
    parser.add_argument("--short", action="store_true", help="the selection that runs with the tests, in less time")
    options = parser.parse_args()
    options.databases = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    return options


def numbers(text: str) -> set[int]:
    """Return the rows that "4,6-8" names. Raises argparse.ArgumentTypeError."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise argparse.ArgumentTypeError(f"{part!r} is no row.")
        found |= set(range(int(first), int(last or first) + 1))
    if unknown := found - set(ROWS) if "-" not in text else set():
        raise argparse.ArgumentTypeError(
            f"there is no row {', '.join(map(str, sorted(unknown)))} here; there are {sorted(ROWS)}."
        )
    return found & set(ROWS)


@contextmanager
def based(kinds: tuple[str, ...]) -> Iterator[Bases]:
    """Yield a migrated database of each kind that is asked for, and can be had, with the cast in it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="redress-faults-")))
        known = {"REDRESS_SECRET_KEY": secrets.token_hex(24), "REDRESS_AUDIT_KEY": secrets.token_hex(24)}
        house = House(folder, f"sqlite:///{folder / 'base.sqlite3'}", **known, REDRESS_MAIL_URL="smtp://127.0.0.1:1")
        cradle = Cradle(house.environment | {"REDRESS_FAIL": "sweep.clock=0:raise"}, folder / "cradle.log")
        stack.callback(cradle.close)
        bases = Bases(folder, {}, cradle, known)
        if "sqlite" in kinds:
            bases.urls["sqlite"] = house.database
        if "postgres" in kinds:
            with suppress(servers.CannotStart):
                bases.urls["postgres"], bases.server = stack.enter_context(servers.start_own_postgres())
        for url in bases.urls.values():
            house.database = url
            made = Forked(cradle, house, folder / "base.log", "", "people")
            assert made.leader.wait(300) == 0, made.words()
        yield bases


def one_row(entry: Entry, database: str, bases: Bases, options: argparse.Namespace) -> bool:
    """Run one row, print its line; tell whether it passed."""
    begun = time.monotonic()
    try:
        if database not in bases.urls:
            raise NotRun("PostgreSQL is not installed (apt-get install postgresql)")
        outcome = run(entry, database, bases, seed=options.seed, short=options.short)
    except NotRun as why:
        say(LINE.format(entry.number, entry.fault, database, "", "", "", "", "", f"NOT RUN: {why}"))
        return False
    why = outcome.found()
    verdict = "FAIL: " + "; ".join(why) if why else "pass"
    figures = (outcome.acts, outcome.lost, outcome.duplicates, words(outcome.seconds), words(outcome.limit))
    say(
        LINE.format(
            entry.number,
            entry.fault,
            database,
            *figures,
            f"{verdict}  {outcome.note} [{time.monotonic() - begun:.0f} s]",
        )
    )
    return not why


def run(entry: Entry, database: str, bases: Bases, *, seed: int, short: bool) -> Outcome:
    """Run one row on one database; what goes wrong on the way is a fault as well."""
    stage = Stage(bases, database, seed=seed, short=short)
    try:
        return entry.run(stage)
    except NotRun:
        raise
    except Exception as error:
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        return Outcome("", injected=1, faults=[str(error)[:1500]])
    finally:
        stage.close()


def say(words: str) -> None:
    print(words, flush=True)
