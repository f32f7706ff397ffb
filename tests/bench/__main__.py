"""
Measure the house on many cases: statements, CPU, time and bytes of the pages that people use most.

bin/bench [--cases N] [--requests N] [--workers N] [--postgres] [--data DIR] [--explain]

The database is built once per number of cases and kept in the data folder; on PostgreSQL it is built anew, in a server
of its own. The floor is an empty page in the same run: no page can be faster. CPU is that of the web processes alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench import load
from tests.bench.load import Ask, Took
from tests.servers import free_port, start_postgres

HOUSE = Path(__file__).resolve().parents[2]
CLIENTS = (1, 16)
WARM = 8  # requests before it counts
FLOOR = 20  # times as many requests for the floor
CSRF = "b" * 32
PATIENCE = 60


def main() -> None:
    options = arguments()
    with ExitStack() as stack:
        folder = Path(options.data).resolve() / f"{options.cases}"
        folder.mkdir(parents=True, exist_ok=True)
        surroundings(folder, options.workers)
        if options.postgres:
            os.environ["REDRESS_DATABASE_URL"] = stack.enter_context(start_postgres())
        prepare(folder, options)
        asks, counts = questions(), {}
        for ask in asks:
            counts[ask.name] = statements(ask)
        if options.explain:
            explain()
        close()
        port, pid = stack.enter_context(server(folder))
        measure(asks, counts, port, load.children(pid), options.requests)


def arguments() -> argparse.Namespace:
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "redress-bench"
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure the house on many cases.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=160, help="per page and number of clients (160)")
    parser.add_argument("--workers", type=int, default=3, help="web processes (3)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--data", default=str(kept), help=f"where the database is kept ({kept})")
    parser.add_argument("--explain", action="store_true", help="print how the database goes about queue and dashboard")
    return parser.parse_args()


def surroundings(folder: Path, workers: int) -> None:
    """Set the environment of this process and of the server's."""
    os.environ |= {
        "REDRESS_MODE": "demo",
        "REDRESS_DATA": str(folder),
        "REDRESS_WEB_PROCESSES": str(workers),
        "REDRESS_STATIC_MANIFEST": "0",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }
    sys.path.insert(0, str(HOUSE))


def prepare(folder: Path, options: argparse.Namespace) -> None:
    """Bring the database up to date, and fill it the first time."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench import house

    built = folder / "built"
    if not options.postgres and not built.exists():
        (folder / "redress.sqlite3").unlink(missing_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if options.postgres or not built.exists():
        say(f"Building {options.cases:,} cases")
        house.build(options.cases, now=datetime.now(UTC), say=say)
        analyse()
        built.touch() if not options.postgres else None


def analyse() -> None:
    """Let the database learn what its tables hold, as it would by itself over the years."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def questions() -> list[Ask]:
    """Return what is asked: each page as the person who opens it most."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts import tokens
    from accounts.models import Organisation, User
    from accounts.sessions import SessionStore
    from complaints.models import Complaint
    from tests.bench.house import LONG

    def signed_in(email: str) -> dict[str, str]:
        user = User.objects.get(email=email)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "accounts.adapter.Backend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return {"Cookie": f"sessionid={session.session_key}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    agent, manager = signed_in("cs0@bench.test"), signed_in("qm0@bench.test")
    token = tokens.issue(User.objects.get(email="cs1@bench.test"), name="bench", at=datetime.now(UTC))
    case = Complaint.objects.filter(title=LONG).latest("pk")
    told = {"customer": Organisation.objects.get(code="C001").code, "description": "The pump leaks.", "safety": "NO",
            "found_on": case.found_on.isoformat(), "channel": "PHONE", "once": load.ONCE}  # fmt: skip
    form = {**agent, "Content-Type": "application/x-www-form-urlencoded"}
    return [
        Ask("floor", "/bench/floor/"),
        Ask("queue", "/queue/?view=open", headers=agent),
        Ask("queue, mine", "/queue/", headers=agent),
        Ask("case page", f"/cases/{case.ref}/", headers=agent),
        Ask("intake POST", "/cases/new/", "POST", urlencode(told), form, 302),
        Ask("dashboard", "/dashboard/", headers=manager),
        Ask("API list", "/api/v1/complaints/", headers={"Authorization": f"Bearer {token}"}),
    ]


def statements(ask: Ask) -> int:
    """Return how many SQL statements a request takes once everything is warm, BEGIN and COMMIT counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers=dict(ask.headers), enforce_csrf_checks=True)
    for _name in ("warm", "count"):
        with CaptureQueriesContext(connection) as log:
            answer = client.generic(ask.method, ask.path, ask.sent(), content_type=ask.headers.get("Content-Type", ""))
    if answer.status_code != ask.status:
        say(f"{ask.name}: {ask.path} answered {answer.status_code}, not {ask.status}")
    return len(log)


def explain() -> None:
    """Print the slow statements of queue and dashboard, and how the database goes about them."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    for ask in (ask for ask in questions() if ask.name in {"queue", "dashboard", "API list"}):
        with CaptureQueriesContext(connection) as log:
            Client(headers=dict(ask.headers)).get(ask.path)
        for query in sorted(log, key=lambda query: -float(query["time"]))[:4]:
            say(f"\n{ask.name}: {query['time']} s\n{query['sql'][:1500]}")
            _plan(query["sql"])


def _plan(sql: str) -> None:
    from django.db import connection

    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN ANALYZE"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}")
        for row in cursor.fetchall():
            say(f"    {row[-1]}")


def close() -> None:
    from django.db import connections

    connections.close_all()


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int]]:
    """Start the web server; yield its port and process; stop it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=HOUSE, stdout=log, stderr=log)
    try:
        _wait(port, process, folder)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            load.run(Ask("", "/livez"), port, clients=1, requests=1, processes=[])
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"The server did not start; see {folder / 'server.log'}.")


def measure(asks: list[Ask], counts: dict[str, int], port: int, processes: list[int], requests: int) -> None:
    """Print the table, page by page."""
    head = ("", "SQL", "CPU ms", "p50 ×1", "p95 ×1", "p50 ×16", "p95 ×16", "bytes", "CPU ÷ floor")
    print(("{:<12}" + "{:>12}" * 8).format(*head))
    floor: float | None = None
    for ask in asks:
        many = requests if floor else FLOOR * requests  # its CPU is so little that the kernel's ticks are too coarse
        load.run(ask, port, clients=CLIENTS[-1], requests=WARM * len(processes), processes=[])
        alone, crowd = (load.run(ask, port, clients=clients, requests=many, processes=processes) for clients in CLIENTS)
        floor = floor or alone.cpu_ms
        print(_line(ask, counts[ask.name], alone, crowd, floor), flush=True)


def _line(ask: Ask, sql: int, alone: Took, crowd: Took, floor: float) -> str:
    cells: list[Any] = [sql, f"{alone.cpu_ms:.1f}"]
    cells += [f"{took.at(share):.1f}" for took in (alone, crowd) for share in (50, 95)]
    cells += [f"{alone.size:,}", f"{alone.cpu_ms / floor:.1f}" if floor else "–"]
    failed = alone.failed + crowd.failed
    return ("{:<12}" + "{:>12}" * 8).format(ask.name, *cells) + (f"   {failed} answers went wrong" if failed else "")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


main()
