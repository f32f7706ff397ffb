"""Beat killed, broker emptied, broker gone: the rows still know, and somebody still looks (ARCHITECTURE §2)."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests import servers
from tests.processes.conftest import needs_servers
from tests.processes.house import BEAT, PYTHON, WORKER, House, Program, until

pytestmark = [pytest.mark.processes, needs_servers]

SWEEPER = (PYTHON, "manage.py", "sweep", "--every", "1")
LATE = 10  # seconds that a clock may be seen late, whatever is gone
BREACHES = "SELECT count(*) FROM audit_event WHERE kind = 'sla.breached'"
TWICE = (
    "SELECT stream FROM audit_event WHERE kind LIKE 'sla.%' GROUP BY stream, facts::json->>'step' HAVING count(*) > 1"
)
MAILS = "SELECT count(*) FROM notifications_delivery WHERE state = 'SENT'"


@pytest.fixture
def broker() -> Iterator[str]:
    with servers.start_redis(servers.free_port()) as url:
        yield url


def due(house: House, breaches: int) -> None:
    """Add a case whose 48 hours have just run out: the next breach of so many."""
    assert house.figure(BREACHES) == breaches - 1
    house.seed("cases", "1", "48.0001")


def climbs(house: House, breaches: int, *programs: Program) -> None:
    """Wait until so many breaches are written down."""
    until(lambda: house.figure(BREACHES) == breaches, f"{breaches} breaches", *programs, within=LATE)


def test_an_emptied_broker_and_a_killed_beat_are_not_noticed(build, broker):
    house = build("postgres", REDRESS_BROKER_URL=broker)
    worker, beat = house.start(*WORKER), house.start(*BEAT)
    house.seed("cases", "1", "48.01")
    until(lambda: house.figure(BREACHES) == 1, "worker and beat are at work", worker, beat)

    for breaches in (2, 3):
        flush(broker)
        due(house, breaches)
        climbs(house, breaches, worker, beat)

    beat.kill()
    beat.start()
    due(house, 4)
    until(lambda: house.figure(BREACHES) == 4, "a new beat goes on", worker, beat)


def test_workers_take_up_work_again_when_the_broker_is_back(build):
    port = servers.free_port()
    house = build("postgres", REDRESS_BROKER_URL=f"redis://127.0.0.1:{port}/0")
    with servers.start_redis(port):
        worker, beat = house.start(*WORKER), house.start(*BEAT)
        house.seed("cases", "1", "48.01")
        until(lambda: house.figure(BREACHES) == 1, "worker and beat are at work", worker, beat)
    assert house.figure(BREACHES) == 1
    house.seed("cases", "1", "48.01")

    def resumed() -> bool:
        for program in (worker, beat):
            program.start_if_ended()  # kombu 5.7 ends a worker whose broker goes away in the middle of an ack
        return house.figure(BREACHES) == 2

    with servers.start_redis(port):
        until(resumed, "worker and beat resume with no help but compose's", worker, beat, within=60)


def test_without_a_broker_the_sweeper_does_all_the_work(build, mail):
    house = build("postgres", REDRESS_BROKER_URL="redis://127.0.0.1:1/0", REDRESS_MAIL_URL=mail.url)
    sweeper = house.start(*SWEEPER)
    until(lambda: "Sweeping" in sweeper.words(), "the sweeper is there", sweeper)

    due(house, 1)

    climbs(house, 1, sweeper)
    until(lambda: house.figure(MAILS) == 3, "people are told", sweeper)
    house.manage("sweep", "--check")
    start = time.monotonic()
    sweeper.leader.send_signal(signal.SIGTERM)
    assert sweeper.leader.wait(10) == 0
    assert time.monotonic() - start < 5
    house.seed("cases", "1", "48.1")
    assert "Nobody sweeps" in refused(house, "sweep", "--check")


def test_two_sweepers_do_each_step_once(build):
    house = build("postgres", REDRESS_BROKER_URL="redis://127.0.0.1:1/0")
    house.seed("cases", "60", "49")
    sweepers = [house.start(*SWEEPER), house.start(*SWEEPER)]

    until(lambda: house.figure(BREACHES) == 60, "every clock has climbed", *sweepers)
    until(lambda: house.figure("SELECT count(*) FROM audit_pending") == 0, "everybody was told", *sweepers)

    assert house.rows(TWICE) == []
    assert house.figure("SELECT count(*) FROM audit_event WHERE kind LIKE 'sla.%'") == 240
    house.manage("verify_audit")


def flush(broker: str) -> None:
    import redis

    redis.Redis.from_url(broker).flushall()


def refused(house: House, *arguments: str) -> str:
    """Run manage.py, which must fail, and return what it said."""
    with pytest.raises(AssertionError) as failure:
        house.manage(*arguments)
    return str(failure.value)
