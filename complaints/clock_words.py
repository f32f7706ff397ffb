"""
A clock in words, for lists and panels (UX §4.6). Reads nothing but the rows it is given.

Rows come with `calendar_version__calendar` selected (clock_queries.with_clocks does); `why` also asks for the pauses of
a clock that may be paused, prefetched where there are many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from complaints.ladder import AT_RISK_LEVEL
from complaints.models import SlaClock
from complaints.models.states import UNDECIDED, Basis, ClockState, Metric, PauseReason
from worktime import measure
from worktime.calendars import Calendar, windows
from worktime.explain import Line, explain_due, explain_rest, warnings_for
from worktime.measure import Pause
from worktime.models import CalendarVersion
from worktime.words import NAMES, say, say_instant

RISK, CRITICAL = 25, 10  # per cent of the target left
DAY = 24 * 3600
DATED_RISK, DATED_CRITICAL = DAY, DAY * CRITICAL // RISK  # of a clock that runs by date and has no target
PLAIN_RISK, PLAIN_CRITICAL = 600, 300  # seconds left of a step of an incident
UNITS = ((DAY, gettext_lazy("{n} d")), (3600, gettext_lazy("{n} h")), (60, gettext_lazy("{n} m")))
WEEKDAYS = (  # Django's own Chinese is the long form
    pgettext_lazy("weekday, short", "Mon"),
    pgettext_lazy("weekday, short", "Tue"),
    pgettext_lazy("weekday, short", "Wed"),
    pgettext_lazy("weekday, short", "Thu"),
    pgettext_lazy("weekday, short", "Fri"),
    pgettext_lazy("weekday, short", "Sat"),
    pgettext_lazy("weekday, short", "Sun"),
)
DATES = {"en": ("j M H:i", "j M Y H:i"), "zh-hans": ("m-d H:i", "Y-m-d H:i")}
DAYS = {
    "day": lambda n: ngettext(
        "{n} day after the day of {start}, moved to a working day: due by {due}.",
        "{n} days after the day of {start}, moved to a working day: due by {due}.",
        n,
    ),
    "workday": lambda n: ngettext(
        "{n} working day after the day of {start}: due by {due}.",
        "{n} working days after the day of {start}: due by {due}.",
        n,
    ),
}
WAITS: dict[str, Promise] = {
    PauseReason.WAITING_CUSTOMER_INFO: gettext_lazy("waiting for the customer since {when}"),
    PauseReason.WAITING_SAMPLE: gettext_lazy("waiting for the sample since {when}"),
    PauseReason.WAITING_SITE_ACCESS: gettext_lazy("waiting for access to the site since {when}"),
    PauseReason.WAITING_CUSTOMER_DECISION: gettext_lazy("waiting for the customer’s decision since {when}"),
    PauseReason.FORCE_MAJEURE: gettext_lazy("force majeure since {when}"),
    PauseReason.DISPUTE: gettext_lazy("in dispute since {when}"),
}


@dataclass(frozen=True)
class ShownClock:
    """
    What a clock shows at one moment, ready for _clock.html and _dial.html; seconds are whole.

    state: running, risk, critical, over, paused, met, late or hidden.  left: seconds of the clock's own measure, minus
    those over; None where it does not tick.  runs: seconds until its working window closes, None round the clock.
    risk_at, critical_at: at how many seconds left it becomes so.  used: share of the target, 0–100, None if paused.
    """

    state: str
    name: str
    words: str
    note: str = ""
    when: str = ""  # the due instant in short, in the reader's zone
    due: datetime | None = None
    used: int | None = None
    left: int | None = None
    runs: int | None = None
    runs_until: datetime | None = None
    risk_at: int | None = None
    critical_at: int | None = None


def shown(clock: SlaClock, now: datetime, *, zone: str | ZoneInfo) -> ShownClock:
    """Return how the clock stands at `now`, in the active language and in the reader's zone."""
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    name = str(Metric(clock.metric).label)
    if clock.state == ClockState.CANCELLED:
        return ShownClock("hidden", name, "")
    if clock.state == ClockState.STOPPED:
        return _decided(clock, name, now, zone)
    if clock.due_at and (clock.breached_at or measure.seconds(clock.due_at) < measure.seconds(now)):
        return _over(clock, clock.due_at, name, now, zone)
    if clock.state == ClockState.PAUSED:
        return _paused(clock, name, now, zone)
    assert clock.due_at is not None  # a running clock has one
    return _running(clock, clock.due_at, name, now, zone)


def plain(name: str, due: datetime, now: datetime, zone: ZoneInfo) -> ShownClock:
    """Return how something stands that is due round the clock and is no clock of the SLA, such as a step of a plan."""
    left, when = _seconds(due - now), short(due, now, zone)
    if left < 0:
        words, note = _("{time} over").format(time=spell(-left)), _("was due {when}").format(when=when)
        return ShownClock("over", name, words, note, when, due, used=100, left=left)
    state = "critical" if left < PLAIN_CRITICAL else "risk" if left < PLAIN_RISK else "running"
    words = when if state == "running" else _("{time} left").format(time=spell(left))
    return ShownClock(state, name, words, _("due {when}").format(when=when), when, due, left=left,
                      risk_at=PLAIN_RISK, critical_at=PLAIN_CRITICAL)  # fmt: skip


def why(clock: SlaClock, now: datetime, *, zone: str | ZoneInfo) -> str:
    """Return in one sentence why the deadline is when it is, with its offset."""
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    if clock.target_minutes is None:
        due = say_instant(clock.due_at, zone) if clock.due_at else ""
        if clock.days is None:
            return _("Set for a date: due by {due}.").format(due=due)
        return str(DAYS[clock.day_unit](clock.days)).format(
            n=clock.days, start=say_instant(clock.started_at, zone), due=due
        )
    line = _line(clock, now)
    sentence = say(line, zone)
    for rest in explain_rest(line, clock.working_time):
        sentence = _("{sentence} {more}").format(sentence=sentence, more=say(rest, zone))
    if not clock.grace_minutes or clock.due_at is None:
        return sentence
    return _("{sentence} The target was tightened on the way, which left until {due}.").format(
        sentence=sentence, due=say_instant(clock.due_at, zone)
    )


def warnings(clock: SlaClock, *, dated_by: CalendarVersion | None = None) -> list[str]:
    """
    Return what a reader must know about the years that a clock which is not decided runs through, to its due instant:
    nothing where their days off are decreed (DOMAIN §3.1 (7)).

    dated_by: the calendar that a clock by date was dated by, such as a return visit's: its row names none.
    """
    version = clock.calendar_version or (dated_by if clock.basis == Basis.DATE else None)
    if version is None or clock.due_at is None or clock.state not in UNDECIDED:
        return []
    zone = ZoneInfo(version.calendar.zone)
    first, last = (instant.astimezone(zone).year for instant in (clock.started_at, clock.due_at))
    return [say(line, zone) for year in range(first, last + 1) for line in warnings_for(version, year)]


def spell(seconds: int, *, days: bool = True) -> str:
    """Return a span in at most two units, begun minutes dropped (1 d 4 h, 2 h 10 m, 48 m), as clock.js does."""
    return " ".join(_parts(seconds, UNITS if days else UNITS[1:])) or str(UNITS[-1][1]).format(n=0)


def short(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as short as its distance allows: 15:20, Thu 17:00, 18 May 09:00, with the year if another."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    time = local.strftime("%H:%M")
    if local.date() == today.date():
        return time
    if abs(local.date() - today.date()) < timedelta(days=7):
        return _("{weekday} {time}").format(weekday=WEEKDAYS[local.weekday()], time=time)
    same_year, other_year = DATES.get(translation.get_language() or "en", DATES["en"])
    return formats.date_format(local, same_year if local.year == today.year else other_year)


def _running(clock: SlaClock, due: datetime, name: str, now: datetime, zone: ZoneInfo) -> ShownClock:
    calendar = clock.working_time
    whole = clock.target_minutes * 60 if clock.target_minutes else max(1, _seconds(due - clock.started_at))
    left = measure.elapsed(now, due, calendar=calendar)
    risk_at, critical_at = (
        (whole * RISK // 100, whole * CRITICAL // 100) if clock.target_minutes else (DATED_RISK, DATED_CRITICAL)
    )
    near = left <= risk_at or clock.level >= AT_RISK_LEVEL  # as clock_queries.near counts it
    state = "critical" if left <= critical_at else "risk" if near else "running"
    when = short(due, now, zone)
    until, runs = _window(calendar, now)
    ticks = calendar is None or left < DAY  # days of working time are not days: they are spelt in hours, and stand
    return ShownClock(
        state,
        name,
        when if state == "running" else _("{time} left").format(time=spell(left, days=calendar is None)),
        note=_note(state, when, calendar),
        when=when,
        due=due,
        used=max(0, min(100, 100 - left * 100 // whole)),
        left=left if ticks else None,
        runs=runs,
        runs_until=until,
        risk_at=risk_at,
        critical_at=critical_at,
    )


def _note(state: str, when: str, calendar: Calendar | None) -> str:
    """Return what the words leave out: those of a calm clock are its instant, those of a near one what is left."""
    if state == "running":
        return _("working time") if calendar else ""
    return _("working time, due {when}").format(when=when) if calendar else _("due {when}").format(when=when)


def _over(clock: SlaClock, due: datetime, name: str, now: datetime, zone: ZoneInfo) -> ShownClock:
    """Say how long it is over in plain time, which grows even while nobody works."""
    late = _seconds(now - due)
    words = _("{time} over").format(time=spell(late))
    when = short(due, now, zone)
    ticks = clock.state == ClockState.RUNNING
    note = _("was due {when}").format(when=when)
    return ShownClock("over", name, words, note, when, due, used=100, left=-late if ticks else None)


def _paused(clock: SlaClock, name: str, now: datetime, zone: ZoneInfo) -> ShownClock:
    since = short(clock.waiting_since, now, zone) if clock.waiting_since else ""
    return ShownClock("paused", name, _("paused"), str(WAITS[clock.waiting_for]).format(when=since))


def _decided(clock: SlaClock, name: str, now: datetime, zone: ZoneInfo) -> ShownClock:
    assert clock.stopped_at is not None
    assert clock.due_at is not None
    when = short(clock.due_at, now, zone)
    late = _seconds(clock.stopped_at - clock.due_at)
    note = _("was due {when}").format(when=when)
    if clock.breached_at:
        return ShownClock("late", name, _("{time} late").format(time=spell(late)), note, when, clock.due_at)
    return ShownClock("met", name, _("met, {time} early").format(time=spell(-late)), note, when, clock.due_at)


def _window(calendar: Calendar | None, now: datetime) -> tuple[datetime | None, int | None]:
    """Return when the working window that holds `now` closes, and in how many seconds; 0 while nobody works."""
    if calendar is None:
        return None, None
    for start, end in windows(calendar, calendar.local_date(now)):
        if start <= now < end:
            return end, _seconds(end - now)
    return None, 0


def _parts(seconds: int, units: tuple[tuple[int, Promise], ...]) -> Iterator[str]:
    rest = abs(seconds)
    found = 0
    for size, form in units:
        n, rest = divmod(rest, size)
        found += bool(n) or bool(found)
        if n and found <= 2:
            yield str(form).format(n=n)


def _line(clock: SlaClock, now: datetime) -> Line:
    assert clock.target_minutes is not None
    pauses = [Pause(pause.started_at, pause.ended_at) for pause in clock.pauses.all()] if clock.pausable else ()
    calendar = clock.working_time
    line = explain_due(
        clock.started_at,
        clock.target_minutes,
        calendar=calendar,
        pauses=pauses,
        pausable=clock.pausable,
        now=now,
    )
    if clock.calendar_version is None:
        return line
    name = clock.calendar_version.calendar.name
    return Line(line.code, {**line.params, "calendar": str(NAMES.get(name, name))})


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
