"""
Two processes that begin at the same moment, round after round.

The last line printed is a JSON object of figures.
"""

import json
import multiprocessing
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from audit.models import Event
from complaints import clocks, sweeping
from complaints.ladder import ONE_SECOND
from complaints.models import Complaint, SlaBreach, SlaClock
from complaints.models.states import ClockState, Metric
from tests.faults.stock import stock
from worktime.measure import seconds

CLOSE = 0.005
fork = multiprocessing.get_context("fork")


def duel(first, second, rounds: int, prepare) -> list[tuple]:  # type: ignore[no-untyped-def]
    """Let both act at once so often; return per round what each returned with when it began and ended."""
    gate = fork.Barrier(3)
    pipes, fighters = [], []
    for number, act in enumerate((first, second)):
        here, there = fork.Pipe()
        fighters.append(fork.Process(target=_fighter, args=(act, gate, there, rounds, number), daemon=True))
        fighters[-1].start()
        pipes.append(here)
    found = []
    for n in range(rounds):
        what = prepare(n)
        for pipe in pipes:
            pipe.send(what)
        gate.wait(60)
        found.append((what, *[pipe.recv() for pipe in pipes]))
    for fighter in fighters:
        fighter.join(10)
    return found


def _fighter(act, gate, pipe, rounds: int, number: int) -> None:  # type: ignore[no-untyped-def]
    connection.close()
    for _round in range(rounds):
        what = pipe.recv()
        gate.wait(60)
        time.sleep(max(0.0, what["offsets"][number]))
        begun = time.monotonic()
        said = act(what)
        pipe.send((said, begun, time.monotonic()))


def claim(rounds: int) -> dict[str, int]:
    """Two sweeps of one due clock."""
    stock(rounds, -60)
    keys = list(SlaClock.objects.order_by("pk").values_list("pk", "next_at"))
    far = datetime.now(UTC) + timedelta(days=1)
    SlaClock.objects.update(next_at=far)
    connection.close()

    def prepare(n: int) -> dict:
        SlaClock.objects.filter(pk=keys[n][0]).update(next_at=keys[n][1])
        connection.close()
        return {"offsets": (0, 0)}

    def sweep(_what: dict) -> int:
        return sweeping.sweep(now=datetime.now(UTC)).count

    found = duel(sweep, sweep, rounds, prepare)
    wins = [one[0] + other[0] for _what, one, other in found]
    return {
        "met": len(found),
        "nobody": wins.count(0),
        "both": sum(count > 1 for count in wins),
        "close": sum(abs(one[1] - other[1]) <= CLOSE for _what, one, other in found),
    }


def stop(rounds: int) -> dict[str, int]:
    """A sweep at the moment at which a clock is missed, against somebody who stops it, some ms before or after."""
    stock(rounds, -60)
    ada = User.objects.get(email="ada@demo.test")
    rows = list(SlaClock.objects.order_by("pk").select_related("complaint"))
    far = datetime.now(UTC) + timedelta(days=1)
    SlaClock.objects.update(next_at=far)
    connection.close()
    chance = random.Random(rounds)

    def prepare(n: int) -> dict:
        clock = rows[n]
        SlaClock.objects.filter(pk=clock.pk).update(next_at=clock.next_at)
        connection.close()
        shift = chance.uniform(-CLOSE, CLOSE)
        offsets = (max(0.0, shift), max(0.0, -shift))
        stopped_at = clock.due_at + ONE_SECOND + timedelta(seconds=chance.uniform(-CLOSE, CLOSE))
        return {"offsets": offsets, "pk": clock.pk, "case": clock.complaint_id, "at": stopped_at}

    def swept(what: dict) -> int:
        return sweeping.sweep(now=what["at"] + timedelta(milliseconds=20)).count

    def stopped(what: dict) -> int:
        with transaction.atomic():
            case = Complaint.objects.select_for_update(of=("self",)).get(pk=what["case"])
            clocks.stop(case, Metric.INITIAL, at=what["at"], by=ada)
        return 1

    found = duel(swept, stopped, rounds, prepare)
    verdicts = [_verdict(what) for what, _sweep, _stop in found]
    revoked = SlaBreach.objects.filter(status=SlaBreach.Status.REVOKED).count()
    return {
        "rounds": len(found),
        "met": verdicts.count("met"),
        "breached": verdicts.count("breached"),
        "neither": verdicts.count("neither"),
        "both": verdicts.count("both"),
        "wrong": verdicts.count("wrong"),
        "sweep_first": sum(sweep[2] <= stop[2] for _what, sweep, stop in found),
        "stop_first": sum(sweep[2] > stop[2] for _what, sweep, stop in found),
        "revoked": revoked,
    }


def _verdict(what: dict) -> str:
    """Return how one clock ended, judged by its row, its breaches and its events together."""
    clock = SlaClock.objects.get(pk=what["pk"])
    valid = SlaBreach.objects.filter(clock=clock).exclude(status=SlaBreach.Status.REVOKED).count()
    ends = [event.facts["met"] for event in Event.objects.filter(stream=clock.complaint.uuid, kind="clock.stopped")]
    told = Event.objects.filter(stream=clock.complaint.uuid, kind="sla.breached").count()
    if clock.state != ClockState.STOPPED or len(ends) != 1:
        return "neither"
    met = clock.breached_at is None
    if met != ends[0] or met == bool(valid) or told > 1 or valid > 1:
        return "both"
    in_time = seconds(what["at"]) <= seconds(clock.due_at)
    return ("met" if met else "breached") if met == in_time else "wrong"


def main(kind: str, rounds: int) -> None:
    """Print what came of so many rounds."""
    sys.stdout.write(json.dumps({"claim": claim, "stop": stop}[kind](rounds)) + "\n")
