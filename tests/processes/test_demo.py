"""bin/demo as a newcomer meets it: it starts, works, survives, and ends without a trace (ARCHITECTURE §4)."""

import hashlib
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.processes.house import HOUSE, House, Program, ask, kill, status, until


def is_set_up() -> bool:
    """Tell whether bin/_setup made this environment from the present files; else bin/demo would change it."""
    stamp = Path(sys.prefix) / "redress-stamp.json"
    made_from = json.loads(stamp.read_text())["files"] if stamp.exists() else {"": ""}
    return all(
        (HOUSE / name).is_file() and digest.endswith(hashlib.sha256((HOUSE / name).read_bytes()).hexdigest())
        for name, digest in made_from.items()
    )


pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not is_set_up(), reason="needs an environment made by bin/_setup from the present files"),
]
START = 300  # seconds: the first start loads the demo's cases
OWED = "SELECT count(*) FROM notifications_delivery WHERE state IN ('READY', 'LEASED', 'RETRY')"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on a data folder that does not exist yet."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    folder.mkdir()
    house = House(folder, f"sqlite:///{folder / 'redress.sqlite3'}", REDRESS_VENV=sys.prefix)
    for name in ("REDRESS_MODE", "REDRESS_DATA", "REDRESS_DATABASE_URL", "REDRESS_STATIC_ROOT"):
        del house.environment[name]  # bin/demo sets what it needs
    yield house
    house.stop()


def start(house: House, port: int) -> Program:
    """Start bin/demo and wait until it says where it is."""
    command = (str(HOUSE / "bin" / "demo"), "--port", str(port), "--data", str(house.folder), "--texts", "/nonexistent")
    program = house.start(*command)
    until(lambda: "Ctrl-C stops everything" in program.words(), "the demo runs", program, within=START)
    return program


def stop(program: Program) -> None:
    """Press Ctrl-C; all of it must end within five seconds."""
    program.leader.send_signal(signal.SIGINT)
    until(lambda: not program.processes(), "every process has ended", program, within=5)


def test_a_first_start_brings_a_working_system_and_ctrl_c_ends_it(demo):
    port = servers.free_port()
    program = start(demo, port)

    assert [status(port, path) for path in ("/livez", "/readyz", "/login/", "/api/v1/schema/")] == [200] * 4
    assert f"http://127.0.0.1:{port}/" in program.words()
    assert "ada@demo.test" in ask(port, "/login/")[1] + program.words()
    stop(program)
    assert status(port, "/livez") == 0


def test_a_second_start_keeps_the_data_and_a_killed_server_comes_back_with_all_that_was_owed(demo):
    port = servers.free_port()
    cases = demo.figure("SELECT count(*) FROM complaints_complaint")
    program = start(demo, port)
    assert demo.figure("SELECT count(*) FROM complaints_complaint") == cases
    until(lambda: demo.figure("SELECT count(*) FROM audit_pending WHERE dead_at IS NULL") == 0, "all told", program)
    demo.rows("UPDATE notifications_delivery SET state = 'READY', next_at = '2026-01-01' WHERE state = 'STALE'")

    for _kill in range(2):
        [worker] = program.children()
        kill(worker)
        until(lambda was=worker: program.children() not in ([], [was]), "another is there", program)
        until(lambda: status(port, "/readyz") == 200, "it answers", program)

    demo.rows("UPDATE notifications_delivery SET lease_until = '2026-01-01' WHERE state = 'LEASED'")
    until(lambda: demo.figure(OWED) == 0, "nothing is owed any more", program, within=60)
    ids = [line for mail in (demo.folder / "mail").iterdir() for line in mail.read_text().splitlines() if is_id(line)]
    assert len(set(ids)) == demo.figure("SELECT count(*) FROM notifications_delivery WHERE state = 'SENT'") > 0
    assert len(ids) - len(set(ids)) <= 2  # one for each kill at most, under the id that it had
    stop(program)


def is_id(line: str) -> bool:
    return line.startswith("Message-ID:")
