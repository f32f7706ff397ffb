"""
Wall clocks and instants: what a local date and a wall time mean in a zone, DST nights included. Pure.

Inside this package an instant is a whole number of seconds since 1970 (UTC); outside it is an aware datetime in UTC.
Source: DOMAIN §3.1 (5).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
DAY_SECONDS = DAY_MINUTES * 60
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
MACHINES_OWN = ("localtime", "posixrules", "Factory")

Window = tuple[int, int]  # wall minutes since local midnight, half-open, 0 ≤ start < end ≤ 1440
Span = tuple[int, int]  # instants, half-open


class BadInput(ValueError):
    """What cannot be reckoned with: a stable `code` and the `params` of its sentence (worktime.words)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code

    def __reduce__(self) -> tuple[Any, ...]:
        return _refusal, (type(self), self.code, self.params)


def _refusal(kind: type[BadInput], code: str, params: dict[str, Any]) -> BadInput:
    """Return the refusal as it was before it travelled to another process."""
    refusal = kind.__new__(kind)
    BadInput.__init__(refusal, code, **params)
    return refusal


def zone_named(name: str) -> ZoneInfo:
    """Return the zone. Raises BadInput zone_unknown, also for a name that means another zone on another machine."""
    try:
        if name in MACHINES_OWN or name.startswith(("posix/", "right/")):
            raise ValueError(name)
        return ZoneInfo(name)
    except (AttributeError, KeyError, ValueError, TypeError, OSError) as error:
        raise BadInput("zone_unknown", zone=str(name)) from error


def seconds(instant: datetime) -> int:
    """Return the whole seconds since 1970 of an aware datetime; parts of a second are cut. Raises BadInput."""
    try:
        since = instant - EPOCH
    except TypeError as error:
        raise BadInput("instant_without_zone", at=instant.isoformat()) from error
    return since.days * DAY_SECONDS + since.seconds


def at(instant: int) -> datetime:
    """Return the aware UTC datetime of seconds since 1970. Raises BadInput beyond the year 9999."""
    try:
        return EPOCH + timedelta(seconds=instant)
    except OverflowError as error:
        raise BadInput("instant_out_of_range") from error


def local_date(zone: ZoneInfo, instant: datetime) -> date:
    """Return the date of an aware instant in a zone. Raises BadInput instant_out_of_range."""
    try:
        return instant.astimezone(zone).date()
    except OverflowError as error:
        raise BadInput("instant_out_of_range") from error


def day_span(zone: ZoneInfo, day: date) -> Span:
    """Return the first instant of a local date and the instant at which it is over; a skipped date is empty."""
    return _first_from(zone, day, 0), _last_before(zone, day, DAY_MINUTES)


def window_spans(zone: ZoneInfo, day: date, wall: tuple[Window, ...]) -> list[Span]:
    """
    Return the windows of a local date as instants; some may be empty or overlap on a DST night.

    Each runs from the first instant of the date whose wall clock is not before the window's start to just after the
    last instant whose wall clock is before its end: a start in a DST gap moves to the gap's end; of a repeated hour
    the start is the first, the end the last (DOMAIN §3.1 (5)).
    """
    if not wall:
        return []
    ordinal = day.toordinal()
    offset = _noon_offset(zone, ordinal - 1)
    if offset == _noon_offset(zone, ordinal + 1):  # an ordinary day: no zone ever changed twice within two days
        midnight = (ordinal - EPOCH_ORDINAL) * DAY_SECONDS - offset
        return [(midnight + start * 60, midnight + end * 60) for start, end in wall]
    return [(_first_from(zone, day, start), _last_before(zone, day, end)) for start, end in wall]


@lru_cache(maxsize=8192)
def _noon_offset(zone: ZoneInfo, ordinal: int) -> int:
    """Return the zone's offset from UTC, in seconds, at noon of a date."""
    offset = datetime.fromordinal(ordinal).replace(hour=12, tzinfo=zone).utcoffset()
    return offset // SECOND if offset is not None else 0


def _first_from(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return the first instant of the date whose wall clock is at or after `minute`."""
    wall = _wall(day, minute)
    return _gap_end(zone, wall) if _in_gap(zone, wall) else _instant(zone, wall, fold=0)


def _last_before(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return the second just after the last instant of the date whose wall clock is before `minute`."""
    wall = _wall(day, minute) - SECOND
    return _gap_end(zone, wall) if _in_gap(zone, wall) else _instant(zone, wall, fold=1) + 1


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _instant(zone: ZoneInfo, wall: datetime, fold: int) -> int:
    return (wall.replace(tzinfo=zone, fold=fold) - EPOCH) // SECOND


def _in_gap(zone: ZoneInfo, wall: datetime) -> bool:
    """Tell whether the wall time is skipped (PEP 495: then fold 0 lies after fold 1)."""
    return _instant(zone, wall, fold=0) > _instant(zone, wall, fold=1)


def _gap_end(zone: ZoneInfo, wall: datetime) -> int:
    """Return the instant of the change that skips `wall`: the first with the later offset."""
    early, late = _instant(zone, wall, fold=1), _instant(zone, wall, fold=0)
    offset_then = _offset_at(zone, late)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset_at(zone, middle) == offset_then:
            late = middle
        else:
            early = middle
    return late


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    offset = at(instant).astimezone(zone).utcoffset()
    return offset // SECOND if offset is not None else 0
