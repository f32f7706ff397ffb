"""Workers that die, stand still, come back, or meet a row that kills them."""

from __future__ import annotations

import os
import signal
import time

from tests.faults.ledger import Outcome, breaches, drained, judge, owed, waits_over
from tests.faults.stage import Stage, carry_on, died, row, stands_still
from tests.faults.traffic import Traffic
from tests.processes.house import Program, kill, until

LEASED = "SELECT message_id FROM notifications_delivery WHERE state = 'LEASED'"
SENT = "SELECT count(*) FROM notifications_delivery WHERE state = 'SENT'"
LEASE_AND_A_BIT = 5.0  # seconds after the end of the lease


@row(4, "kill -9 a worker that has leased mails", short=True)
def after_claim(stage: Stage) -> Outcome:
    """The lease keeps the others off; when it has run out, another worker sends."""
    house, clocks = stage.house, 14
    stage.stock(clocks, -30)
    outcome = Outcome(f"{clocks} clocks and mails", limit=LEASE_AND_A_BIT, note="lease of 5 min ended by hand")
    outcome.injected += died(stage.sweeper("delivery.claimed:kill@1"))
    leased = {ident for (ident,) in house.rows(LEASED)}
    outcome.want(leased, "nothing was leased when it died")
    other = stage.sweeper()
    until(lambda: house.figure(SENT) == clocks - len(leased), "the others are sent", other)
    early = leased & {message["Message-ID"] for message in stage.mail.messages}
    outcome.want(not early, f"{len(early)} were sent while the dead worker's lease ran")
    waits_over(house)
    outcome.seconds = drained(house)
    judge(outcome, stage, clocks, deaths=0)  # it died before it sent any
    return outcome


@row(5, "kill -9 a worker whose mail was taken (250) but not ticked off", short=True)
def after_io(stage: Stage) -> Outcome:
    """The mail goes again under the same Message-ID."""
    house, clocks, deaths = stage.house, 12, int(stage.scaled(3, 1))
    stage.stock(clocks, -30)
    outcome = Outcome(f"{clocks} clocks and mails", limit=LEASE_AND_A_BIT, needed=deaths)
    for _death in range(deaths):
        before = len(stage.mail.messages)
        outcome.injected += died(stage.sweeper("delivery.handed:kill@2"))
        outcome.want(len(stage.mail.messages) - before == 2, "the server did not take the mail first")
        waits_over(house)
    last = stage.sweeper()
    until(lambda: "Sweeping" in last.words(), "it is there", last)
    outcome.seconds = drained(house)
    judge(outcome, stage, clocks, deaths=deaths)
    outcome.want(len(stage.mail.messages) > clocks, "no mail was sent again, so none was caught between")
    return outcome


@row(6, "kill -9 the sweeper in the transaction that climbs", short=True)
def in_the_fire_transaction(stage: Stage) -> Outcome:
    """All of it is undone, and the next sweep climbs."""
    house, clocks = stage.house, 40
    stage.stock(clocks, -1.5)
    outcome = Outcome(f"{clocks} clocks", limit=5)
    outcome.injected += died(stage.sweeper("sweep.before_commit:kill@1"))
    start = time.monotonic()
    half_done = len(breaches(house))
    outcome.want(half_done == 0, f"{half_done} breaches of the transaction that died are there")
    tried = house.figure("SELECT count(*) FROM complaints_slaclock WHERE attempts = 1")
    outcome.want(tried == clocks, f"{tried} tries were counted, not {clocks}")
    next_one = stage.sweeper()
    until(lambda: len(breaches(house)) == clocks, "the next has climbed", next_one)
    outcome.seconds = time.monotonic() - start
    drained(house)
    judge(outcome, stage, clocks, deaths=0)
    return outcome


@row(7, "kill -9 of 3 workers at random, every 0.2–0.8 s", short=True)
def storm(stage: Stage) -> Outcome:
    """Every clock climbs once and everybody is told once, whoever dies meanwhile."""
    house, clocks, span = stage.house, int(stage.scaled(2000, 150)), stage.scaled(40, 5)
    nursery = stage.nursery(3)
    stage.stock(clocks, 1, span)
    outcome = Outcome(f"{clocks} clocks and mails", limit=30, needed=int(span))
    end = time.monotonic() + span
    while time.monotonic() < end:
        time.sleep(stage.chance.uniform(0.2, 0.8))
        for pid in nursery.children()[:3] and stage.chance.sample(nursery.children(), 1):
            kill(pid)
            outcome.injected += 1
    waits_over(house)
    outcome.seconds = _drained_with_waits(stage)
    outcome.note = f"{outcome.injected} killed; leases ended by hand"
    judge(outcome, stage, clocks, deaths=outcome.injected)
    return outcome


def _drained_with_waits(stage: Stage) -> float:
    """Wait until nothing is owed; the lease of a worker that died last is ended too."""
    start = time.monotonic()
    until(lambda: not (owed(stage.house).keys() - {"mails"}), "all have climbed, all are told", *stage.house.programs)
    time.sleep(0.5)
    drained(stage.house, within=60)
    return time.monotonic() - start


@row(19, "SIGSTOP a worker for longer than its lease, then SIGCONT", short=True)
def stale_finisher(stage: Stage) -> Outcome:
    """Another sends meanwhile; what the first knows is dropped."""
    house, clocks = stage.house, 1
    stage.stock(clocks, -30)
    outcome = Outcome(f"{clocks} mail", note="lease of 5 min ended by hand")
    frozen = stage.sweeper("delivery.handed:stop@1")
    until(lambda: stands_still(frozen), "it stands still", frozen)
    outcome.injected += 1
    waits_over(house)
    other = stage.sweeper()
    drained(house)
    before = house.rows("SELECT message_id, sent_at, attempts FROM notifications_delivery ORDER BY 1")
    other.kill()
    start = time.monotonic()
    carry_on(frozen)
    until(lambda: "taken over meanwhile" in frozen.words(), "it says that it lost the lease", frozen)
    outcome.seconds = time.monotonic() - start
    after = house.rows("SELECT message_id, sent_at, attempts FROM notifications_delivery ORDER BY 1")
    outcome.want(after == before, "its finish changed a row")
    judge(outcome, stage, clocks, deaths=1)
    return outcome


@row(25, "a row that raises, and one that kills its worker", short=True)
def poison(stage: Stage) -> Outcome:
    """They are given up after the tries of the house; the neighbours are seen in time."""
    house, span = stage.house, stage.scaled(20, 5)
    stage.stock(2, -60)
    bad = [key for (key,) in house.rows("SELECT id FROM complaints_slaclock ORDER BY id")]
    beside, clocks = 50, int(span * 10)
    stage.stock(beside, -30)  # claimed together with the bad ones
    nursery = stage.nursery(2, f"sweep.clock={bad[0]}:kill,sweep.clock={bad[1]}:raise")
    stage.stock(clocks, 1, span)
    outcome = Outcome(f"{beside + clocks} neighbours", limit=10)
    attempts = f"SELECT min(attempts) FROM complaints_slaclock WHERE id IN ({bad[0]}, {bad[1]})"
    hurry = (
        f"UPDATE complaints_slaclock SET retry_at = due_at WHERE id IN ({bad[0]}, {bad[1]}) AND retry_at IS NOT NULL"
    )

    def given_up() -> bool:
        house.rows(hurry)
        return house.figure(attempts) == 8

    until(given_up, "both are given up", nursery, within=60)
    all_of_them = beside + clocks
    until(lambda: len(breaches(house)) == all_of_them, "all neighbours have climbed", nursery, within=span + 30)
    outcome.injected = nursery.words().count("A child ended by signal -9")
    seen = sorted(breaches(house), key=lambda breach: breach.at)
    late = [breach.lateness for breach in seen[beside:]]
    in_time = sum(seconds <= 5 for seconds in late) / clocks
    outcome.seconds = max(late)
    outcome.note = f"latest in s; {in_time:.0%} within 5 s; given up after 8 tries, backoffs ended by hand"
    outcome.want(in_time >= 0.8, f"only {in_time:.0%} of the neighbours were seen within 5 s")
    stuck = house.figure("SELECT count(*) FROM complaints_slaclock WHERE attempts = 8")
    outcome.want(stuck == 2, f"{stuck} clocks are given up, not 2")
    told = "SELECT count(*) FROM audit_event WHERE kind = 'clock.stuck'"
    house.rows(hurry)  # of the one that killed its sweeper it is told when its last wait is over
    until(lambda: house.figure(told) == 2, "both are told of", nursery, within=60)
    judge(outcome, stage, all_of_them)
    return outcome


@row(28, "SIGTERM to web and workers in turn, at 20 requests a second and mails of 2 s")
def rolling_restart(stage: Stage) -> Outcome:
    """What is in hand is done or leased again; nobody sees an error."""
    house, clocks, rounds = stage.house, 20, int(stage.scaled(3, 1))
    traffic = Traffic(stage, rate=stage.scaled(20, 5))
    begun = time.monotonic()
    web = stage.web(traffic.port)
    boot = time.monotonic() - begun  # what a successor needs as well
    stage.stock(clocks, -30)
    workers = [stage.sweeper("delivery.handed:sleep=2"), stage.sweeper("delivery.handed:sleep=2")]
    outcome = Outcome("", needed=rounds * 3)
    with traffic:
        time.sleep(4)
        for number in range(rounds):
            for pid in web.children():
                os.kill(pid, signal.SIGTERM)
                outcome.injected += 1
                time.sleep(boot + 1)
            outcome.injected += _ended_in_order(workers[number % 2], outcome)
            workers[number % 2].start()
    for worker in workers:
        worker.kill()
    waits_over(house)
    stage.sweeper()
    drained(house, within=90)
    traffic.judge(outcome)
    outcome.acts = f"{traffic.asked} requests, {clocks} mails"
    outcome.seconds = traffic.slowest
    outcome.note = f"slowest answer in s; {traffic.words()}"
    judge(outcome, stage, clocks)
    return outcome


def _ended_in_order(worker: Program, outcome: Outcome) -> bool:
    worker.leader.send_signal(signal.SIGTERM)
    code = worker.leader.wait(30)
    outcome.want(code == 0, f"a worker ended with {code}")
    return True
