"""A Redress of real processes on its own database: started, killed and looked into from outside."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
WORKER = (str(BIN / "celery"), "-A", "config", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = (str(BIN / "celery"), "-A", "config", "beat", "--pidfile=")
WEB = (PYTHON, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind")


class Program:
    """A started program and all that it started; they share the session whose id is its process id."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as output:
            self.leader = subprocess.Popen(
                self.command, cwd=HOUSE, env=self.environment, stdout=output, stderr=output,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def start_if_ended(self) -> None:
        """Start it again where it has ended, as `restart: unless-stopped` of docker-compose.yml does."""
        if self.leader.poll() is not None:
            self.start()

    def processes(self) -> list[int]:
        """Return the ids of its processes that live, the eldest first; those that wait for burial are gone."""
        self.leader.poll()
        return sorted(pid for pid, (state, session) in _states() if session == self.leader.pid and state != "Z")

    def children(self) -> list[int]:
        """Return its processes without the first."""
        return [pid for pid in self.processes() if pid != self.leader.pid]

    def kill(self) -> None:
        """End all of it at once, as a power cut does."""
        for pid in self.processes():
            kill(pid)
        self.leader.wait(10)

    def words(self) -> str:
        """Return what it printed."""
        return self.log.read_text(errors="replace")


def _states() -> Iterator[tuple[int, tuple[str, int]]]:
    """Yield (process id, (state, session id)) of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _parent, _group, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(entry.name), (state, int(session))


def kill(pid: int) -> None:
    """Send SIGKILL; a process that has just ended is no error."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class House:
    """The settings of one installation, its data, and the programs that run on it."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        self.folder, self.database, self.programs = folder, database, []
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
        self.environment |= {
            "REDRESS_MODE": "demo",
            "REDRESS_DATA": str(folder),
            "REDRESS_DATABASE_URL": database,
            "REDRESS_STATIC_ROOT": str(folder),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }

    def run(self, *command: str, within: float = 240) -> str:
        """Run a program to its end and return what it printed. Raises AssertionError with its words if it fails."""
        done = subprocess.run(
            command, cwd=HOUSE, env=self.environment, capture_output=True, text=True, timeout=within,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Run manage.py."""
        return self.run(PYTHON, "manage.py", *arguments)

    def seed(self, *arguments: str) -> str:
        """Run tests/processes/seed.py."""
        return self.run(PYTHON, "-m", "tests.processes.seed", *arguments)

    def start(self, *command: str, **settings: str) -> Program:
        """Start a program that goes on; it ends with the test."""
        log = self.folder / f"{len(self.programs)}.log"
        program = Program(command, self.environment | settings, log)
        self.programs.append(program)
        return program

    def start_web(self, port: int, **settings: str) -> Program:
        """Start gunicorn and wait until it is ready."""
        program = self.start(*WEB, f"127.0.0.1:{port}", **settings)
        until(lambda: status(port, "/readyz") == 200, "the web server is ready", program)
        return program

    def stop(self) -> None:
        """Kill what still runs."""
        for program in self.programs:
            program.kill()

    def rows(self, statement: str) -> list[tuple]:
        """Return the rows of an SQL statement, read from outside; () for one that only writes."""
        if self.database.startswith("sqlite"):
            return _sqlite(self.database.removeprefix("sqlite:///"), statement)
        return run_sql(self.database, statement)

    def figure(self, statement: str) -> int:
        """Return the one number that a statement asks for."""
        return int(self.rows(statement)[0][0])


def _sqlite(path: str, statement: str) -> list[tuple]:
    connection = sqlite3.connect(path, timeout=20)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()


def run_sql(url: str, statement: str) -> list[tuple]:
    """Return the rows of a statement, run on a connection of its own."""
    import psycopg2

    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def until(answer: Callable[[], Any], what: str, *programs: Program, within: float = 30) -> float:
    """Wait for a true answer; return the seconds it took. Raises AssertionError with the programs' last words."""
    start = time.monotonic()
    while time.monotonic() - start < within:
        if answer():
            return time.monotonic() - start
        time.sleep(0.1)
    said = "\n".join(program.words()[-3000:] for program in programs)
    raise AssertionError(f"After {within:.0f} s still not: {what}\n{said}")


def send(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Message, str]:
    """Send one request; return status, headers and text. The status is 0 if nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    except OSError:
        return 0, Message(), ""
    finally:
        connection.close()


def ask(port: int, path: str, *, timeout: float = 15, **headers: str) -> tuple[HTTPResponse, str]:
    """Return the answer to a GET, and its text. Raises OSError if nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def status(port: int, path: str) -> int:
    """Return the status of a GET; 0 if nobody answers."""
    try:
        return ask(port, path)[0].status
    except OSError:
        return 0


def without(url: str) -> str:
    """Return a database URL without its last part, the database's name."""
    return re.sub(r"/[^/]*$", "", url)


@contextmanager
def copy_of(base: str, name: str) -> Iterator[str]:
    """Yield the URL of a copy of a database that nobody is using; it is dropped afterwards."""
    if base.startswith("sqlite"):
        copy = Path(base.removeprefix("sqlite:///")).with_name(f"{name}.sqlite3")
        shutil.copy(base.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    server = f"{without(base)}/postgres"
    original = base.rpartition("/")[2]
    run_sql(server, f"CREATE DATABASE {name} TEMPLATE {original}")
    try:
        yield f"{without(base)}/{name}"
    finally:
        run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")
