"""Beat and broker: killed, doubled, emptied, gone, never there."""

from __future__ import annotations

import time
from contextlib import ExitStack

from tests import servers
from tests.faults.ledger import Outcome, breaches, drained, judge, percentile
from tests.faults.stage import Stage, row
from tests.faults.traffic import Traffic
from tests.processes.house import until

LATE = 10  # seconds


def latest(outcome: Outcome, stage: Stage, first: int = 0) -> None:
    """Note how late the clocks were seen, of a hundred the second latest; the first ones waited for the workers."""
    seen = sorted(breaches(stage.house), key=lambda breach: breach.at)
    outcome.seconds = percentile([breach.lateness for breach in seen[first:]], 99)
    outcome.note = "; ".join(filter(None, [outcome.note, "lateness p99 in s"]))


def climbs(stage: Stage, clocks: int, within: float = 60) -> None:
    until(lambda: len(breaches(stage.house)) >= clocks, f"{clocks} breaches", *stage.house.programs, within=within)


@row(8, "kill -9 beat; beat stays away")
def beat_killed(stage: Stage) -> Outcome:
    """The sweeper does not need it."""
    clocks, span = 60, stage.scaled(30, 6)
    with stage.redis() as broker:
        stage.worker(broker)
        beat = stage.beat(broker)
        stage.sweeper()
        stage.stock(1, -1)
        climbs(stage, 1, 150)
        stage.stock(clocks, 1, span)
        time.sleep(span / 4)
        outcome = Outcome(f"{clocks} clocks over {span:g} s", limit=LATE, injected=beat.leader.poll() is None)
        beat.kill()
        climbs(stage, clocks + 1, span + 30)
        drained(stage.house)
    latest(outcome, stage, 1)
    judge(outcome, stage, clocks + 1, deaths=0)
    return outcome


@row(9, "two, then five beats and sweepers")
def many_beats(stage: Stage) -> Outcome:
    """Each step is done once, whoever is told to look."""
    clocks, span = 300, stage.scaled(30, 6)
    with stage.redis() as broker:
        stage.worker(broker)
        beats = [stage.beat(broker), stage.beat(broker)]
        nursery = stage.nursery(2)
        stage.stock(clocks, 1, span)
        time.sleep(span / 2)
        beats += [stage.beat(broker) for _more in range(3)]
        nurseries = [nursery, stage.nursery(3)]
        climbs(stage, clocks, span + 30)
        drained(stage.house)
        alive = sum(beat.leader.poll() is None for beat in beats), sum(len(one.children()) for one in nurseries)
    outcome = Outcome(f"{clocks} clocks over {span:g} s", injected=min(alive), needed=5, limit=LATE)
    latest(outcome, stage)
    judge(outcome, stage, clocks, deaths=0)
    return outcome


@row(10, "the broker is emptied (FLUSHALL)")
def flushed(stage: Stage) -> Outcome:
    """Worker and beat alone, and still nothing is noticed."""
    import redis

    flushes = int(stage.scaled(5, 2))
    span = flushes * stage.scaled(6, 3)
    clocks = int(span * 10)
    with stage.redis() as broker:
        worker, beat = stage.worker(broker), stage.beat(broker)
        stage.stock(1, -1)
        climbs(stage, 1, 150)
        stage.stock(clocks, 1, span)
        outcome = Outcome(f"{clocks} clocks over {span:g} s", limit=LATE, needed=flushes)
        client, held = redis.Redis.from_url(broker), 0
        for _flush in range(flushes):
            time.sleep(span / flushes)
            held = max(held, client.dbsize())
            outcome.injected += bool(client.flushall())
        climbs(stage, clocks + 1)
        drained(stage.house)
        outcome.want(held, "there was never anything in the broker to lose")
        outcome.want(worker.leader.poll() is None and beat.leader.poll() is None, "worker or beat has ended")
    latest(outcome, stage, 1)
    judge(outcome, stage, clocks + 1, deaths=0)
    return outcome


@row(11, "the broker goes down, comes back; or never was")
def broker_down(stage: Stage) -> Outcome:
    """People notice nothing; workers resume by themselves."""
    port, pause = servers.free_port(), stage.scaled(20, 5)
    broker = f"redis://127.0.0.1:{port}/0"
    traffic = Traffic(stage, rate=3)
    stage.web(traffic.port)
    outcome = Outcome("", limit=15)
    with traffic:
        with stage.redis(port):
            worker, beat = stage.worker(broker), stage.beat(broker)
            stage.stock(1, -1)
            climbs(stage, 1, 150)
            begun = time.monotonic()
            time.sleep(pause / 2)
        down = time.monotonic()
        outcome.injected += servers.missing() == [] and not servers._accepts(port)
        stage.stock(20, -1)
        time.sleep(pause)
        asleep = len(breaches(stage.house))
        outcome.want(asleep == 1, f"somebody else climbed: {asleep}")  # no sweeper here, to see the worker resume
        up = time.monotonic()
        with stage.redis(port):
            climbs(stage, 21, 60)
            outcome.seconds = time.monotonic() - up
            drained(stage.house, within=150)
    outcome.want(worker.leader.poll() is None and beat.leader.poll() is None, "worker or beat was started anew")
    slower = traffic.p95(down, up) - traffic.p95(begun, down)
    outcome.want(slower <= 0.2, f"posts took {1000 * slower:.0f} ms longer at p95")
    traffic.judge(outcome)
    _never_there(stage, outcome)
    outcome.acts = f"{traffic.asked} requests, 22 clocks"
    outcome.note = f"worker at work after s; p95 of posts {1000 * slower:+.0f} ms; {traffic.words()}"
    judge(outcome, stage, 22)
    return outcome


def _never_there(stage: Stage, outcome: Outcome) -> None:
    """A sweeper alone, whose broker does not exist, does the work."""
    with ExitStack() as stack:
        sweeper = stage.sweeper()
        stack.callback(sweeper.kill)
        stage.stock(1, -1)
        climbs(stage, 22, LATE + 5)
