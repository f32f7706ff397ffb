"""The sweep: find the clocks whose next instant has come, and climb. The rows are the truth; any number may run."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

import audit
from complaints.climbing import Turn, climb, held, write
from complaints.models import Complaint, SlaClock

log = logging.getLogger(__name__)

BATCH = 20
TRIES = 8  # then a person must look
LONGEST_BACKOFF = timedelta(minutes=10)
SKEW_TOLD, SKEW_REFUSED = timedelta(seconds=5), timedelta(seconds=60)


class ClockSkew(Exception):
    """This machine's clock and the database's differ so much that no deadline can be judged."""


@dataclass(frozen=True)
class Swept:
    """One pass: clocks climbed, clocks that failed, and how late the latest of those climbed was seen (seconds)."""

    count: int
    failed: int
    lateness_seconds: int


def sweep(*, now: datetime, limit: int = 200) -> Swept:
    """
    Climb what has come by `now`, the longest overdue first, at most `limit` clocks, each in a transaction of its own.

    A try is counted when a row is claimed, so that a row that kills its sweeper counts too; it comes back after a
    backoff, and is left alone after TRIES. Others never wait for it.
    """
    count = failed = latest = 0
    while count + failed < limit:
        claimed = _claim(now, min(BATCH, limit - count - failed))
        if not claimed:
            break
        for pk in claimed:
            late = _one(pk, now)
            failed += late is None
            count += late is not None
            latest = max(latest, late or 0)
    return Swept(count, failed, latest)


def trusted(now: datetime) -> datetime:
    """Return `now` if the database's clock agrees with it. Raises ClockSkew if they are more than a minute apart."""
    if connection.vendor != "postgresql":  # SQLite has no clock of its own
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - now)
    if apart > SKEW_REFUSED:
        raise ClockSkew(f"The clocks of this machine and of the database are {apart} apart; nothing was swept.")
    if apart > SKEW_TOLD:
        log.warning("The clocks of this machine and of the database are %s apart.", apart)
    return now


def sweep_all(*, now: datetime) -> Swept:
    """Sweep until nothing is left that has come by `now`."""
    count = failed = latest = 0
    while (swept := sweep(now=now)).count or swept.failed:
        count, failed, latest = count + swept.count, failed + swept.failed, max(latest, swept.lateness_seconds)
    return Swept(count, failed, latest)


def stuck() -> QuerySet[SlaClock]:
    """Return the clocks that the sweep has given up; any act on the clock frees it."""
    return SlaClock.objects.filter(next_at__isnull=False, attempts__gte=TRIES)


def lateness(*, now: datetime) -> int:
    """Return for how many seconds the oldest clock that is due has waited for a sweep, 0 if none is due."""
    due = SlaClock.objects.filter(next_at__lte=now, attempts=0).order_by("next_at").values_list("next_at", flat=True)
    oldest = due.first()
    return int((now - oldest).total_seconds()) if oldest else 0


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[int]:
    """Count a try on the next rows and return their keys; rows and cases that somebody holds are passed over."""
    ready = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = SlaClock.objects.select_for_update(skip_locked=True, of=("self", "complaint")).select_related("complaint")
    clocks = list(rows.filter(ready, next_at__lte=now, attempts__lt=TRIES).order_by("next_at", "pk")[:limit])
    for clock in clocks:
        clock.attempts += 1
        clock.retry_at = now + _backoff(clock)
    SlaClock.objects.bulk_update(clocks, ["attempts", "retry_at"])
    return [clock.pk for clock in clocks]


def _backoff(clock: SlaClock) -> timedelta:
    """Return 4 s, 8 s, 16 s …, spread by the row's key so that a herd does not come back together."""
    return min(timedelta(seconds=2 ** (clock.attempts + 1)), LONGEST_BACKOFF) + timedelta(milliseconds=clock.pk % 1000)


def _one(pk: int, now: datetime) -> int | None:
    """Climb one clock; return how many seconds late, 0 if there was nothing to do any more, None if it failed."""
    try:
        return _climb(pk, now)
    except Exception:
        log.exception("The clock %s could not be climbed.", pk)
        _left_alone(pk, now)
        return None


@transaction.atomic
def _climb(pk: int, now: datetime) -> int:
    """Lock case, then clock; look again whether it is due; climb."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(clocks__pk=pk)
    turn = Turn(complaint, now, None)
    late = 0
    clocks = held(complaint, pk=pk)
    for clock in clocks:
        due_at = clock.next_at or now
        if climb(turn, clock, turn.before):
            late = int((now - due_at).total_seconds())
    write(turn, clocks)
    return late


def _left_alone(pk: int, now: datetime) -> None:
    """Leave a mark in the trail once the last try has failed."""
    clock = SlaClock.objects.select_related("complaint").get(pk=pk)
    if clock.attempts < TRIES:
        return
    with transaction.atomic():
        facts = {"metric": clock.metric, "cycle": clock.cycle, "subject": clock.subject, "attempts": clock.attempts}
        audit.record("case", clock.complaint.uuid, "clock.stuck", by=None, at=now, facts=facts)
