"""The sweep: find the clocks whose next instant has come, and climb. The rows are the truth; any number may run."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

import audit
from audit.failpoints import reach
from complaints.climbing import Turn, climb, held, rise, write, write_risen
from complaints.models import Complaint, SlaClock
from complaints.models.states import UNDECIDED
from worktime.models import WorkCalendar

log = logging.getLogger(__name__)

BATCH = 200
SECOND_BATCH = 20  # of rows that were in a batch that failed or whose sweeper died
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


def sweep(*, now: datetime, limit: int = BATCH) -> Swept:
    """
    Climb what has come by `now`, at most `limit` clocks: first those never tried, the longest overdue first.

    These climb together in one transaction. If that fails, or somebody holds a case, each climbs in a transaction of
    its own. A try is counted when a row is claimed, so that a row that kills its sweeper counts too; it comes back
    after a backoff, in fewer company, then alone, and is left alone after TRIES. So a bad row delays others by seconds.
    """
    count = failed = latest = 0
    while count + failed < limit:
        claimed = _claim(now, min(BATCH, limit - count - failed))
        if not claimed:
            break
        late = _together(claimed, now) if len(claimed) > 1 else {}
        seen = [late[pk] if pk in late else _one(pk, now) for pk in claimed]
        failed += seen.count(None)
        count += len(seen) - seen.count(None)
        latest = max(latest, *(seconds or 0 for seconds in seen))
    _tell_given_up(Q(retry_at__lte=now), now)
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
    """
    Return for how many seconds the oldest clock that is due has waited for a sweep, 0 if none is due.

    One that failed waits for its next try; if that is past too, nobody sweeps.
    """
    ready = Q(attempts=0) | Q(attempts__lt=TRIES, retry_at__lte=now)
    due = SlaClock.objects.filter(ready, next_at__lte=now).order_by("next_at").values_list("next_at", flat=True)
    oldest = due.first()
    return int((now - oldest).total_seconds()) if oldest else 0


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[int]:
    """
    Count a try on the next rows and return their keys; rows and cases that somebody holds are passed over.

    Those tried before come in fewer company, then alone, so that one that kills its sweeper costs the others few tries.
    """
    held_too = SlaClock.objects.select_for_update(skip_locked=True, of=("self", "complaint"))
    known = held_too.select_related("complaint").only("attempts", "complaint__state")  # a case reads its state anyway
    due = known.filter(next_at__lte=now)
    claimed = list(due.filter(attempts=0).order_by("next_at", "pk")[:limit])
    if not claimed:
        again = due.filter(attempts__range=(1, TRIES - 1), retry_at__lte=now).order_by("attempts", "next_at", "pk")
        rows = list(again[: min(SECOND_BATCH, limit)])
        claimed = [clock for clock in rows if clock.attempts == 1] or rows[:1]
    keys = [clock.pk for clock in claimed]
    if keys:
        tried = SlaClock.objects.filter(pk__in=keys)
        tried.update(attempts=F("attempts") + 1, retry_at=now + _backoff(claimed[0].attempts + 1))
    return keys


def _backoff(attempts: int) -> timedelta:
    """Return how long to leave a row alone after so many tries: 1 s, 4 s, 16 s …"""
    return min(timedelta(seconds=4 ** (attempts - 1)), LONGEST_BACKOFF)


def _together(pks: Sequence[int], now: datetime) -> dict[int, int]:
    """Climb clocks in one transaction; return how many seconds late each was, nothing if all must be tried alone."""
    try:
        return _climb_together(pks, now)
    except Exception:
        log.warning("%s clocks could not be climbed together; each is climbed alone.", len(pks), exc_info=True)
        return {}


@transaction.atomic
def _climb_together(pks: Sequence[int], now: datetime) -> dict[int, int]:
    """Lock the cases, then the clocks, but wait for neither; climb those that we have."""
    owners = SlaClock.objects.filter(pk__in=pks).values("complaint")
    cases = Complaint.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=owners).order_by("pk")
    turns = {case.pk: Turn(case, now, None) for case in cases}
    if turns:
        company = WorkCalendar.objects.company()  # one for all, asked and read once
        calendar = company.as_calendar()
        for turn in turns.values():
            turn.version, turn.company = company, calendar
    rows = SlaClock.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=pks, complaint__in=turns)
    clocks = list(rows.filter(state__in=UNDECIDED).order_by("pk"))
    late = {clock.pk: _rise(turns[clock.complaint_id], clock, now) for clock in clocks}
    write_risen([*turns.values()], clocks)
    reach("sweep.before_commit")
    return late


def _rise(turn: Turn, clock: SlaClock, now: datetime) -> int:
    """Climb one of many; return how many seconds late, 0 if there was nothing to do any more."""
    reach("sweep.clock", clock.pk)
    due_at = clock.next_at or now
    return int((now - due_at).total_seconds()) if rise(turn, clock, turn.before) else 0


def _one(pk: int, now: datetime) -> int | None:
    """Climb one clock; return how many seconds late, 0 if there was nothing to do any more, None if it failed."""
    try:
        return _climb(pk, now)
    except Exception:
        log.exception("The clock %s could not be climbed.", pk)
        _tell_given_up(Q(pk=pk), now)
        return None


@transaction.atomic
def _climb(pk: int, now: datetime) -> int:
    """Lock case, then clock; look again whether it is due; climb."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(clocks__pk=pk)
    turn = Turn(complaint, now, None)
    late = 0
    clocks = held(complaint, pk=pk)
    for clock in clocks:
        reach("sweep.clock", pk)
        due_at = clock.next_at or now
        if climb(turn, clock, turn.before):
            late = int((now - due_at).total_seconds())
    write(turn, clocks)
    reach("sweep.before_commit")
    return late


def _tell_given_up(which: Q, now: datetime) -> None:
    """Leave a mark in the trail of each clock whose last try is over, also where its sweeper died of it; once."""
    over = stuck().filter(which, next_at__lte=now, retry_at__isnull=False).select_related("complaint")
    for clock in over.order_by("pk")[:BATCH]:
        with transaction.atomic():
            untold = SlaClock.objects.filter(pk=clock.pk, attempts=clock.attempts, retry_at__isnull=False)
            if not untold.update(retry_at=None):
                continue  # another sweeper was quicker
            facts = {"metric": clock.metric, "cycle": clock.cycle, "subject": clock.subject, "attempts": clock.attempts}
            audit.record("case", clock.complaint.uuid, "clock.stuck", by=None, at=now, facts=facts)
