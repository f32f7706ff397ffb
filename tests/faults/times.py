"""Clocks of machines that are wrong (faketime)."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.ledger import Outcome, breaches, drained, judge, waits_over
from tests.faults.stage import NotRun, Stage, row
from tests.processes.house import PYTHON, Program, until

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
HOUR = 3600
NIGHT = [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6, 7)]  # 1:30 EDT, 1:30 EST, 2:30 EST


def shifted(file: Path | None = None, shift: str = "") -> dict[str, str]:
    """Return the environment of a process whose clock is wrong, by a shift or by what a file says from now on."""
    if not LIBRARIES or not shutil.which("faketime"):
        raise NotRun("faketime is not installed (apt-get install faketime)")
    how = {"FAKETIME_TIMESTAMP_FILE": str(file)} if file else {"FAKETIME": shift}
    return {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1", **how}  # fmt: skip


@row(20, "a worker's clock is an hour ahead, then behind; the night that summer time ends")
def wrong_hour(stage: Stage) -> Outcome:
    """PostgreSQL's clock judges. SQLite has no other clock: what is climbed early is dated right and never repeated."""
    return _judged(stage) if stage.database == "postgres" else _alone(stage)


def _judged(stage: Stage) -> Outcome:
    house, clocks = stage.house, 20
    outcome = Outcome(f"{clocks} clocks", needed=2)
    wrong = [stage.odd_sweeper(**shifted(shift=shift)) for shift in ("+1h", "-1h")]
    for program in wrong:
        until(lambda program=program: "nothing was swept" in program.words(), "it refuses", program)
        outcome.injected += 1
    stage.odd_sweeper(TZ="America/New_York")
    stage.stock(clocks, 1, 6)
    until(lambda: len(breaches(house)) == clocks, "the right clock has climbed them", *house.programs, within=60)
    early = sum(breach.lateness < 0 for breach in breaches(house))
    drained(house)
    outcome.want(not early, f"{early} were climbed early")
    outcome.seconds = max(breach.lateness for breach in breaches(house))
    outcome.limit = 10
    outcome.note = "latest in s; both wrong workers refuse and say so; TZ=America/New_York beside them"
    judge(outcome, stage, clocks, deaths=0)
    return outcome


def _alone(stage: Stage) -> Outcome:
    house, clocks = stage.house, 20
    stage.stock(clocks, HOUR / 2, 60)
    outcome = Outcome(f"{clocks} clocks, then 3 in the night", needed=3)
    behind = stage.odd_sweeper(**shifted(shift="-1h"))
    time.sleep(4)
    outcome.injected += breaches(house) == []
    ahead = stage.odd_sweeper(**shifted(shift="+1h"))
    until(lambda: len(breaches(house)) == clocks, "it climbs what its clock says", ahead)
    early = sum(breach.at.timestamp() > time.time() for breach in breaches(house))
    outcome.injected += early > 0
    for program in (behind, ahead):
        program.kill()
    waits_over(house)
    right = stage.sweeper()
    drained(house)
    right.kill()
    outcome.injected += _night(stage)
    outcome.note = f"no other clock to judge by: {early} climbed early, dated at their instants, none repeated"
    judge(outcome, stage, clocks + 3)
    return outcome


def _night(stage: Stage) -> bool:
    """
    Sweep through the night of 1 November 2026 in New York, before, between and after the hours from one to two that
    come twice; tell whether each clock waited for its own.
    """
    house, already = stage.house, len(breaches(stage.house))
    for instant in NIGHT:
        stage.stock(1, instant.timestamp() - time.time())
    found = []
    for instant in NIGHT:
        now = (instant + timedelta(seconds=20)).strftime("@%Y-%m-%d %H:%M:%S")  # faketime reads it in TZ
        program = house.start(
            PYTHON, "manage.py", "sweep", REDRESS_ZONE="America/New_York", TZ="UTC", **shifted(shift=now)
        )
        until(lambda program=program: program.leader.poll() is not None, "the sweep is over", program, within=150)
        found.append(len(breaches(house)) - already)
    return found == [1, 2, 3]


@row(21, "the machine's clock jumps back ten minutes")
def jumps_back(stage: Stage) -> Outcome:
    """It may delay; nothing happens again."""
    house, clocks = stage.house, 40
    clock = house.folder / "clock"
    clock.write_text("+0")
    sweeper = stage.odd_sweeper(**shifted(clock))
    stage.stock(clocks, 1, 40)
    outcome = Outcome(f"{clocks} clocks")
    until(lambda: len(breaches(house)) >= clocks // 4, "it climbs", sweeper, within=60)
    clock.write_text("-600")
    at_the_jump = len(breaches(house))
    time.sleep(8)
    jumped = len(breaches(house))
    outcome.injected += jumped <= at_the_jump + clocks // 2 and jumped < clocks  # its clock says: not yet
    _said(stage, sweeper, outcome)
    clock.write_text("+0")
    start = time.monotonic()
    until(lambda: len(breaches(house)) == clocks, "it goes on when the clock is right", sweeper, within=90)
    outcome.seconds = time.monotonic() - start
    drained(house, within=60)
    early = sum(breach.lateness < 0 for breach in breaches(house))
    outcome.want(not early, f"{early} were climbed early")
    outcome.note = f"{jumped} of {clocks} climbed before and in the jump; all others within s of its end"
    judge(outcome, stage, clocks, deaths=0)
    return outcome


def _said(stage: Stage, sweeper: Program, outcome: Outcome) -> None:
    """With PostgreSQL, whose clock did not jump, the sweeper refuses."""
    if stage.database == "postgres":
        outcome.want("nothing was swept" in sweeper.words(), "the sweeper did not refuse")
