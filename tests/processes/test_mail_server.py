"""A mail server that refuses, is busy or never answers holds up nobody else (RELIABILITY R7, R11)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import servers
from tests.processes.house import House, until

pytestmark = pytest.mark.processes

REFUSED, BUSY = "550 No such user", "451 Try again later"
STATES = "SELECT state, count(*) FROM notifications_delivery WHERE address = '{}' AND state != 'STALE' GROUP BY 1"


def test_refused_and_busy_readers_do_not_hold_up_the_others(build, mail):
    house = build("sqlite", REDRESS_MAIL_URL=mail.url, REDRESS_EMBEDDED="1")
    mail.says = {"cleo@demo.test": REFUSED}
    house.seed("cases", "5", "49")

    web = house.start_web(servers.free_port())

    until(lambda: len(mail.messages) == 10, "the quality manager has all mails", web)
    until(lambda: house.rows(STATES.format("cleo@demo.test")) == [("DEAD", 5)], "the others are given up", web)
    assert {message["To"] for message in mail.messages} == {"lee@demo.test"}
    assert house.rows(STATES.format("lee@demo.test")) == [("SENT", 10)]
    mail.says = {"lee@demo.test": BUSY}
    house.seed("cases", "1", "49")
    until(lambda: house.rows(STATES.format("lee@demo.test")) == [("RETRY", 2), ("SENT", 10)], "they wait", web)


def test_a_silent_mail_server_does_not_hold_up_the_clocks(build):
    with silence() as url:
        house = build("sqlite", REDRESS_MAIL_URL=url, REDRESS_EMBEDDED="1")
        house.seed("cases", "5", "49")
        web = house.start_web(servers.free_port())
        until(lambda: leased(house), "a mail is on its way", web)

        house.seed("cases", "1", "48.0001")

        until(lambda: breaches(house) == 6, "the clock is seen in time", web, within=10)


def breaches(house: House) -> int:
    return house.figure("SELECT count(*) FROM audit_event WHERE kind = 'sla.breached'")


def leased(house: House) -> int:
    return house.figure("SELECT count(*) FROM notifications_delivery WHERE state = 'LEASED'")


@contextmanager
def silence() -> Iterator[str]:
    """Yield the URL of a mail server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as deaf:
        yield f"smtp://127.0.0.1:{deaf.getsockname()[1]}"
