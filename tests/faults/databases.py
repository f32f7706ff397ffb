"""The database: stopped under load, and held by somebody else."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time

from tests.faults.ledger import Outcome, drained, judge, waits_over
from tests.faults.stage import NotRun, Stage, row
from tests.faults.traffic import Traffic
from tests.processes.house import Program, status, until


@row(13, "the database is cut off in the middle of transactions")
def restarted(stage: Stage) -> Outcome:
    """What was acknowledged is there; connections heal. On SQLite the processes are the database: they are killed."""
    house, cuts = stage.house, int(stage.scaled(4, 1))
    traffic = Traffic(stage, rate=6)
    clocks = cuts * 30
    web = stage.web(traffic.port)
    nursery = stage.nursery(2)
    stage.stock(clocks, 0, cuts * 7)
    outcome = Outcome("", limit=10, needed=cuts)
    recoveries = []
    with traffic:
        time.sleep(3)
        for _cut in range(cuts):
            back = _cut_off(stage, web, nursery, outcome, traffic.port)
            until(
                lambda back=back: traffic.first_taken(back) < float("inf"), "a complaint is taken again", web, within=30
            )
            recoveries.append(traffic.first_taken(back))
            time.sleep(3)
        steady = time.monotonic()
        time.sleep(stage.scaled(8, 4))
        done = time.monotonic()
    waits_over(house)
    drained(house, within=60)
    outcome.seconds = max(recoveries)
    rate = traffic.served(steady, done)
    outcome.want(rate >= 0.95, f"only {rate:.0%} of the posts were taken at once afterwards")
    outcome.acts = f"{traffic.asked} requests, {clocks} clocks"
    outcome.note = f"first taken after s; {rate:.0%} of the rate afterwards; {traffic.words()}"
    traffic.judge(outcome, may_refuse=True)
    judge(outcome, stage, clocks)
    if stage.database == "sqlite":
        outcome.want(house.rows("PRAGMA integrity_check") == [("ok",)], "the file is damaged")
    return outcome


def _cut_off(stage: Stage, web: Program, nursery: Program, outcome: Outcome, port: int) -> float:
    """Cut the database off and bring it back; return when it was back."""
    if stage.database == "sqlite":
        for program in (web, nursery):
            program.kill()
            outcome.injected += program is web
            program.start()
        until(lambda: status(port, "/livez") == 200, "the web server is there again", web, within=60)
        return time.monotonic()
    server = stage.bases.server
    if server is None:
        raise NotRun("PostgreSQL is not ours to stop")
    server.stop(signal.SIGQUIT)
    outcome.injected += server.process.poll() is not None
    server.start()
    return time.monotonic()


@row(16, "SQLite is held by a writer of 15 s, then of 25 s", only="sqlite")
def held(stage: Stage) -> Outcome:
    """Short of the busy timeout people wait, beyond it they are told to come back; never a 500."""
    house = stage.house
    traffic = Traffic(stage, rate=1, patience=60)
    web = stage.web(traffic.port, threads=16)
    sweeper = stage.sweeper()
    stage.stock(5, 0, 30)
    outcome = Outcome("", needed=2)
    with traffic:
        time.sleep(2)
        for seconds in (15, 25):
            begun = time.monotonic()
            outcome.injected += _hold(house.database.removeprefix("sqlite:///"), seconds)
            until(lambda begun=begun: traffic.first_taken(begun) < float("inf"), "taken again", web, within=30)
            time.sleep(2)
        outcome.want(status(traffic.port, "/readyz") == 200, "not ready afterwards")
    outcome.want(sweeper.leader.poll() is None, "the sweeper has ended")
    waits_over(house)
    drained(house)
    outcome.acts = f"{traffic.asked} requests, 5 clocks"
    outcome.seconds = traffic.slowest
    outcome.limit = 30
    outcome.note = f"slowest answer in s; {traffic.words()}"
    outcome.want(traffic.statuses[503] > 0, "nobody was refused, so nobody waited beyond the timeout")
    traffic.judge(outcome, may_refuse=True)
    judge(outcome, stage, 5)
    return outcome


def _hold(path: str, seconds: float) -> bool:
    """Keep everybody else from writing for so long; tell whether somebody else was kept."""
    writer = sqlite3.connect(path, isolation_level=None, timeout=20)
    writer.execute("BEGIN IMMEDIATE")
    kept: list[bool] = []
    probe = threading.Thread(target=lambda: kept.append(_is_locked(path)))
    probe.start()
    time.sleep(seconds)
    probe.join()
    writer.execute("ROLLBACK")
    writer.close()
    return kept == [True]


def _is_locked(path: str) -> bool:
    other = sqlite3.connect(path, isolation_level=None, timeout=1)
    try:
        other.execute("BEGIN IMMEDIATE")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
