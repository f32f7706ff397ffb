"""Workers that are killed again and again lose no clock and no mail, and do nothing twice (ARCHITECTURE §2)."""

import random
import time
from collections import Counter

import pytest

from tests import servers
from tests.processes.conftest import needs_servers
from tests.processes.house import BEAT, WORKER, House, Program, kill, until

pytestmark = [pytest.mark.processes, needs_servers]

CASES = 60
STORM = 10  # seconds
STEPS = {"warned_50", "warned_75", "warned_90", "breached"}  # a day, 12 h, 5 h and an hour ago
MAILS = 3 * CASES  # of the last three steps; the first lies too far back to be told
STEP = "facts::json->>'step'"
SENT = "SELECT message_id FROM notifications_delivery WHERE state = 'SENT'"
WAITS_OVER = (  # what minutes do to leases and backoffs
    "UPDATE notifications_delivery SET lease_until = now() - interval '1 s' WHERE state = 'LEASED'",
    "UPDATE audit_pending SET next_at = NULL",
    "UPDATE complaints_slaclock SET retry_at = NULL",
)
OWED = (
    "SELECT count(*) FROM notifications_delivery WHERE state NOT IN ('SENT', 'STALE')",
    "SELECT count(*) FROM complaints_slaclock WHERE next_at <= now()",
    "SELECT count(*) FROM audit_pending",
)


def test_killed_workers_lose_nothing_and_repeat_nothing(build):
    with servers.start_redis(servers.free_port()) as broker, servers.start_smtp_sink() as mail:
        house = build("postgres", REDRESS_BROKER_URL=broker, REDRESS_MAIL_URL=mail.url)
        house.seed("cases", str(CASES), "49")
        workers = [house.start(*WORKER, "-n", f"{name}@test") for name in ("one", "two")]
        house.start(*BEAT)
        until(lambda: mail.messages, "the first mail has come", *workers)

        kills = storm(workers)
        settle(house, workers)

    ids = Counter(message["Message-ID"] for message in mail.messages)
    assert kills >= STORM
    assert steps(house) == {(step, 1): CASES for step in STEPS}
    assert len(ids) == MAILS
    assert ids.keys() == {row[0] for row in house.rows(SENT)}
    assert len(mail.messages) - MAILS <= kills
    house.manage("verify_audit")


def storm(workers: list[Program]) -> int:
    """Kill a process of a worker at random, again and again; return how often. A worker whose head falls comes back."""
    kills, end = 0, time.monotonic() + STORM
    while time.monotonic() < end:
        worker = random.choice(workers)
        head = random.random() < 0.2
        victims = worker.processes() if head else worker.children()
        for pid in victims if head else random.sample(victims, min(1, len(victims))):
            kill(pid)
            kills += 1
        if head:
            worker.leader.wait()
            worker.start()
        time.sleep(random.uniform(0.2, 0.8))
    return kills


def settle(house: House, workers: list[Program]) -> None:
    """Kill all, let the waits run out, which takes minutes outside of a test, and wait until nothing is owed."""
    for worker in workers:
        worker.kill()
    for statement in WAITS_OVER:
        house.rows(statement)
    for worker in workers:
        worker.start()
    until(lambda: not any(map(house.figure, OWED)), "nothing is owed any more", *workers)


def steps(house: House) -> dict[tuple[str, int], int]:
    """Return how many cases have each step how many times."""
    told = house.rows(f"SELECT stream, {STEP}, count(*) FROM audit_event WHERE kind LIKE 'sla.%' GROUP BY 1, 2")
    return dict(Counter((step, times) for _stream, step, times in told))
