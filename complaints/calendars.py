"""
Verbs of work calendars: publish a new version, and reckon open clocks by it (DOMAIN §3.1 (14)).

A version is never edited. Once a newer one is there, every clock that is neither decided nor missed is owed a new
reckoning; its row says so itself, so that no message can be lost.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet

import audit
from complaints import clocks
from complaints.days import company_date
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, SlaClock
from complaints.models.states import UNDECIDED, Basis
from worktime import measure
from worktime.calendars import Calendar, Window
from worktime.days import Day, with_days, write_windows
from worktime.measure import Pause
from worktime.models import CalendarVersion, WorkCalendar

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

STREAMS = uuid.UUID("5b1f6a0e-58a5-5d0a-9d0e-3f0a6f1c2b7d")
ONE_DAY = timedelta(days=1)


class Change(NamedTuple):
    """A date whose working time another version changes."""

    on: date
    before: tuple[Window, ...]
    after: tuple[Window, ...]


class Moved(NamedTuple):
    """An open clock whose due instant another version changes."""

    ref: str
    metric: str
    before: datetime
    after: datetime


class Impact(NamedTuple):
    """What a version would do: clocks it looks at, those that wait and are reckoned later, those that move."""

    open: int
    waiting: int
    moved: list[Moved]


def newest() -> list[CalendarVersion]:
    """Return the newest version of each calendar, by code."""
    last = WorkCalendar.objects.annotate(last=Max("versions__version")).exclude(last=None)
    numbers = dict(last.values_list("pk", "last"))
    rows = CalendarVersion.objects.select_related("calendar").filter(calendar__in=numbers)
    return [row for row in rows.order_by("calendar__code", "version") if row.version == numbers[row.calendar_id]]


def drafted(
    base: CalendarVersion, year: int, days: Iterable[Day], *, coverage: str, source: str, at: datetime
) -> CalendarVersion:
    """Return the unsaved version after `base` in which the year has those days in place of all it had."""
    off, exceptions = with_days(base.off, base.exceptions, year, days)
    return CalendarVersion(
        calendar=base.calendar, version=base.version + 1, effective_from=company_date(at), weekly=base.weekly, off=off,
        exceptions=exceptions, years={**base.years, **({str(year): coverage} if coverage else {})}, source=source,
    )  # fmt: skip


@transaction.atomic
def publish(
    base: CalendarVersion, year: int, days: Iterable[Day], *, coverage: str, source: str, by: User, at: datetime
) -> CalendarVersion:
    """
    Put a new version into force from today on; return it. Open clocks follow by `rereckon_owed`.

    coverage: what is known of the year (worktime.explain.COVERAGE).  source: where its days come from.

    Raises PermissionDenied; Refused calendar_changed if `base` is not the newest any more, calendar_same if nothing
    changes; BadInput if no working time is left.
    """
    if not by.may("calendars.manage"):
        raise PermissionDenied
    calendar = WorkCalendar.objects.select_for_update().get(pk=base.calendar_id)
    if WorkCalendar.objects.current(calendar.code).pk != base.pk:
        raise Refused(reason("calendar_changed"))
    version = drafted(base, year, days, coverage=coverage, source=source, at=at)
    changes = changes_of(base.as_calendar(), version.as_calendar(), year)
    if not changes and version.years == base.years:
        raise Refused(reason("calendar_same"))
    version.save()
    facts = {
        "calendar": calendar.code, "version": version.version, "year": year, "coverage": coverage,
        "effective_from": version.effective_from,
        "days": [[change.on, write_windows(change.before), write_windows(change.after)] for change in changes],
    }  # fmt: skip
    audit.record("calendar", stream_of(calendar), "calendar.published", by=by, at=at, facts=facts)
    return version


def stream_of(calendar: WorkCalendar) -> uuid.UUID:
    """Return the stream of a calendar's events: made of its code, which never changes."""
    return uuid.uuid5(STREAMS, calendar.code)


def changes_of(before: Calendar, after: Calendar, year: int) -> list[Change]:
    """Return the dates of a year whose working time differs."""
    first = date(year, 1, 1)
    days = [first + ONE_DAY * n for n in range((date(year, 12, 31) - first).days + 1)]
    found = [Change(on, before.wall_windows(on), after.wall_windows(on)) for on in days]
    return [change for change in found if change.before != change.after]


def impact(base: CalendarVersion, after: Calendar, *, now: datetime) -> Impact:
    """Return which open clocks would move and from when to when, the furthest first."""
    rows = _followers(base.calendar).select_related("complaint").prefetch_related("pauses")
    count, waiting, moved = 0, 0, []
    for clock in rows.order_by("pk").iterator(chunk_size=500):
        count += 1
        waiting += clock.due_at is None
        due = _due(clock, after, now)
        if clock.due_at and due and due != clock.due_at:
            moved.append(Moved(clock.complaint.ref or "", clock.metric, clock.due_at, due))
    return Impact(count, waiting, sorted(moved, key=lambda one: (-abs(one.after - one.before), one.ref, one.metric)))


def rereckon_owed(*, now: datetime) -> int:
    """Reckon every open clock by the newest version of its calendar, case by case; return how many cases had one."""
    return sum(_rereckoned(pk, version, now) for version in newest() for pk in _owed(version))


def _followers(calendar: WorkCalendar) -> QuerySet[SlaClock]:
    """Return the clocks that follow a calendar: neither decided nor missed."""
    return SlaClock.objects.filter(
        state__in=UNDECIDED, basis=Basis.BUSINESS, breached_at=None, calendar_version__calendar=calendar
    )  # fmt: skip


def _owed(version: CalendarVersion) -> list[int]:
    behind = _followers(version.calendar).filter(calendar_version__version__lt=version.version)
    return list(behind.order_by("complaint").values_list("complaint", flat=True).distinct())


def _rereckoned(pk: int, version: CalendarVersion, now: datetime) -> bool:
    """Reckon the clocks of one case; a case that fails never delays the rest."""
    try:
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=pk)
            clocks.rereckon(complaint, version=version, at=now)
    except Exception:
        log.exception("The clocks of case %s could not be reckoned by %s.", pk, version)
        return False
    return True


def _due(clock: SlaClock, calendar: Calendar, now: datetime) -> datetime | None:
    """Return when the clock would be due by that calendar; a tighter instant leaves two hours, as clocks.rereckon."""
    assert clock.target_minutes is not None  # it counts working time
    waits = [Pause(pause.started_at, pause.ended_at) for pause in clock.pauses.all()] if clock.pausable else []
    minutes = clock.target_minutes + clock.grace_minutes
    new = measure.due(clock.started_at, minutes, calendar=calendar, pauses=waits)
    if clock.due_at is None or new is None:
        return new
    return measure.regraded(clock.due_at, new, now, upgrade=new < clock.due_at).due
