"""What a row works on: a house of its own on one database, and the programs that run in it."""

from __future__ import annotations

import json
import os
import queue
import random
import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import servers
from tests.faults.ledger import Outcome
from tests.processes.house import BEAT, HOUSE, PYTHON, WORKER, House, Program, copy_of, run_sql, status, until, without
from tests.servers import MailSink

SWEEPER = (PYTHON, "manage.py", "sweep", "--every", "2")
NO_BROKER = "redis://127.0.0.1:1/0"


class NotRun(Exception):
    """The row cannot be run here; the text says why."""


class Cradle:
    """The process that forks for us (tests/faults/cradle.py)."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.codes: dict[int, int] = {}
        self.born: queue.Queue[int] = queue.Queue()
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                (PYTHON, "-m", "tests.faults.cradle"), cwd=HOUSE, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.born.get(timeout=120)  # it is ready

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            if "died" in said:
                self.codes[said["died"]] = said["code"]
            else:
                self.born.put(next(iter(said.values())))

    def fork(self, **asked: Any) -> int:
        """Return the process id of a child that does what is asked."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        pid = self.born.get(timeout=60)
        self.codes.pop(pid, None)
        return pid

    def close(self) -> None:
        """End it; whoever asked for children ends them."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


@dataclass
class Leader:
    """A child of the cradle, with what subprocess.Popen would say of it."""

    pid: int
    cradle: Cradle

    @property
    def returncode(self) -> int | None:
        return self.cradle.codes.get(self.pid)

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, within: float) -> int:
        """Return its code. Raises AssertionError if it lives on."""
        until(lambda: self.returncode is not None, f"process {self.pid} has ended", within=within)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, which: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, which)


class Forked(Program):
    """A program that the cradle forks instead of starting it anew."""

    def __init__(self, cradle: Cradle, house: House, log: Path, fail: str, *do: Any) -> None:
        self.cradle, self.log = cradle, log
        self.asked = {"log": str(log), "database": house.database, "mail": house.environment["REDRESS_MAIL_URL"],
                      "fail": fail, "do": do}  # fmt: skip
        log.touch()
        self.start()

    def start(self) -> None:
        self.leader: Any = Leader(self.cradle.fork(**self.asked), self.cradle)


@dataclass
class Bases:
    """A migrated database of each kind with the cast in it, to be copied, the PostgreSQL server, and the cradle."""

    folder: Path
    urls: dict[str, str]
    cradle: Cradle
    settings: dict[str, str]
    server: servers.Server | None = None


class Stage:
    """The house of one row, and all that the row starts; `close` ends it."""

    def __init__(self, bases: Bases, database: str, *, seed: int, short: bool) -> None:
        self.bases, self.database, self.short = bases, database, short
        self.chance = random.Random(seed)
        self.stack = ExitStack()
        self.mail: MailSink = self.stack.enter_context(servers.start_smtp_sink())
        self.house = self.build()

    def build(self, **settings: str) -> House:
        """Return a house on a fresh copy of the database; its mail goes to `mail`, and it has no broker."""
        url = self.stack.enter_context(copy_of(self.bases.urls[self.database], f"redress_{secrets.token_hex(4)}"))
        folder = self.bases.folder / secrets.token_hex(4)
        folder.mkdir()
        known = self.bases.settings | {"REDRESS_MAIL_URL": self.mail.url, "REDRESS_BROKER_URL": NO_BROKER}
        house = House(folder, url, **known, **settings)
        self.stack.callback(house.stop)
        if self.database == "postgres":  # the test server would lose the last commits, which it may not in a row
            run_sql(f"{without(url)}/postgres", f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = on")
        return house

    def close(self) -> None:
        self.stack.close()

    def scaled(self, whole: float, short: float) -> float:
        """Return how much of it: the whole, or what the short selection does."""
        return short if self.short else whole

    def stock(self, count: int, first: float, spread: float = 0) -> None:
        """Add clocks that fall due (tests/faults/stock.py)."""
        self.do("stock", count, first, spread)

    def fork(self, fail: str, *do: Any) -> Program:
        """Start what the cradle knows, failing where `fail` says."""
        log = self.house.folder / f"{len(self.house.programs)}.log"
        program = Forked(self.bases.cradle, self.house, log, fail, *do)
        self.house.programs.append(program)
        return program

    def do(self, *what: Any, within: float = 300) -> str:
        """Do what the cradle knows, to its end; return what was printed. Raises AssertionError if it fails."""
        program = self.fork("", *what)
        code = program.leader.wait(within)
        assert code == 0, f"{what}: {program.words()[-2000:]}"
        return program.words()

    def sweeper(self, fail: str = "") -> Program:
        """Start a sweeper that fails where `fail` says."""
        return self.fork(fail, "sweeper")

    def web(self, port: int, processes: int = 2, threads: int = 4) -> Program:
        """Start gunicorn and wait until it is ready."""
        program = self.fork("", "web", port, processes, threads)
        until(lambda: status(port, "/readyz") == 200, "the web server is ready", program, within=60)
        return program

    def odd_sweeper(self, **settings: str) -> Program:
        """Start a sweeper in an environment of its own, such as another time, and wait until it is there."""
        program = self.house.start(*SWEEPER, **settings)
        until(lambda: "Sweeping" in program.words(), "it sweeps", program, within=150)
        return program

    def nursery(self, count: int, fail: str = "") -> Program:
        """Start workers that come back when killed, and wait until they are there."""
        program = self.fork(fail, "nursery", count)
        until(lambda: "Sweeping" in program.words(), "the nursery is full", program)
        return program

    def worker(self, broker: str, name: str = "one") -> Program:
        """Start a Celery worker and wait until it is ready."""
        program = self.house.start(*WORKER, "-n", f"{name}@{secrets.token_hex(3)}", REDRESS_BROKER_URL=broker)
        time.sleep(0.1)
        return program

    def beat(self, broker: str) -> Program:
        return self.house.start(*BEAT, "-s", str(self.house.folder / secrets.token_hex(3)), REDRESS_BROKER_URL=broker)

    @contextmanager
    def redis(self, port: int | None = None) -> Iterator[str]:
        """Start a broker."""
        if not shutil.which("redis-server"):
            raise NotRun("redis-server is not installed (apt-get install redis-server)")
        with servers.start_redis(port or servers.free_port()) as url:
            yield url


def died(program: Program, within: float = 40) -> bool:
    """Wait until a program has been killed by its own failpoint; tell whether it was."""
    until(lambda: program.leader.poll() is not None, "it has failed", program, within=within)
    return program.leader.returncode == -signal.SIGKILL


def stands_still(program: Program) -> bool:
    """Tell whether the program's first process is stopped."""
    return Path(f"/proc/{program.leader.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def carry_on(program: Program) -> None:
    os.kill(program.leader.pid, signal.SIGCONT)


Row = Callable[[Stage], Outcome]


@dataclass(frozen=True)
class Entry:
    """A row of the table: its number, the fault, the databases that it is about, whether the short selection has it."""

    number: int
    fault: str
    run: Row
    databases: tuple[str, ...]
    short: bool


ROWS: dict[int, Entry] = {}


def row(number: int, fault: str, *, only: str = "", short: bool = False) -> Callable[[Row], Row]:
    """Return a decorator that enters a function into the table."""

    def enter(run: Row) -> Row:
        databases = (only,) if only else ("sqlite", "postgres")
        ROWS[number] = Entry(number, fault, run, databases, short)
        return run

    return enter


def words(value: Any) -> str:
    return "" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)
