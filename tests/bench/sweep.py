"""
Measure the sweep: how long a look takes that finds nothing among many open clocks, and ten thousand due at once.

bin/bench sweep [--clocks N] [--postgres] [--sweeps N] [--due N]

Everything is made in a database of its own, which is gone afterwards. Nothing is judged but the plan of the query that
claims what is due: it must use the partial index, whatever the number of clocks.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from tests.servers import start_own_postgres

INDEX = "sla_clock_due"
CLOCKS = {"postgresql": 1_000_000, "sqlite": 200_000}
FAR = 30 * 86400  # seconds until the first of the clocks that are not due
ROW = "{:<44}{:>14}"


def main() -> None:
    options = arguments()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="redress-bench-"))
        os.environ |= {"REDRESS_MODE": "demo", "REDRESS_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        if options.postgres:
            os.environ["REDRESS_DATABASE_URL"] = stack.enter_context(start_own_postgres())[0]
        import django

        django.setup()
        from django.conf import settings

        if options.postgres:  # building takes longer than a page may
            settings.DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=0"
        measure(options)
        from django.db import connections

        connections.close_all()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench sweep", description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--clocks", type=int, help="how many are open (1,000,000 on PostgreSQL, 200,000 on SQLite)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--sweeps", type=int, default=400, help="how often nothing is found (400)")
    parser.add_argument("--due", type=int, default=10_000, help="how many fall due at once (10,000)")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> None:
    """Build, look, let them fall due; print a table."""
    from django.db import connection

    clocks = options.clocks or CLOCKS[connection.vendor]
    say(f"Building {clocks:,} open clocks on {connection.vendor}")
    begun = time.perf_counter()
    build(clocks)
    say(f"  in {time.perf_counter() - begun:.0f} s")
    line("open clocks", f"{clocks:,}")
    line("load average at the start", f"{os.getloadavg()[0]:.1f}")
    empty_sweeps(options.sweeps)
    plan()
    herd(min(options.due, clocks))
    line("load average at the end", f"{os.getloadavg()[0]:.1f}")


def build(clocks: int) -> None:
    """Write one case with one clock, and copy it in the database itself."""
    from django.db import connection

    from audit.canonical import START
    from complaints.models import Complaint, SlaClock
    from tests.faults.stock import stock
    from tests.processes import seed

    seed.people()
    stock(1, FAR)
    case, clock = Complaint.objects.get(), SlaClock.objects.get()
    postgres = connection.vendor == "postgresql"
    numbers = (
        f"generate_series(2, {clocks}) AS n(n)" if postgres
        else f"(WITH RECURSIVE n(n) AS (VALUES (2) UNION ALL SELECT n + 1 FROM n WHERE n < {clocks}) SELECT n FROM n) n"
    )  # fmt: skip
    later = (
        "k.{} + c.id * interval '1 second'" if postgres
        else "strftime('%Y-%m-%d %H:%M:%f', k.{}, '+' || c.id || ' seconds')"
    )  # fmt: skip
    with connection.cursor() as cursor:
        own = {
            "uuid": "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))",
            "ref": "'QC-2025-' || (1000000 + n.n)",
        }
        _copy(cursor, case, "k", own, f"{case._meta.db_table} k, {numbers}", "")
        own = {"complaint_id": "c.id", "next_at": later.format("next_at"), "due_at": later.format("due_at")}
        tables = f"{clock._meta.db_table} k, {case._meta.db_table} c"
        _copy(cursor, clock, "k", own, tables, f"AND c.id <> {case.pk}")
        heads = f"SELECT 'case', c.uuid, 0, '{START}' FROM {case._meta.db_table} c WHERE true"  # each case has a trail
        cursor.execute(f"INSERT INTO audit_streamhead (stream_kind, stream, seq, hash) {heads} ON CONFLICT DO NOTHING")
        cursor.execute("VACUUM ANALYZE" if postgres else "ANALYZE")


def _copy(cursor: Any, row: Any, alias: str, own: dict[str, str], tables: str, which: str) -> None:
    """Insert a copy of that row for each row of the tables, with some columns of their own."""
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = [own.get(column, f'{alias}."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    sql = f"INSERT INTO {row._meta.db_table} ({names}) SELECT {', '.join(values)} FROM {tables}"
    cursor.execute(f"{sql} WHERE {alias}.id = {row.pk} {which}")


def empty_sweeps(times: int) -> None:
    """Sweep so often while nothing is due."""
    from complaints.sweeping import sweep

    took = []
    for _once in range(times + 5):
        begun = time.perf_counter()
        found = sweep(now=datetime.now(UTC))
        took.append(1000 * (time.perf_counter() - begun))
        assert found.count == 0, found
    ranked = sorted(took[5:])
    line(f"a sweep that finds nothing, p50 of {times}", f"{ranked[len(ranked) // 2]:.1f} ms")
    line("… p99", f"{ranked[-(-len(ranked) * 99 // 100) - 1]:.1f} ms")


def plan() -> None:
    """Say how the database looks for what is due. Stops with a sentence if it does not use the partial index."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from complaints.sweeping import sweep

    with CaptureQueriesContext(connection) as log:
        sweep(now=datetime.now(UTC))
    looks = [
        query["sql"] for query in log if "complaints_slaclock" in query["sql"] and query["sql"].startswith("SELECT")
    ]
    for look in looks:
        steps = _explained(connection, look)
        if INDEX not in "\n".join(steps):
            sys.exit("The claim does not use the index " + INDEX + ":\n" + "\n".join(steps))
        buffers = next((step.strip() for step in steps if "Buffers:" in step), "")
        line("plan of the claim", INDEX)
        if buffers:
            line("… " + buffers.partition(" (")[0], "")


def _explained(connection: Any, sql: str) -> list[str]:
    how = "EXPLAIN (ANALYZE, BUFFERS)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def herd(due: int) -> None:
    """Let so many fall due in the same second, for one process and for two; climb them, then tell of them."""
    for processes in (1, 2):
        first = fall_due(due, processes - 1)
        begun = time.perf_counter()
        climbed, told = _climb_and_tell(processes, begun)
        check(due, first)
        who = f"{due:,} due at once, {processes} process{'es' if processes > 1 else ''}"
        if processes == 1:  # of two, either may find all that is left held by the other, and go on to tell
            line(f"{who}: all climbed", f"{climbed:.1f} s")
            line("… a second", f"{due / climbed:,.0f}")
        line(f"{who}: and told", f"{told:.1f} s")


def fall_due(due: int, offset: int) -> int:
    """Let the next so many clocks fall due now; return the key of the last event before."""
    from django.db.models import Max

    from audit.models import Event
    from complaints.models import SlaClock

    now = datetime.now(UTC)
    keys = SlaClock.objects.order_by("pk").values("pk")[offset * due : (offset + 1) * due]
    SlaClock.objects.filter(pk__in=keys).update(
        next_at=now, due_at=now, steps=[["breached", now.replace(microsecond=0).isoformat()]]
    )
    time.sleep(1.1)
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _climb_and_tell(processes: int, begun: float) -> tuple[float, float]:
    """Sweep and tell in this process and in so many less one beside it; return when all was climbed and all told."""
    from django.db import connection

    connection.close()
    beside = [multiprocessing.get_context("fork").Process(target=_work) for _ in range(processes - 1)]
    for process in beside:
        process.start()
    climbed = _work() - begun
    for process in beside:
        process.join()
    return climbed, time.perf_counter() - begun


def _work() -> float:
    """Climb until nothing is due, then tell until nothing waits; return when nothing was due any more."""
    from complaints.sweeping import sweep_all
    from notifications.fanout import fan_out_all

    sweep_all(now=datetime.now(UTC))
    climbed = time.perf_counter()
    fan_out_all(datetime.now(UTC))
    return climbed


def check(due: int, first: int) -> None:
    """Each was climbed once and told of once."""
    from audit.models import Event
    from notifications.models import Delivery

    events = Event.objects.filter(kind="sla.breached", pk__gt=first)
    assert (events.count(), Delivery.objects.filter(event__in=events).count()) == (due, due)


def line(what: str, figure: str) -> None:
    print(ROW.format(what, figure), flush=True)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
