"""
The days of a year that differ from its weeks: rest days, make-up workdays, half days.

Pure; csv_days and ical_days read and write them, public_days brings those of a country.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from worktime.calendars import (
    LONGEST_NAME,
    MOST_WINDOWS,
    BadInput,
    DayName,
    Window,
    checked_windows,
    read_name,
    read_time,
    wall_text,
)
from worktime.explain import Line

LARGEST_FILE = 1_000_000  # bytes
MOST_DAYS = 4_000  # ten years of days off, and more
MOST_ERRORS = 100
WORDS_FOR_REST = {"", "-", "off", "rest", "休", "休息", "放假"}
BETWEEN_TIMES = re.compile(r"\s*(?:[-–—~〜至]|to)\s*")
BETWEEN_WINDOWS = re.compile(r"[\s,;、/+&]+")
ONE_DIGIT_HOUR = re.compile(r"\d:\d\d", re.ASCII)

Hours = Callable[[date], tuple[Window, ...]]  # the windows of a make-up workday on a date


@dataclass(frozen=True)
class Day:
    """
    A date with its own windows, in wall minutes; a rest day has none. `name` is what people call it, `name_zh` what it
    is in Chinese where both are known.
    """

    on: date
    windows: tuple[Window, ...] = ()
    name: str = ""
    name_zh: str = ""


@dataclass(frozen=True)
class Read:
    """What a file holds: its days in order, and a line with its number and the mend for all that cannot be read."""

    days: tuple[Day, ...] = ()
    errors: tuple[Line, ...] = ()


@dataclass
class Reading:
    """A file that is being read; `firsts` is where each date was seen."""

    days: dict[date, Day] = field(default_factory=dict)
    errors: list[Line] = field(default_factory=list)
    firsts: dict[date, int] = field(default_factory=dict)

    def take(self, line: int, day: Day) -> None:
        """Keep the day; one that was given with other windows is an error, one given twice alike is not."""
        if max(len(day.name), len(day.name_zh)) > LONGEST_NAME:
            self.refuse(line, BadInput("name_too_long", most=LONGEST_NAME))
            return
        known = self.days.setdefault(day.on, day)
        if known.windows != day.windows:
            self.refuse(line, BadInput("day_twice", date=day.on, first=self.firsts[day.on]))
        self.firsts.setdefault(day.on, line)
        if len(self.days) > MOST_DAYS:
            raise BadInput("days_too_many", most=MOST_DAYS)

    def refuse(self, line: int, why: BadInput) -> None:
        """Note why a line cannot be read. Raises BadInput errors_too_many."""
        self.errors.append(Line("line_refused", {"line": line, "why": Line(why.code, why.params)}))
        if len(self.errors) >= MOST_ERRORS:
            raise BadInput("errors_too_many", most=MOST_ERRORS)

    def over(self) -> Read:
        return Read(tuple(self.days[on] for on in sorted(self.days)), tuple(self.errors))


def text_of(content: bytes) -> str:
    """
    Return the text of a file: UTF-8 with or without a mark, or UTF-16 with one, as spreadsheets write it.

    Raises BadInput file_too_large, file_empty, file_not_utf8 (with the line of the first byte that does not fit).
    """
    if len(content) > LARGEST_FILE:
        raise BadInput("file_too_large", most=LARGEST_FILE // 1_000_000)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("file_not_utf8", line=1 if wide else content.count(b"\n", 0, error.start) + 1) from error
    if "\0" in text:
        raise BadInput("file_not_utf8", line=text.count("\n", 0, text.index("\0")) + 1)
    if not text.strip():
        raise BadInput("file_empty")
    return text


def plain(text: str) -> str:
    """Return the text with full-width digits and signs in their plain form, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def read_windows(text: str) -> tuple[Window, ...]:
    """
    Return the windows written as “09:00-12:00 13:00-18:00”; nothing, “off” and 休 are a rest day.

    Raises BadInput: time_malformed, window_malformed, window_backwards, windows_overlap, windows_too_many.
    """
    text = BETWEEN_TIMES.sub("-", plain(text).lower()) if plain(text) != "-" else ""
    if text in WORDS_FOR_REST:
        return ()
    spans = [span for span in BETWEEN_WINDOWS.split(text) if span]
    if len(spans) > MOST_WINDOWS:
        raise BadInput("windows_too_many", count=len(spans), most=MOST_WINDOWS)
    return checked_windows(_window(span) for span in spans)


def write_windows(windows: Iterable[Window]) -> str:
    """Return windows as read_windows reads them."""
    return " ".join(f"{wall_text(start)}-{wall_text(end)}" for start, end in windows)


def days_of(
    off: Sequence[str], exceptions: Mapping[str, Any], year: int, names: Mapping[str, Any] | None = None
) -> tuple[Day, ...]:
    """Return the days of a year from the `off`, `exceptions` and `names` of a CalendarVersion, in order."""
    called = {on: read_name(name) for on, name in (names or {}).items()}
    windows: dict[str, tuple[Window, ...]] = dict.fromkeys(off, ())
    for on, own in exceptions.items():
        windows[on] = tuple((read_time(start), read_time(end)) for start, end in own)
    days = (Day(date.fromisoformat(on), own, *called.get(on, DayName(""))) for on, own in sorted(windows.items()))
    return tuple(day for day in days if day.on.year == year)


def with_days(
    off: Sequence[str], exceptions: Mapping[str, Any], year: int, days: Iterable[Day]
) -> tuple[list[str], dict[str, Any]]:
    """Return `off` and `exceptions` of a CalendarVersion with those days for the year, in place of all it had."""
    these = [day for day in days if day.on.year == year]
    kept = [on for on in off if date.fromisoformat(on).year != year]
    own = {on: windows for on, windows in exceptions.items() if date.fromisoformat(on).year != year}
    own |= {
        day.on.isoformat(): [[wall_text(start), wall_text(end)] for start, end in day.windows]
        for day in these
        if day.windows
    }
    return sorted([*kept, *(day.on.isoformat() for day in these if not day.windows)]), dict(sorted(own.items()))


def with_names(names: Mapping[str, Any], year: int, days: Iterable[Day]) -> dict[str, Any]:
    """Return the `names` of a CalendarVersion with those of the days for the year, in place of all it had."""
    kept = {on: name for on, name in names.items() if date.fromisoformat(on).year != year}
    named = (day for day in days if day.on.year == year and (day.name or day.name_zh))
    new = {day.on.isoformat(): [day.name, day.name_zh] if day.name_zh else day.name for day in named}
    return dict(sorted((kept | new).items()))


def _window(span: str) -> Window:
    start, dash, end = span.partition("-")
    if not dash:
        raise BadInput("window_malformed", window=span)
    return read_time(_two_digits(start)), read_time(_two_digits(end))


def _two_digits(text: str) -> str:
    return "0" + text if ONE_DIGIT_HOUR.fullmatch(text) else text
