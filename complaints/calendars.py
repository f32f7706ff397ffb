"""
Verbs of work calendars: add one, publish a new version, and reckon open clocks by it (DOMAIN §3.1 (14)).

A version is never edited. Once a newer one is there, every clock that is neither decided nor missed is owed a new
reckoning; its row says so itself, so that no message can be lost.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

import audit
from complaints import clocks
from complaints.climbing import dated_due
from complaints.days import company_date
from complaints.gates import reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, SlaClock
from complaints.models.states import UNDECIDED
from worktime import measure
from worktime.calendars import BadInput, Calendar, Weekly, Window, zone_named
from worktime.days import Day, with_days, with_names, write_windows
from worktime.measure import Pause
from worktime.models import CalendarVersion, WorkCalendar
from worktime.public_days import PublicDays
from worktime.weeks import week_data, week_texts, with_week

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

STREAMS = uuid.UUID("5b1f6a0e-58a5-5d0a-9d0e-3f0a6f1c2b7d")
CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?", re.ASCII)
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
    newer = CalendarVersion.objects.filter(calendar=OuterRef("calendar"), version__gt=OuterRef("version"))
    rows = CalendarVersion.objects.select_related("calendar").filter(~Exists(newer))
    return list(rows.order_by("calendar__code"))


def drafted(
    base: CalendarVersion, year: int, days: Iterable[Day], *, coverage: str, source: str, at: datetime
) -> CalendarVersion:
    """Return the unsaved version after `base` in which the year has those days in place of all it had."""
    days = list(days)
    off, exceptions = with_days(base.off, base.exceptions, year, days)
    years = {**base.years, **({str(year): coverage} if coverage else {})}
    names = with_names(base.names, year, days)
    return _after(base, at, off=off, exceptions=exceptions, names=names, years=years, source=source)


def drafted_hours(base: CalendarVersion, week: Weekly, *, since: date, source: str, at: datetime) -> CalendarVersion:
    """Return the unsaved version after `base` in which that week takes force on `since`."""
    return _after(base, at, weekly_from=with_week(base.weekly, base.weekly_from, since, week), source=source)


@transaction.atomic
def publish(
    base: CalendarVersion, year: int, days: Iterable[Day], *, coverage: str, source: str, by: User, at: datetime
) -> CalendarVersion:
    """
    Put a new version into force from today on; return it. Open clocks follow by `rereckon_owed`.

    coverage: what is known of the year (worktime.explain.COVERAGE).  source: where its days come from.

    Raises PermissionDenied; Refused calendar_days_elsewhere if a day is of another year, calendar_changed if `base` is
    not the newest any more, calendar_same if nothing changes; BadInput if no working time is left.
    """
    days = list(days)
    if strangers := [day.on for day in days if day.on.year != year]:
        raise Refused(reason("calendar_days_elsewhere", year=year, on=min(strangers)))
    _hold(base, by)
    version = drafted(base, year, days, coverage=coverage, source=source, at=at)
    changes = changes_of(base.as_calendar(), version.as_calendar(), year)
    if same(base, version, changes):
        raise Refused(reason("calendar_same"))
    facts = {
        "year": year, "coverage": coverage, "names": names_changed(base, version),
        "days": [[change.on, write_windows(change.before), write_windows(change.after)] for change in changes],
    }  # fmt: skip
    return _published(version, "calendar.published", facts, by=by, at=at)


@transaction.atomic
def publish_hours(
    base: CalendarVersion, week: Weekly, *, since: date, source: str, by: User, at: datetime
) -> CalendarVersion:
    """
    Put a new version into force with other weekly hours from the local date `since` on; return it.

    Days before `since` keep their hours, and so do those from the next date for which a change was planned before.
    Open clocks follow by `rereckon_owed`.

    Raises PermissionDenied; Refused hours_past if `since` is over in the calendar's zone, calendar_changed,
    calendar_same; BadInput calendar_without_windows if the week has no working time, and as worktime.calendars does.
    """
    if not any(week.values()):
        raise BadInput("calendar_without_windows", calendar=base.code)
    _hold(base, by)
    before = base.as_calendar()
    if since < before.local_date(at):
        raise Refused(reason("hours_past", since=since, today=before.local_date(at)))
    version = drafted_hours(base, week, since=since, source=source, at=at)
    if same(base, version, ()):
        raise Refused(reason("calendar_same"))
    facts = {"since": since, "before": week_texts(before.week_of(since)), "after": week_texts(week)}
    return _published(version, "calendar.published", facts, by=by, at=at)


@transaction.atomic
def add(
    code: str, *, name: str, zone: str, week: Weekly, country: str = "", description: str = "",
    years: Iterable[PublicDays] = (), source: str = "", by: User, at: datetime,
) -> CalendarVersion:  # fmt: skip
    """
    Add a calendar with its first version, in force from today on; return that.

    code: for ever, like the zone.  years: the public holidays to begin with.

    Raises PermissionDenied; Refused calendar_code_malformed, calendar_code_taken; BadInput zone_unknown,
    calendar_without_windows, and as worktime.calendars does.
    """
    if not by.may("calendars.manage"):
        raise PermissionDenied
    if not CODE.fullmatch(code):
        raise Refused(reason("calendar_code_malformed"))
    if WorkCalendar.objects.select_for_update().filter(code__iexact=code).exists():
        raise Refused(reason("calendar_code_taken", calendar=code))
    if not any(week.values()):
        raise BadInput("calendar_without_windows", calendar=code)
    zone_named(zone)
    calendar = _created(code, name=name, zone=zone, country=country, description=description, created_at=at)
    version = CalendarVersion(
        calendar=calendar, version=1, effective_from=company_date(at), weekly=week_data(week), source=source
    )  # fmt: skip
    for known in years:
        version.off, version.exceptions = with_days(version.off, version.exceptions, known.year, known.days)
        version.names = with_names(version.names, known.year, known.days)
        version.years[str(known.year)] = known.coverage
    facts = {"zone": zone, "country": country, "years": version.years}
    return _published(version, "calendar.added", facts, by=by, at=at)


@transaction.atomic
def describe(
    calendar: WorkCalendar, *, name: str, country: str, description: str, by: User, at: datetime
) -> WorkCalendar:
    """Give it another name, country or description; return it. Raises PermissionDenied; Refused calendar_same."""
    if not by.may("calendars.manage"):
        raise PermissionDenied
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    if (calendar.name, calendar.country, calendar.description) == (name, country, description):
        raise Refused(reason("calendar_same"))
    calendar.name, calendar.country, calendar.description = name, country, description
    calendar.save()
    facts, private = {"calendar": calendar.code, "country": country}, {"name": name, "description": description}
    audit.record(
        "calendar", stream_of(calendar), "calendar.described", by=by, at=at, facts=facts, private=private
    )  # fmt: skip
    return calendar


def same(base: CalendarVersion, version: CalendarVersion, changes: Sequence[Change]) -> bool:
    """Tell whether a version says what `base` says; `changes` are the dates whose working time differs."""
    return not changes and all(
        getattr(base, name) == getattr(version, name) for name in ("weekly_from", "years", "names")
    )


def _hold(base: CalendarVersion, by: User) -> None:
    """Lock the calendar. Raises PermissionDenied; Refused calendar_changed if `base` is not its newest version."""
    if not by.may("calendars.manage"):
        raise PermissionDenied
    calendar = WorkCalendar.objects.select_for_update().get(pk=base.calendar_id)
    if WorkCalendar.objects.current(calendar.code).pk != base.pk:
        raise Refused(reason("calendar_changed"))


def _after(base: CalendarVersion, at: datetime, **parts: Any) -> CalendarVersion:
    """Return the unsaved version after `base` with other `parts`."""
    kept = {name: getattr(base, name) for name in ("weekly", "weekly_from", "off", "exceptions", "names", "years")}
    version = {"version": base.version + 1, "effective_from": company_date(at)}
    return CalendarVersion(calendar=base.calendar, **{**kept, **version, **parts})


def _created(code: str, **fields: Any) -> WorkCalendar:
    try:
        with transaction.atomic():
            return WorkCalendar.objects.create(code=code, **fields)
    except IntegrityError as error:
        raise Refused(reason("calendar_code_taken", calendar=code)) from error


def _published(
    version: CalendarVersion, kind: str, facts: dict[str, Any], *, by: User, at: datetime
) -> CalendarVersion:  # fmt: skip
    version.created_at = at
    version.save()
    calendar = version.calendar
    facts = {
        "calendar": calendar.code, "version": version.version, "effective_from": version.effective_from, **facts
    }  # fmt: skip
    audit.record("calendar", stream_of(calendar), kind, by=by, at=at, facts=facts)
    return version


def names_changed(base: CalendarVersion, version: CalendarVersion) -> int:
    """Return how many dates are called otherwise."""
    return sum(base.names.get(on) != version.names.get(on) for on in base.names | version.names)


def stream_of(calendar: WorkCalendar) -> uuid.UUID:
    """Return the stream of a calendar's events: made of its code, which never changes."""
    return uuid.uuid5(STREAMS, calendar.code)


def changes_of(before: Calendar, after: Calendar, year: int) -> list[Change]:
    """Return the dates of a year whose working time differs."""
    first = date(year, 1, 1)
    days = [first + ONE_DAY * n for n in range((date(year, 12, 31) - first).days + 1)]
    found = [Change(on, before.wall_windows(on), after.wall_windows(on)) for on in days]
    return [change for change in found if change.before != change.after]


def open_clocks() -> dict[int, int]:
    """Return how many clocks that are not decided count by each calendar, by its key."""
    rows = SlaClock.objects.filter(state__in=UNDECIDED).exclude(calendar_version=None)
    counted = rows.values("calendar_version__calendar").annotate(n=Count("pk")).order_by("calendar_version__calendar")
    return {row["calendar_version__calendar"]: row["n"] for row in counted}


def impact(base: CalendarVersion, after: Calendar, *, now: datetime) -> Impact:
    """Return which open clocks would move and from when to when, the furthest first."""
    rows = _followers(base.calendar).select_related("complaint__customer").prefetch_related("pauses")
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
        state__in=UNDECIDED, breached_at=None, calendar_version__calendar=calendar
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
    if clock.days:
        return _regraded(clock, dated_due(clock, clock.complaint, calendar), now)
    assert clock.target_minutes is not None  # it counts working time
    waits = [Pause(pause.started_at, pause.ended_at) for pause in clock.pauses.all()] if clock.pausable else []
    minutes = clock.target_minutes + clock.grace_minutes
    return _regraded(clock, measure.due(clock.started_at, minutes, calendar=calendar, pauses=waits), now)


def _regraded(clock: SlaClock, new: datetime | None, now: datetime) -> datetime | None:
    if clock.due_at is None or new is None:
        return new
    return measure.regraded(clock.due_at, new, now, upgrade=new < clock.due_at).due
