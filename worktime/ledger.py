"""
The working time of a calendar as one sorted line of spans, with the seconds worked before each. Pure.

A question is two binary searches on it. The line is laid out by whole local years, only those that are asked for, and
calendars of the same content share it. Source: DOMAIN §3.1 (2), (6).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worktime.zones import DAY_SECONDS, BadInput, Span, Window, at, day_span, local_date, window_spans

HORIZON_YEARS = 20  # no clock runs longer
HORIZON = HORIZON_YEARS * 366 * DAY_SECONDS
LONGEST_SPAN_YEARS = 200
FIRST_YEAR, LAST_YEAR = date.min.year + 1, date.max.year - 1
KEPT_LEDGERS = 64  # calendars
KEPT_SPANS = 40_000  # of a calendar, at most 5 MB: some 75 years of office hours

Days = tuple[tuple[date, tuple[Window, ...]], ...]
Week = tuple[tuple[int, tuple[Window, ...]], ...]


class Rule(NamedTuple):
    """
    The content of a calendar, by value: weekday → windows, rest days, dates with their own windows, and in order of
    their dates the weeks that take the place of `weekly` from a date on.
    """

    zone: str
    weekly: Week
    off: frozenset[date]
    exceptions: Days
    weekly_from: tuple[tuple[date, Week], ...] = ()


@dataclass(frozen=True, slots=True)
class Years:
    """The working time of the local years `first` … `last`; true for every instant in [start, end)."""

    first: int
    last: int
    start: int
    end: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def until(self, instant: int) -> int:
        """Return the seconds of these years that lie before `instant`."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]

    def reaching(self, worked: int) -> int:
        """Return the first instant at which `worked` seconds (1 … total) are worked: closing time, not next morning."""
        index = bisect_left(self.before, worked) - 1
        return self.starts[index] + worked - self.before[index]

    def spans(self) -> Iterator[Span]:
        return zip(self.starts, self.ends, strict=True)


class Ledger:
    """What is known of the working time of one calendar; it grows as it is asked, and is shared between threads."""

    def __init__(self, rule: Rule) -> None:
        self._zone = ZoneInfo(rule.zone)
        self._off, self._exceptions = rule.off, dict(rule.exceptions)
        self._weeks = [dict(week) for week in (rule.weekly, *(week for _, week in rule.weekly_from))]
        self._since = [since for since, _ in rule.weekly_from]
        self._known: Years | None = None

    def wall_windows(self, day: date) -> tuple[Window, ...]:
        """Return the windows of a local date, in wall minutes: its own, else none if it is off, else the weekday's."""
        if day in self._exceptions:
            return self._exceptions[day]
        return () if day in self._off else self.usual_windows(day)

    def usual_windows(self, day: date) -> tuple[Window, ...]:
        """Return the windows of the date's weekday in the week that is in force on the date."""
        return self._weeks[bisect_right(self._since, day)].get(day.weekday(), ())

    def worked(self, begin: int, stop: int) -> int:
        """Return the seconds of working time in [begin, stop). Raises BadInput instant_out_of_range, span_too_long."""
        if stop <= begin:
            return 0
        years = self._years(begin, stop)
        return years.until(stop) - years.until(begin)

    def reached(self, begin: int, seconds: int) -> int | None:
        """Return the first instant at which `seconds` are worked since `begin`, None if not within the horizon."""
        years = self._years(begin, begin)
        wanted = years.until(begin) + seconds
        instant = years.reaching(wanted) if wanted <= years.total else self._reached_later(begin, seconds)
        return instant if instant is not None and instant - begin <= HORIZON else None

    def spans(self, begin: int, stop: int) -> list[Span]:
        """Return the working spans that meet [begin, stop), whole."""
        years = self._years(begin, stop)
        low, high = bisect_right(years.ends, begin), bisect_left(years.starts, stop)
        return list(zip(years.starts[low:high], years.ends[low:high], strict=True))

    def _years(self, begin: int, stop: int) -> Years:
        """Return years that are true for both instants, laid out further if need be."""
        known = self._known
        if known is not None and known.start <= begin and stop < known.end:
            return known
        return self._covering(self._year_of(begin - DAY_SECONDS), self._year_of(stop + DAY_SECONDS))

    def _reached_later(self, begin: int, seconds: int) -> int | None:
        """Lay out one year after the other until the rest fits."""
        first = self._year_of(begin - DAY_SECONDS)
        for last in range(self._year_of(begin + DAY_SECONDS), min(first + HORIZON_YEARS + 1, LAST_YEAR) + 1):
            years = self._covering(first, last)
            wanted = years.until(begin) + seconds
            if wanted <= years.total:
                return years.reaching(wanted)
        return None

    def _covering(self, first: int, last: int) -> Years:
        """Return at least these years; keep them unless they are huge."""
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            raise BadInput("instant_out_of_range")
        known = self._known
        if known is not None and known.first <= first and last <= known.last:
            return known
        if last - first > LONGEST_SPAN_YEARS:
            raise BadInput("span_too_long", years=LONGEST_SPAN_YEARS)
        years = self._laid_out(known, first, last)
        if len(years.starts) <= KEPT_SPANS:
            self._known = years
        return years

    def _laid_out(self, known: Years | None, first: int, last: int) -> Years:
        """Return the years, with those of `known` taken over if the two join up within reason."""
        if known is None or max(last, known.last) - min(first, known.first) > LONGEST_SPAN_YEARS:
            return _laid(self._zone, first, last, self._spans(first, last))
        earlier = self._spans(first, known.first - 1)
        later = self._spans(known.last + 1, last)
        spans = chain(earlier, known.spans(), later)
        return _laid(self._zone, min(first, known.first), max(last, known.last), spans)

    def _spans(self, first: int, last: int) -> Iterator[Span]:
        for number in range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1):
            day = date.fromordinal(number)
            yield from window_spans(self._zone, day, self.wall_windows(day))

    def _year_of(self, instant: int) -> int:
        return local_date(self._zone, at(instant)).year


@lru_cache(maxsize=KEPT_LEDGERS)
def ledger_of(rule: Rule) -> Ledger:
    """Return the ledger of a calendar's content, the same for the same content while it is in use."""
    return Ledger(rule)


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the spans, sorted by start, without what an earlier one covers: DST nights can make windows overlap."""
    apart: list[Span] = []
    reach = None
    for start, end in spans:
        if reach is not None and start < reach:
            start = reach
        if start < end:
            apart.append((start, end))
            reach = end
    return apart


def _laid(zone: ZoneInfo, first: int, last: int, spans: Iterable[Span]) -> Years:
    apart = union(spans)
    starts, ends = tuple(start for start, _ in apart), tuple(end for _, end in apart)
    before = tuple(accumulate((end - start for start, end in apart), initial=0))
    # At either end stands what the years themselves settle, even if the clocks go back over midnight at New Year.
    edges = day_span(zone, date(first - 1, 12, 31))[1], day_span(zone, date(last + 1, 1, 1))[0]
    return Years(first, last, *edges, starts, ends, before[:-1], before[-1])
