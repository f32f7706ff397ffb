"""The database restarts or is held: 503 with Retry-After in between, recovery without a restart (RELIABILITY R26)."""

import json
import signal
import sqlite3
import time
from collections import Counter
from http.client import HTTPConnection

import pytest

from tests import servers
from tests.processes.conftest import needs_servers
from tests.processes.house import ask, status, until

pytestmark = pytest.mark.processes

PAGES = ("/readyz", "/login/")
SESSION = {"Cookie": f"sessionid={'x' * 32}"}  # without one the page needs no database
COMPLAINT = {"customer": "ACME", "description": "The gearbox hums.", "found_on": "2026-05-11"}


@needs_servers
def test_a_restarted_postgres_is_answered_with_503_and_found_again(postgres_server, build):
    port = servers.free_port()
    house = build("postgres")
    web = house.start_web(port, REDRESS_WEB_PROCESSES="2")
    workers = web.children()
    for _try in range(12):  # so that several threads hold a connection
        assert status(port, "/readyz") == 200

    postgres_server.stop(signal.SIGQUIT)
    for path in PAGES * 6:
        answer, page = ask(port, path, **SESSION)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2"), page[:200]
    assert status(port, "/livez") == 200
    postgres_server.start()

    until(lambda: status(port, "/readyz") == 200, "ready again", web, within=10)
    assert Counter(ask(port, "/login/", **SESSION)[0].status for _try in range(12)) == {200: 12}
    assert web.children() == workers  # nobody was replaced


def test_a_held_sqlite_is_answered_with_503(build):
    port = servers.free_port()
    house = build("sqlite")
    web = house.start_web(port, REDRESS_WEB_PROCESSES="1")
    token = house.manage("issue_token", "ada@demo.test").split()[-1]
    assert ask(port, "/api/v1/complaints/", Authorization=f"Bearer {token}")[0].status == 200  # now its use is noted
    writer = sqlite3.connect(house.database.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    started = time.monotonic()
    refused, said = register(port, token)
    waited = time.monotonic() - started

    assert (refused.status, refused.headers["Retry-After"]) == (503, "2"), said
    assert waited < 30
    assert status(port, "/login/") == 200  # reading goes on
    writer.execute("ROLLBACK")
    writer.close()
    taken, said = register(port, token)
    assert taken.status == 201, said + web.words()
    assert house.figure("SELECT count(*) FROM complaints_complaint") == 1


def register(port: int, token: str):
    """Post a complaint to the API; return the answer and its text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=40)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "one"}
    try:
        connection.request("POST", "/api/v1/complaints/", json.dumps(COMPLAINT), headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()
