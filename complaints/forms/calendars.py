"""Forms of a calendar's year: a file, a country, one day; each brings the days of the whole year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import day
from complaints.gates import reason
from complaints.words import say as say_reason
from worktime import csv_days, ical_days, public_days
from worktime.calendars import LONGEST_NAME, BadInput
from worktime.days import Day, Hours, Read, days_of, read_windows
from worktime.explain import Line
from worktime.models import CalendarVersion
from worktime.words import say

SOURCE = _("For example the notice that decreed the days.")


class YearForm(forms.Form):
    """
    The days of a year, from some source. After is_valid(): days, coverage, origin, and left_out (days of other years).
    """

    name = ""

    def __init__(self, base: CalendarVersion, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": f"{self.name}_%s", **kwargs})
        self.base, self.year = base, year
        self.days: tuple[Day, ...] = ()
        self.coverage = base.years.get(str(year), "")
        self.left_out = 0

    @property
    def origin(self) -> str:
        """Return where the days come from."""
        return str(self.cleaned_data.get("source", "")).strip()

    @property
    def makeup(self) -> Hours:
        """Return what gives the hours of a make-up workday."""
        return self.base.as_calendar().makeup_windows

    def refuse(self, why: Line | BadInput) -> None:
        """Add the sentence of what cannot be taken."""
        self.add_error(None, say(why, self.base.calendar.zone))

    def take(self, read: Read) -> None:
        """Keep the days of the year, or each line's error."""
        for error in read.errors:
            self.refuse(error)
        self.days = tuple(one for one in read.days if one.on.year == self.year)
        self.left_out = len(read.days) - len(self.days)
        if not self.days and not read.errors:
            self.add_error(None, _("The file has no day of %(year)s.") % {"year": self.year})


class FileForm(YearForm):
    """A year from a table or a calendar file."""

    name = "file"
    file = forms.FileField(
        label=_("CSV or iCal file"), help_text=_("Columns date, windows, name; or whole-day events.")
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=300, help_text=SOURCE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if file := said.get("file"):
            content = file.read()
            is_ical = b"BEGIN:VCALENDAR" in content[:2000].upper() or file.name.lower().endswith((".ics", ".ical"))
            read = ical_days.read_ical(content, makeup=self.makeup) if is_ical else csv_days.read_csv(content)
            self.take(read)
            self.coverage = "decreed"
        return said

    @property
    def origin(self) -> str:
        return self.cleaned_data.get("source", "").strip() or self.cleaned_data["file"].name


class CountryForm(YearForm):
    """A year as the package holidays knows it."""

    name = "country"
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters, such as CN."))
    subdivision = forms.CharField(
        label=_("Part of the country"), required=False, max_length=10, help_text=_("Its ISO 3166-2 code, such as BY.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("country"):
            return said
        part = said.get("subdivision", "").strip().upper() or None
        try:
            known = public_days.public_days(
                said["country"].strip().upper(), self.year, makeup=self.makeup, subdivision=part
            )
        except BadInput as why:
            self.refuse(why)
            return said
        self.days, self.coverage = known.days, known.coverage
        if not known.coverage:
            self.add_error(None, _("Nothing is known of %(year)s there.") % {"year": self.year})
        return said

    @property
    def origin(self) -> str:
        part = self.cleaned_data.get("subdivision", "")
        return f"holidays: {self.cleaned_data['country'].upper()} {part.upper()}".strip()


class DayForm(YearForm):
    """One day of the year; the others stay."""

    name = "day"
    on = day(_("Date"))
    how = forms.ChoiceField(
        label=_("What it is"),
        choices=[("rest", _("a rest day")), ("hours", _("a day with its own hours")), ("week", _("as its weekday"))],
    )
    hours = forms.CharField(
        label=_("Hours"), required=False, max_length=200, help_text=_("For example 09:00-12:00 13:00-18:00.")
    )
    called = forms.CharField(
        label=_("Name of the day"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Left empty, it keeps the one it has."),
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=300, help_text=SOURCE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        on, how = said.get("on"), said.get("how")
        if on is None or how is None:
            return said
        if on.year != self.year:
            self.add_error("on", _("Give a date of %(year)s.") % {"year": self.year})
            return said
        base = self.base
        known = {one.on: one for one in days_of(base.off, base.exceptions, self.year, base.names)}
        before = known.pop(on, Day(on))
        try:
            windows = read_windows(said.get("hours", "")) if how == "hours" else ()
        except BadInput as why:
            self.add_error("hours", say(why, self.base.calendar.zone))
            return said
        if how == "hours" and not windows:
            self.add_error("hours", _("Give the hours."))
        name = said.get("called", "").strip()
        day = Day(on, windows, name) if name else replace(before, windows=windows)
        self.days = (*known.values(), *([] if how == "week" else [day]))
        return said


class ConfirmForm(forms.Form):
    """What was shown, sent back: the days as a table, and the version that they were compared with."""

    days = forms.CharField(max_length=500_000, strip=False)  # a year without any still has its heads
    version = forms.IntegerField()
    coverage = forms.ChoiceField(
        required=False, choices=[(code, code) for code in ("", "decreed", "statutory", "estimated", "none")]
    )
    source = forms.CharField(required=False, max_length=400)

    def __init__(self, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_days(self) -> tuple[Day, ...]:
        text = self.cleaned_data["days"]
        read = csv_days.read_csv(text.encode()) if text.strip() else Read()
        if read.errors:
            raise forms.ValidationError(say(read.errors[0], "UTC"))
        if strangers := [one.on for one in read.days if one.on.year != self.year]:
            raise forms.ValidationError(say_reason(reason("calendar_days_elsewhere", on=strangers[0], year=self.year)))
        return read.days


FORMS: dict[str, type[YearForm]] = {form.name: form for form in (FileForm, CountryForm, DayForm)}
