"""Many hands at once: sweepers against each other and against people, and ten thousand in the same second."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.ledger import NOW, Outcome, breaches, judge
from tests.faults.stage import Stage, row
from tests.processes.house import Program, until

CLIMBED = "SELECT count(*) FROM audit_event WHERE kind = 'sla.breached'"
TOLD = "SELECT count(DISTINCT event_id) FROM notifications_delivery"


def duel(stage: Stage, kind: str, rounds: int) -> dict[str, int]:
    """Run tests/faults/duels.py; return its figures."""
    return json.loads(stage.do("duel", kind, rounds).splitlines()[-1])


@row(18, "two workers claim one clock at the same moment", short=True)
def two_claims(stage: Stage) -> Outcome:
    """Exactly one climbs it."""
    rounds = int(stage.scaled(200, 40))
    found = duel(stage, "claim", rounds)
    outcome = Outcome(f"{rounds} rounds", injected=found["close"], needed=rounds // 10)
    outcome.lost, outcome.duplicates = found["nobody"], found["both"]
    outcome.note = f"both began within 5 ms in {found['close']} rounds"
    judge(outcome, stage, rounds)
    return outcome


@row(33, "somebody stops the clock while it falls due (±5 ms)", short=True)
def stop_or_breach(stage: Stage) -> Outcome:
    """Met or breached, never both, never neither, as the instants say."""
    rounds = int(stage.scaled(500, 60))
    found = duel(stage, "stop", rounds)
    outcome = Outcome(f"{rounds} rounds", injected=found["rounds"], needed=rounds)
    outcome.lost, outcome.duplicates = found["neither"], found["both"]
    outcome.want(found["met"] + found["breached"] == rounds, "met and breached do not add up")
    outcome.want(not found["wrong"], f"{found['wrong']} against their instants")
    outcome.want(found["met"] and found["breached"], "only one of the two ever happened")
    outcome.want(found["sweep_first"] and found["stop_first"], "one of the two was always first")
    outcome.note = (
        f"{found['met']} met, {found['breached']} breached; the sweep was first in {found['sweep_first']} rounds"
    )
    stage.do("manage", "verify_audit")
    return outcome


@row(39, "10,000 clocks fall due in the same second")
def herd(stage: Stage) -> Outcome:
    """All have climbed, and all are told, in time."""
    house, clocks = stage.house, int(stage.scaled(10_000, 1_000))
    stage.stock(clocks, 3600)
    nursery = stage.nursery(2)
    outcome = Outcome(f"{clocks} clocks", limit=15 if stage.database == "postgres" else 30)
    busy, spent = os.getloadavg()[0], cpu(nursery)
    start = time.monotonic()
    now = NOW[stage.database]
    house.rows(f"UPDATE complaints_slaclock SET next_at = {now}, due_at = {now}, steps = {_steps()}")
    until(lambda: house.figure(CLIMBED) == clocks, "all have climbed", nursery, within=300)
    climbed = time.monotonic() - start
    until(lambda: house.figure(TOLD) == clocks, "all are told", nursery, within=300)
    wall, work = time.monotonic() - start, cpu(nursery) - spent
    outcome.injected = len({breach.at for breach in breaches(house)}) == 1
    outcome.seconds = wall
    outcome.note = f"climbed after {climbed:.1f} s, told after {wall:.1f} s; {work:.1f} s of CPU in two processes"
    if busy > (os.cpu_count() or 1):  # others use this machine: what counts is the work, shared by the two
        outcome.seconds = work / 2
        outcome.note += f"; load {busy:.0f}, so half the CPU seconds count"
    judge(outcome, stage, clocks)
    return outcome


def cpu(program: Program) -> float:
    """Return the CPU seconds that a program's processes have spent."""
    return sum(spent(program.processes()))


def spent(pids: list[int]) -> Iterator[float]:
    for pid in pids:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        yield (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def _steps() -> str:
    return "'" + json.dumps([["breached", datetime.now(UTC).isoformat()]]) + "'"
