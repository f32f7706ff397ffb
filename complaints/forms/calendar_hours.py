"""Forms of a calendar itself: its weekly hours from a date on, a new one, and what it is called."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.calendars import CODE
from complaints.forms.base import day, line
from complaints.gates import reason
from complaints.words import say as say_reason
from worktime.calendars import BadInput, Window, zone_named
from worktime.days import read_windows
from worktime.models import CalendarVersion
from worktime.public_days import EARLIEST, LATEST, PublicDays, public_days
from worktime.weeks import WEEK
from worktime.words import say

NAME = pgettext_lazy("of a calendar or a day", "Name")
OFFICE = ("09:00-12:00 13:00-18:00",) * 5
CONTINENTS = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


class WeekForm(forms.Form):
    """The windows of the seven weekdays, from Monday. After is_valid(): `week`, weekday → windows."""

    names_errors = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.week: dict[int, tuple[Window, ...]] = {}
        for weekday in WEEK:
            self.fields[f"day{weekday}"] = forms.CharField(label=WEEKDAYS[weekday], required=False, max_length=600)

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day{weekday}"] for weekday in WEEK]

    @property
    def others(self) -> list[forms.BoundField]:
        """Return the fields besides those of the week."""
        return [field for field in self.visible_fields() if field not in self.weekdays]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for weekday in WEEK:
            name = f"day{weekday}"
            try:
                self.week[weekday] = read_windows(said.get(name, ""))
            except BadInput as why:
                self.add_error(name, _why(why, weekday))
        if not any(self.week.values()) and not any(self.has_error(f"day{weekday}") for weekday in WEEK):
            self.add_error(None, say(BadInput("calendar_without_windows"), "UTC"))
        return said


class HoursForm(WeekForm):
    """Other weekly hours from a date on."""

    since = day(_("From this date on"))
    source = line(_("Source"), required=False, hint=_("For example the works agreement or the notice."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, base: CalendarVersion, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base, self.today = base, today

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise forms.ValidationError(say_reason(reason("hours_past", since=since, today=self.today)))
        if since.year > LATEST:
            raise forms.ValidationError(_("Give a date up to the year %(year)s.") % {"year": LATEST})
        return since


class NewCalendarForm(WeekForm):
    """A calendar that is not there yet. After is_valid(): `years`, the public holidays to begin with."""

    code = line(
        _("Code"), most=40, hint=_("Capital letters, digits and hyphens, such as DE-BER. It never changes.")
    )  # fmt: skip
    name = line(NAME, most=200)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("An IANA name, such as Asia/Shanghai. It never changes: another zone is another calendar."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    country = line(_("Country"), required=False, most=2, hint=_("Two letters, such as CN."))
    subdivision = line(
        _("Part of the country"), required=False, most=10, hint=_("Its ISO 3166-2 code, such as BY.")
    )  # fmt: skip
    holidays = forms.MultipleChoiceField(
        label=_("Begin with the public holidays of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the country above. Others, and other years, can be loaded later."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, this_year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years: list[PublicDays] = []
        chosen: Any = self.fields["holidays"]
        chosen.choices = [(str(year), str(year)) for year in (this_year, this_year + 1) if EARLIEST <= year <= LATEST]
        for weekday, hours in enumerate(OFFICE):
            self.fields[f"day{weekday}"].initial = hours

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(say_reason(reason("calendar_code_malformed")))
        return code

    def clean_country(self) -> str:
        return country_of(self.cleaned_data["country"])

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        try:
            zone_named(zone)
        except BadInput as why:
            raise forms.ValidationError(say(why, "UTC")) from why
        return zone

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        years, country = said.get("holidays") or [], said.get("country")
        if years and country == "":
            self.add_error("country", _("Name the country whose public holidays are to be loaded."))
        if years and country and any(self.week.values()):
            self._load(country, said.get("subdivision", ""), [int(year) for year in years])
        return said

    def _load(self, country: str, subdivision: str, years: list[int]) -> None:
        part = subdivision.strip().upper() or None
        try:
            found = [public_days(country, year, makeup=self._makeup, subdivision=part) for year in years]
        except BadInput as why:
            self.add_error("country" if why.code == "country_unknown" else "subdivision", say(why, "UTC"))
            return
        for known in found:
            if not known.coverage:
                self.add_error("holidays", _("Nothing is known of %(year)s there.") % {"year": known.year})
        self.years = [known for known in found if known.coverage]

    def _makeup(self, on: date) -> tuple[Window, ...]:
        return next(self.week[weekday] for weekday in WEEK if self.week.get(weekday))


class DescribeForm(forms.Form):
    """What a calendar is called and for."""

    name = line(NAME, most=200)
    country = line(_("Country"), required=False, most=2, hint=_("Two letters, such as CN."))
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_country(self) -> str:
        return country_of(self.cleaned_data["country"])


def country_of(text: str) -> str:
    """Return the two letters of a country, or nothing. Raises ValidationError."""
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise forms.ValidationError(_("Write the country with two letters, such as CN."))
    return code


def zones() -> list[str]:
    """Return the zones to choose from: those of places, and UTC."""
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(CONTINENTS))]


def _why(why: BadInput, weekday: int) -> str:
    """Return what is wrong with the hours of a weekday; of a night shift, how it is split."""
    start, end = why.params.get("start", ""), why.params.get("end", "")
    if why.code != "window_backwards" or end >= start:
        return say(why, "UTC")
    if end == "00:00":
        return str(_("The window from %(start)s ends at 00:00. Write 24:00 for the end of the day.") % {"start": start})
    return str(
        _(
            "The window from %(start)s to %(end)s crosses midnight. Write %(start)s-24:00 on %(day)s and "
            "00:00-%(end)s on %(next)s."
        )
        % {"start": start, "end": end, "day": WEEKDAYS[weekday], "next": WEEKDAYS[(weekday + 1) % 7]}
    )
