"""A year of a work calendar at a glance: what each day is, by shape and letter, and how many are working days."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from worktime.calendars import Calendar, Window
from worktime.days import write_windows
from worktime.words import say_name

ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a date is."""

    WORK = "work"
    WEEKEND = "weekend"  # the week has no hours on it
    HOLIDAY = "holiday"
    MAKEUP = "makeup"  # works although its weekday does not
    OWN = "own"  # other hours than its weekday


LETTERS = {
    DayKind.WORK: "",
    DayKind.WEEKEND: "",
    DayKind.HOLIDAY: pgettext_lazy("mark of a day: holiday", "H"),
    DayKind.MAKEUP: pgettext_lazy("mark of a day: make-up workday", "M"),
    DayKind.OWN: pgettext_lazy("mark of a day: own hours", "½"),
}
WORDS = {
    DayKind.WORK: _("working day"),
    DayKind.WEEKEND: _("weekly day off"),
    DayKind.HOLIDAY: _("rest day"),
    DayKind.MAKEUP: _("make-up workday"),
    DayKind.OWN: _("own hours"),
}


class Cell(NamedTuple):
    """One date of the grid; `hours` as people write windows, `name` what the date is called, if it is."""

    on: date
    kind: DayKind
    hours: str
    name: str = ""

    @property
    def letter(self) -> str:
        return str(LETTERS[self.kind])

    @property
    def words(self) -> str:
        return str(WORDS[self.kind])


class Month(NamedTuple):
    """A month in weeks from Monday; days of its neighbours are None."""

    first: date
    weeks: list[list[Cell | None]]
    workdays: int


def months_of(calendar: Calendar, year: int) -> list[Month]:
    """Return the twelve months of a year."""
    return [_month(calendar, year, number) for number in range(1, 13)]


def _month(calendar: Calendar, year: int, number: int) -> Month:
    weeks = [
        [cell_of(calendar, on) if on.month == number else None for on in week]
        for week in Weeks().monthdatescalendar(year, number)
    ]
    workdays = sum(bool(cell and cell.hours) for week in weeks for cell in week)
    return Month(date(year, number, 1), weeks, workdays)


class Stretch(NamedTuple):
    """Neighbouring dates that are the same and are called the same."""

    first: date
    last: date
    cell: Cell

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def stretches_of(calendar: Calendar, days: Iterable[date]) -> list[Stretch]:
    """Return the given dates, which come in order, neighbours of one sort as one."""
    found: list[Stretch] = []
    for on in days:
        cell = cell_of(calendar, on)
        if found and found[-1].last + ONE_DAY == on and found[-1].cell[1:] == cell[1:]:
            found[-1] = found[-1]._replace(last=on)
        else:
            found.append(Stretch(on, on, cell))
    return found


def cell_of(calendar: Calendar, on: date) -> Cell:
    """Return what a date is in a calendar."""
    windows, usual = calendar.wall_windows(on), calendar.usual_windows(on)
    name = say_name(calendar.names[on]) if on in calendar.names else ""
    return Cell(on, _kind(calendar, on, windows, usual), write_windows(windows), name)


def _kind(calendar: Calendar, on: date, windows: Iterable[Window], usual: tuple[Window, ...]) -> DayKind:
    windows = tuple(windows)
    if not windows:
        return DayKind.HOLIDAY if usual or on in calendar.off or on in calendar.exceptions else DayKind.WEEKEND
    if not usual:
        return DayKind.MAKEUP
    return DayKind.WORK if windows == usual else DayKind.OWN
